"""Reads one sheet of an untrusted workbook, run as a program in a process of its own that has little memory.

    python -I -S sheetreader.py FOLDER_OF_CALAMINE SHEET LONGEST_CELL  < workbook  > JSON lines

The first line says which sheet this is, or why none can be read; each other line is a row. The limits hold
whatever a file does to its parser: a bomb ends this process, not the command. Must not import cskit.
"""

import io
import json
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

MOST_PARTS = 10_000
MOST_COLUMNS = 4096
_MEMORY, _MEMORY_EACH = 150 << 20, 40  # bytes, and bytes for each byte of the file
_INFLATED, _INFLATED_EACH = 64 << 20, 60
_SECONDS, _SECONDS_EACH = 20, 4  # of CPU, and for each MB; 1 MB of rows takes half a second
_CHUNK = 1 << 20
_TAIL = 1 << 10

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ERROR_MARK = re.compile(rb"t=[\"']e[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s([^>]*t=[\"']e[\"'][^>]*)>(?:(?!</?(?:\w+:)?c[\s>]).)*?v>([^<]*)<", re.DOTALL
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")


def main() -> None:
    """Read the workbook and write what the sheet holds."""
    folder, wanted, longest = sys.argv[1], sys.argv[2], int(sys.argv[3])
    data = sys.stdin.buffer.read()
    _limit(len(data))
    sys.path.append(folder)
    errors: dict[str, dict[str, str]] = {}
    if data.startswith(_ZIP):
        errors = _inspect(data)
    elif _LOCKED in data:
        _refuse("locked")
    try:
        _write(data, wanted, longest, errors)
    except MemoryError:
        _refuse("memory")


def _limit(size: int) -> None:
    """Bound what this process may take by the size of the file, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the caps on what a file inflates to remain
        return
    memory = _MEMORY + _MEMORY_EACH * size
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    seconds = _SECONDS + _SECONDS_EACH * (size >> 20)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(why: str, **known: Any) -> NoReturn:
    print(json.dumps({"refused": why, **known}))  # noqa: T201 - this program speaks on its stdout
    sys.stdout.flush()
    raise SystemExit(0)


# --- the archive -------------------------------------------------------------------------------------------


def _inspect(data: bytes) -> dict[str, dict[str, str]]:
    """Inflate every part once, counting, and return the cells of each sheet's part that hold an error.

    Declared sizes are not believed; what is inflated here is what the parser will meet.
    """
    import zipfile

    most = _INFLATED + _INFLATED_EACH * len(data)
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        _refuse("broken")
    if len(parts) > MOST_PARTS:
        _refuse("parts", most=MOST_PARTS)
    if any(part.flag_bits & 1 for part in parts):
        _refuse("locked")
    if sum(part.file_size for part in parts) > most:
        _refuse("inflated", most=most >> 20)
    errors: dict[str, dict[str, str]] = {}
    inflated = 0
    for part in parts:
        scan = _Scan(part.filename)
        for chunk in _inflate(data, part):
            inflated += len(chunk)
            if inflated > most:
                _refuse("inflated", most=most >> 20)
            scan.take(chunk)
        if scan.errors:
            errors[part.filename] = scan.errors
    return _by_sheet(data, errors) if errors else {}


def _inflate(data: bytes, part: Any) -> Iterator[bytes]:
    start = part.header_offset
    if data[start : start + 4] != _ZIP or part.compress_type not in (0, 8):
        _refuse("broken")
    lengths = data[start + 26 : start + 30]
    start += 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == 0:
        for place in range(0, len(packed), _CHUNK):
            yield bytes(packed[place : place + _CHUNK])
        return
    inflater = zlib.decompressobj(-15)
    try:
        chunk = inflater.decompress(packed, _CHUNK)
        while chunk:
            yield chunk
            chunk = inflater.decompress(inflater.unconsumed_tail, _CHUNK)
    except zlib.error:
        _refuse("broken")


class _Scan:
    """Looks at a part of the archive as it is inflated: for document types, and for cells with errors."""

    def __init__(self, name: str) -> None:
        self._xml = name.endswith((".xml", ".rels", ".vml")) or "sheet" in name
        self._sheet = "sheets/" in name
        self._tail = b""
        self._begun = False
        self.errors: dict[str, str] = {}

    def take(self, chunk: bytes) -> None:
        """Look at the next piece, together with the end of the one before."""
        if not self._xml:
            return
        if not self._begun and chunk.startswith(_WIDE):
            _refuse("encoding")
        self._begun = True
        text = self._tail + chunk
        if _DTD.search(text):
            _refuse("entities")
        if self._sheet and _ERROR_MARK.search(text):
            for found in _ERROR.finditer(text):
                place = _PLACE.search(found[1])
                if place:
                    self.errors[place[1].decode()] = found[2].decode(errors="replace")
        self._tail = text[-_TAIL:]


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _by_sheet(data: bytes, errors: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Name the errors' sheets as the workbook does."""
    import html
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(data))
    try:
        book, links = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    except (KeyError, zipfile.BadZipFile):
        _refuse("broken")
    parts = {}
    for attributes in map(_attributes, _LINK.findall(links)):
        parts[attributes.get("Id", "")] = attributes.get("Target", "").rpartition("/")[2]
    found = {}
    for attributes in map(_attributes, _SHEET.findall(book)):
        part = next((parts.get(value, "") for name, value in attributes.items() if name.endswith(":id")), "")
        for name, cells in errors.items():
            if name.rpartition("/")[2] == part:
                found[html.unescape(attributes.get("name", ""))] = cells
    return found


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): (one or two).decode(errors="replace") for name, one, two in _ATTRIBUTE.findall(tag)
    }


# --- the sheet ---------------------------------------------------------------------------------------------


def _write(data: bytes, wanted: str, longest: int, errors: Mapping[str, dict[str, str]]) -> None:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet, others = _chosen(book, wanted)
    except calamine.PasswordError:
        _refuse("locked")
    except (calamine.CalamineError, ValueError, OSError):
        _refuse("broken")
    except BaseException as error:  # a panic of the parser is no Exception
        if isinstance(error, (SystemExit, MemoryError)):
            raise
        _refuse("broken")
    left = sheet.start[1] if sheet.start else 0
    if sheet.width > MOST_COLUMNS:
        _refuse("columns", sheet=sheet.name, count=sheet.width, most=MOST_COLUMNS)
    out, encode = (
        sys.stdout,
        json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_typed).encode,
    )
    out.write(encode({"sheet": sheet.name, "others": others, "left": left}) + "\n")
    wrong = _places(errors.get(sheet.name, {}), left)
    # It begins with the sheet's first row, even if that is empty, but with the first column that is not.
    for line, cells in enumerate(sheet.iter_rows() if sheet.start else (), 1):
        for column, text in wrong.get(line, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = {"error": text}  # the parser leaves these empty
        if any(cell != "" and (cell.__class__ is not str or not cell.isspace()) for cell in cells):
            if any(cell.__class__ is str and len(cell) > longest for cell in cells):
                out.write(encode({"refused": "cell", "line": line, "most": longest}) + "\n")
                return
            out.write(encode([line, cells]) + "\n")


def _chosen(book: Any, wanted: str) -> tuple[Any, list[str]]:
    """Return the sheet to read and the names of other visible sheets that hold something."""
    names = list(book.sheet_names)
    if wanted:
        if wanted in names:
            return book.get_sheet_by_name(wanted), []
        if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
            return book.get_sheet_by_index(int(wanted) - 1), []
        _refuse("sheet", there=names)
    seen = [
        place
        for place, about in enumerate(book.sheets_metadata)
        if str(about.visible).endswith(".Visible") and str(about.typ).endswith(".WorkSheet")
    ]
    first, others = None, []
    for place in seen or range(len(names)):
        sheet = book.get_sheet_by_index(place)
        if sheet.start is None:
            continue
        if first is None:
            first = sheet
        else:
            others.append(sheet.name)
    if first is None:
        _refuse("empty")
    return first, others


def _places(errors: Mapping[str, str], left: int) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for name, text in errors.items():
        letters = name.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        if column > left:
            found.setdefault(int(name[len(letters) :]), {})[column - 1 - left] = text
    return found


def _typed(value: Any) -> Any:
    """Return a date, time or span as an object that says so: JSON has none."""
    import datetime as dt

    if isinstance(value, dt.datetime):
        value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return {"time": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"clock": value.replace(microsecond=0).isoformat()}
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return {"clock": f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"}
    raise TypeError(f"a cell cannot hold {type(value)}")


if __name__ == "__main__":
    main()
