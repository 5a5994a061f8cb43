# Every target does its own set-up: Python 3.11 or newer with venv, and make, are all that is needed.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/ready

.PHONY: demo test lint format messages bench clean

demo: $(READY)
	@$(BIN)/cskit demo

test: $(READY)
	$(BIN)/python -m pytest -n 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(READY)
	$(BIN)/python scripts/messages.py

bench: $(READY)
	$(BIN)/python benchmarks/start.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check sqlite-utils duckdb
	$(BIN)/python benchmarks/records.py
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/grading.py

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "cskit needs Python 3.11 or newer: install it, or make PYTHON=/path/to/python3"; exit 1; }
	@echo "setting up $(VENV) (once; again when pyproject.toml changes) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist
