"""D8: files of every bad form, as a table, as the history, as what is imported, as settings."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

from tests.faults import sample
from tests.faults.command import Outcome, run
from tests.faults.tally import Fault, Tally, Trial
from tests.faults.witness import look

Bend = Callable[[bytes], bytes]
ROW = '{"name":"张三"}\n'
HEAD = "name,phone,amount\n"


def _first(old: bytes, new: bytes) -> Bend:
    return lambda data: data.replace(old, new, 1)


TABLES: dict[str, Bend] = {
    "empty": lambda data: b"",
    "spaces only": lambda data: b" \n \n",
    "cut in a document": lambda data: data[: len(data) // 2],
    "cut in the last line": lambda data: data[:-20],
    "zeros": lambda data: bytes(len(data)),
    "zeros at the end": lambda data: data[:-200] + bytes(200),
    "zeros inside": lambda data: data[:300] + bytes(50) + data[350:],
    "not UTF-8": _first("客户".encode(), b"\xbf\xcd\xbb\xa7"),
    "UTF-16": lambda data: codecs.BOM_UTF16_LE + data.decode().encode("utf-16-le"),
    "NaN": _first(b'"name":', b'"n":NaN,"name":'),
    "Infinity": _first(b'"name":', b'"n":-Infinity,"name":'),
    "a key twice": _first(b'"name":', b'"name":"x","name":'),
    "a document twice": lambda data: data.replace(b'\n"2":', b'\n"1":', 1),
    '"1" and "01"': lambda data: data.replace(b'\n"2":', b'\n"01":', 1),
    "a negative number": lambda data: data.replace(b'\n"2":', b'\n"-2":', 1),
    "a word as number": lambda data: data.replace(b'\n"2":', b'\n"two":', 1),
    "a number of 5 000 digits": _first(b'"name":', b'"n":' + b"9" * 5000 + b',"name":'),
    "an exponent of 400 000 000": _first(b'"name":', b'"n":1e400000000,"name":'),
    "100 000 deep": _first(b'"name":', b'"n":' + b"[" * 100_000 + b"]" * 100_000 + b',"name":'),
    "65 deep": _first(b'"name":', b'"n":' + b"[" * 65 + b"]" * 65 + b',"name":'),
    "half a surrogate pair": _first(b'"name":"', b'"name":"\\ud83d'),
    "U+0000": _first(b'"name":"', b'"name":"\\u0000'),
    "a list": lambda data: b"[1, 2]",
    "a text": lambda data: b'"customers"',
    "documents that are none": lambda data: b'{"customers": {"1": 5}}',
    "tables that are none": lambda data: b'{"customers": [1]}',
    "two texts in one": lambda data: data + data,
    "words after the end": lambda data: data + b"the end\n",
    "a picture": lambda data: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "an archive": lambda data: b"PK\x03\x04" + bytes(range(256)) * 20,
}
HISTORIES: dict[str, Bend] = {
    "zeros inside": lambda data: data[:200] + bytes(100) + data[300:],
    "a byte flipped": lambda data: data[:150] + bytes([data[150] ^ 1]) + data[151:],
    "the first line gone": lambda data: data[data.index(b"\n") + 1 :],
    "a line gone": lambda data: b"\n".join(
        line for place, line in enumerate(data.split(b"\n")) if place != 2
    ),
    "another's entry": lambda data: data.replace(b'"prev":""', b'"prev":"00"', 1),
    "a byte order mark": lambda data: codecs.BOM_UTF8 + data,
    "Windows line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "a picture": lambda data: b"\x89PNG\r\n\x1a\n" + data,
}
JSONL = {
    "NaN": '{"name":"张三","potential_volume":NaN}\n',
    "a key twice": '{"name":"a","name":"b"}\n',
    "5 000 digits": f'{{"name":"a","usage_depth":{"9" * 5000}}}\n',
    "100 000 deep": f'{{"name":{"[" * 100_000}{"]" * 100_000}}}\n',
    "half a surrogate pair": '{"name":"\\ud83d"}\n',
    "U+0000": '{"name":"a\\u0000b"}\n',
    "a list": "[1,2]\n",
    "cut": ROW + '{"name":"李',
    "an unknown field": '{"name":"a","colour":"red"}\n',
    "a number as name": '{"name":7}\n',
    "a wrong date": '{"name":"a","founded":"2026-02-30"}\n',
    "an unknown choice": '{"name":"a","kind":"planet"}\n',
    "out of range": '{"name":"a","usage_depth":101}\n',
    "no name": '{"phone":"13800000001"}\n',
    "a name of spaces": '{"name":"   "}\n',
    "an exponent": '{"name":"a","potential_volume":1e400000000}\n',
}
CSV = {
    "empty": b"",
    "only spaces": b" \n\n",
    "a heading twice": b"name,name\na,b\n",
    "no known heading": b"colour,size\nred,1\n",
    "too many cells": b"name,phone\na,1,2,3\n",
    "a quote that never ends": b'name,note\na,"' + b"x" * 2_000_000,
    "a cell of 2 MB": b"name,note\na," + b"x" * 2_000_000 + b"\n",
    "not any encoding": b"name\n\xff\xfe\xff\xff\xfa\n",
    "zeros": bytes(4096),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "an archive": b"PK\x03\x04" + bytes(range(256)) * 20,
    "U+0000": b"name\na\x00b\n",
    "no name": b"name,phone\n,13800000001\n",
    "a wrong number": b"name,usage_depth\na,many\n",
    "a wrong date": b"name,founded\na,30.02.2026\n",
    "an unknown customer of an order": b"customer,date\nC-999999,2026-11-22\n",
    "10 001 columns": b",".join(b"c%d" % n for n in range(10_001)) + b"\n" + b"1," * 10_000 + b"1\n",
}
GOOD_CSV = {
    "a byte order mark": codecs.BOM_UTF8 + "name\n张三\n".encode(),
    "Windows line ends": "name\r\n张三\r\n".encode(),
    "mixed line ends": "name\r\n张三\n李四\r\n王五\r".encode(),
    "no last line end": "name\n张三".encode(),
    "GB18030": "客户名称\n张三\n".encode("gb18030"),
    "quotes and line ends in cells": 'name,note\n张三,"a ""b""\nc"\n'.encode(),
}
SETTINGS = {
    "not TOML": "zone = [",
    "an unknown zone": 'zone = "Mars/Olympus"\n',
    "a wrong type": "zone = 7\n",
    "an unknown setting": 'colour = "red"\n',
    "staff that is none": "staff = 5\n",
    "not UTF-8": b'zone = "\xff"\n',
    "deep": "a = " + "[" * 2000 + "]" * 2000 + "\n",
}


def as_table(trial: Trial) -> Tally:
    """Read, change and verify a department whose table of customers is bent."""
    tally, base = Tally(), sample.department(trial.place)
    for name, bend in TABLES.items():
        folder = sample.copy(base, trial.place / "bent")
        path = folder / "customers.json"
        bent = bend(path.read_bytes())
        path.write_bytes(bent)
        for words in (("customer", "list", "-o", "jsonl"), ("customer", "set", "C-000001", "note=x")):
            _refused(tally, f"table, {name}", run(folder, *words), (4, 5, 7), path)
        checked = run(folder, "data", "verify")
        tally.expect(checked.code == 7 and "customers.json" in checked.out + checked.err, "not found", name)
        tally.expect(path.read_bytes() == bent, "changed", f"table, {name}: its bytes")
        tally.trials += 1
    return tally


def as_history(trial: Trial) -> Tally:
    """Read, change and verify a department whose history is bent."""
    tally, base = Tally(), sample.department(trial.place)
    for name, bend in HISTORIES.items():
        folder = sample.copy(base, trial.place / "bent")
        path = folder / "history.jsonl"
        bent = bend(path.read_bytes())
        path.write_bytes(bent)
        checked = run(folder, "data", "verify")
        tally.expect(
            checked.code == 7 and not checked.traced, "not found", f"history, {name}: {checked.told()}"
        )
        undone = run(folder, "undo", "1", "--yes")
        tally.expect(
            undone.code in (1, 3, 4, 7) and not undone.traced, "exit code", f"{name}: {undone.told()}"
        )
        tally.expect(path.read_bytes() == bent, "changed", f"history, {name}: its bytes")
        tally.trials += 1
    return tally


def as_import(trial: Trial) -> Tally:
    """Import bad files: nothing is saved, and all that is wrong is named with its line."""
    tally, base = Tally(), sample.department(trial.place)
    folder = sample.copy(base, trial.place / "importing")
    before = look(folder)
    bad = {f"{name}.jsonl": text.encode() for name, text in JSONL.items()}
    bad |= {f"{name}.csv": data for name, data in CSV.items()}
    bad |= {f"{name}.xlsx": data for name, data in CSV.items() if name in ("empty", "zeros", "a picture")}
    for number, (name, data) in enumerate(bad.items()):
        path = trial.place / f"import-{number}{Path(name).suffix}"
        path.write_bytes(data)
        noun = ("customer", "order") if "of an order" in name else ("customer",)
        done = run(folder, *noun, "import", str(path))
        _refused(tally, f"import, {name}", done, (2, 5), None)  # 2: a column that is none
        tally.trials += 1
    tally.expect(look(folder) == before, "changed", "a refused import changed something")
    for name, data in GOOD_CSV.items():
        path = trial.place / "good.csv"
        path.write_bytes(data)
        done = run(folder, "customer", "import", str(path))
        tally.expect(done.code == 0, "refused", f"{name}: {done.told()}")
        tally.trials += 1
    held = [one.get("note") for one in look(folder).tables["customers"].values()]
    tally.expect('a "b"\nc' in held, "changed", "quotes and line ends in a cell")
    return tally


def as_settings(trial: Trial) -> Tally:
    """Start with bad settings: one line that names the file, and nothing done."""
    tally, base = Tally(), sample.department(trial.place)
    for name, text in SETTINGS.items():
        folder = sample.copy(base, trial.place / "set")
        data = text if isinstance(text, bytes) else text.encode()
        (folder / "cskit.toml").write_bytes(data)
        done = run(folder, "customer", "add", "张三")
        _refused(tally, f"settings, {name}", done, (2, 5, 7), folder / "cskit.toml")
        tally.trials += 1
    return tally


def _refused(tally: Tally, what: str, done: Outcome, codes: tuple[int, ...], named: Path | None) -> None:
    what = f"{what}: {done.told()}"
    tally.expect(done.code in codes, "exit code", what)
    tally.expect(not done.traced and done.seconds < 60, "traceback", what)
    tally.expect(max((len(line) for line in done.err.splitlines()), default=0) < 600, "message", what)
    if named is not None:
        tally.expect(named.name in done.err, "not named", what)
    tally.expect(
        not any(json.dumps(sign)[1:-1] != sign for sign in done.err if sign in "\x00\x1b\x9b"), "raw", what
    )


BENT = Fault(
    "D8",
    "bad forms of tables, history, imports, settings",
    "no traceback; refused with file and line; bytes unchanged",
    {"tables": as_table, "history": as_history, "imports": as_import, "settings": as_settings},
    often=1,
    nightly=1,
)
