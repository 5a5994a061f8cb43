"""Makes Acme's plugin look installed, as `pip install` would leave it, for its own tests only."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ACME = Path(__file__).parent / "cskit_acme"


@pytest.fixture(autouse=True)
def _acme_installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tomllib.loads((ACME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    site = tmp_path_factory.mktemp("site-packages")
    info = site / f"cskit_acme-{project['version']}.dist-info"
    info.mkdir()
    (name, module), *_ = project["entry-points"]["cskit.plugins"].items()
    (info / "entry_points.txt").write_text(f"[cskit.plugins]\n{name} = {module}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(ACME))
    monkeypatch.syspath_prepend(str(site))
