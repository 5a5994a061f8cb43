# Every target does its own set-up: Python 3.11 or newer with venv, and make, are all that is needed.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/ready

.PHONY: demo test lint format messages bench faults clean

demo: $(READY)
	@$(BIN)/cskit demo

test: $(READY)
	TMPDIR=$$(test -w /dev/shm && echo /dev/shm || echo $${TMPDIR:-/tmp}) $(BIN)/python -m pytest -n 2

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

# make bench QUICK=--quick takes a minute; BENCH=--write puts the table into docs/benchmarks.md
bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check sqlite-utils duckdb
	$(BIN)/python benchmarks/compare.py $(QUICK) $(BENCH)
	test -n "$(QUICK)" || $(BIN)/python benchmarks/start.py
	test -n "$(QUICK)" || $(BIN)/python benchmarks/batch.py
	test -n "$(QUICK)" || $(BIN)/python benchmarks/grading.py

# make faults SCALE=nightly ONLY="D1 D3" TRIALS=5 WRITE=--write
SCALE = often
faults: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check sqlite-utils
	$(BIN)/python -m tests.faults --peers --scale $(SCALE) $(if $(TRIALS),--trials $(TRIALS)) $(WRITE) $(ONLY)

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "cskit needs Python 3.11 or newer: install it, or make PYTHON=/path/to/python3"; exit 1; }
	@echo "setting up $(VENV) (once; again when pyproject.toml changes) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist
