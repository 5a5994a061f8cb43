"""What is measured: for each task, what a user types at cskit, sqlite-utils, jq and stock TinyDB."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from population import INSERT, Place

Line = list[str]
_TINY = """
import sys
from tinydb import TinyDB, where
table = TinyDB(sys.argv[1], encoding="utf-8", ensure_ascii=False).table("customers")
"""
_OUT = "import json\nfor one in found:\n    print(json.dumps(one, ensure_ascii=False))\n"


class Tools(NamedTuple):
    """The programs that are compared; jq is "" where it is not installed."""

    cskit: str
    sqlite_utils: str
    jq: str


class Task(NamedTuple):
    """One row: what is done, a goal for each contestant, and each one's command line for a turn."""

    what: str
    goals: dict[str, float]
    lines: Callable[[Tools, Place, int], dict[str, Line]]


def _python(code: str, *arguments: str) -> Line:
    return [sys.executable, "-c", code, *arguments]


def _tiny(to: Place, code: str, *arguments: str) -> Line:
    return _python(_TINY + code, str(to.tinydb), *arguments)


def _ours(tools: Tools, to: Place, *words: str) -> Line:
    return [tools.cskit, *words, "--data", str(to.folder)]


def _add(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    one = to.csv.with_name(f"one{turn}.json")
    one.write_text(json.dumps({"key": f"new{turn}", "name": "张三"}), encoding="utf-8")
    return {
        "cskit": _ours(tools, to, "customer", "add", "张三"),
        "sqlite-utils": [
            tools.sqlite_utils,
            "upsert",
            str(to.database),
            "customers",
            str(one),
            "--pk",
            "key",
        ],
        "TinyDB": _tiny(to, "table.insert({'name': '张三'})"),
    }


def _change(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    middle = to.count // 2
    sql = f"update customers set owner = 'S-{turn}' where key = 'K{middle}'"  # noqa: S608 - of our own making
    return {
        "cskit": _ours(tools, to, "customer", "set", f"C-{middle + 1:06d}", f"owner=S-{turn}"),
        "sqlite-utils": [tools.sqlite_utils, "query", str(to.database), sql],
        "TinyDB": _tiny(to, f"table.update({{'owner': 'S-{turn}'}}, where('key') == 'K{middle}')"),
    }


def _get(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    key = f"K{to.count // 2 + turn}"
    own = f"C-{to.count // 2 + turn + 1:06d}"
    return {
        "cskit": _ours(tools, to, "customer", "show", own, "-o", "json"),
        "sqlite-utils": [
            tools.sqlite_utils,
            "rows",
            str(to.database),
            "customers",
            "--where",
            f"key = '{key}'",
        ],
        "jq": [tools.jq, "-c", f'select(.key == "{key}")', str(to.lines)],
        "TinyDB": _tiny(to, f"found = [table.get(where('key') == '{key}')]\n{_OUT}"),
    }


def _import(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    new = place_beside(to, "new")
    for path in (new.folder, new.database, new.tinydb):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    insert = [
        tools.sqlite_utils,
        "insert",
        str(new.database),
        "customers",
        str(to.csv),
        "--csv",
        "--pk",
        "key",
    ]
    return {
        "cskit": _ours(tools, new, "-q", "customer", "import", str(to.csv)),
        "sqlite-utils": insert,
        "TinyDB": _python(INSERT, str(to.csv), str(new.tinydb)),
    }


def place_beside(to: Place, name: str) -> Place:
    """Return places beside those of a population."""
    return to._replace(
        folder=to.folder.with_name(f"{name}-data"),
        database=to.database.with_name(f"{name}.db"),
        tinydb=to.tinydb.with_name(f"{name}.json"),
    )


def _filter(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    sql = "region = '华东' and owner = 'S-005'"
    chosen = 'select(.region == "华东" and .owner == "S-005")'
    tiny = "found = table.search((where('region') == '华东') & (where('owner') == 'S-005'))\n"
    ours = 'region == "华东" and owner == "S-005"'
    return {
        "cskit": _ours(tools, to, "customer", "list", "--where", ours, "-o", "jsonl"),
        "sqlite-utils": [tools.sqlite_utils, "rows", str(to.database), "customers", "--nl", "--where", sql],
        "jq": [tools.jq, "-c", chosen, str(to.lines)],
        "TinyDB": _tiny(to, tiny + _OUT),
    }


def _count(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    sql = "select region, count(*) from customers group by region"
    program = "reduce inputs as $one ({}; .[$one.region] += 1)"
    tiny = "from collections import Counter\nprint(Counter(one.get('region') for one in table))"
    return {
        "cskit": _ours(tools, to, "customer", "count", "--by", "region", "-o", "json"),
        "sqlite-utils": [tools.sqlite_utils, "query", str(to.database), sql],
        "jq": [tools.jq, "-n", program, str(to.lines)],
        "TinyDB": _tiny(to, tiny),
    }


def _update(tools: Tools, to: Place, turn: int) -> dict[str, Line]:
    sql = f"update customers set postcode = 'P{turn}' where industry = '行业7'"  # noqa: S608 - of our own making
    tiny = f"table.update({{'postcode': 'P{turn}'}}, where('industry') == '行业7')"
    ours = ("customer", "set", "--where", 'industry == "行业7"', f"postcode=P{turn}", "--yes")
    return {
        "cskit": _ours(tools, to, "-q", *ours),
        "sqlite-utils": [tools.sqlite_utils, "query", str(to.database), sql],
        "TinyDB": _tiny(to, tiny),
    }


TASKS = (
    Task("add one", {"sqlite-utils": 0.45, "TinyDB": 0.03}, _add),
    Task("change one", {"sqlite-utils": 0.5, "TinyDB": 0.05}, _change),
    Task("get one by id", {"sqlite-utils": 0.5, "jq": 0.1}, _get),
    Task("import CSV, validated", {"sqlite-utils": 0.6}, _import),
    Task("filter to JSON lines", {"sqlite-utils": 1.0, "jq": 0.2, "TinyDB": 0.15}, _filter),
    Task("group and count", {"sqlite-utils": 1.0, "jq": 0.15}, _count),
    Task("update 1 % by filter", {"sqlite-utils": 1.5, "TinyDB": 0.15}, _update),
)
MEMORY_GOAL = 0.1
"""Of stock TinyDB's memory, what a filter may need."""


def tools() -> Tools:
    """Return the installed programs; ends where sqlite-utils is missing."""
    import sysconfig

    scripts = Path(sysconfig.get_path("scripts"))
    if not (scripts / "sqlite-utils").exists():
        sys.exit("sqlite-utils is not installed beside cskit: pip install sqlite-utils")
    return Tools(str(scripts / "cskit"), str(scripts / "sqlite-utils"), shutil.which("jq") or "")
