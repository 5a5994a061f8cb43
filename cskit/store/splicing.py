"""A table file written anew: changed lines between untouched ones, and a new tail."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cskit.store import lines
from cskit.store.disk import Writer


def splice(file: lines.TableFile | None, changes: Mapping[int, bytes | None]) -> Iterator[bytes]:
    """Yield the lines of a table with some documents changed, added, or (None) removed.

    What lies between is copied as it stands, in blocks; each piece ends without its comma and line end.
    """
    offset = file.start if file else 0
    for number in sorted(changes):
        raw = changes[number]
        if file is not None:
            begin = file.place(number)
            yield from _copy(file, offset, begin)
            line = file.line(begin)
            offset = begin + len(line) if line and file.number(line) == number else begin
        if raw is not None:
            yield b'"%d": %s' % (number, raw)
    if file is not None:
        yield from _copy(file, offset, file.end)


def _copy(file: lines.TableFile, begin: int, end: int) -> Iterator[bytes]:
    while begin < end:
        data = file.span(begin, min(lines.BLOCK, end - begin))
        while not data.endswith(b"\n"):
            cut = data.rfind(b"\n") + 1
            if cut:
                data = data[:cut]
            else:
                data += file.span(begin + len(data), min(lines.BLOCK, end - begin - len(data)))
        begin += len(data)
        yield data.removesuffix(b"\n").removesuffix(b",")


def write(out: Writer, table: str, pieces: Iterable[bytes], tail: lines.Tail, others: bytes = b"") -> None:
    """Write a whole table file, with the `others` that stand in it; `tail.sum` is filled in."""
    digest = lines.new_sum()

    def put(data: bytes) -> None:
        digest.update(data)
        out.write(data)

    buffer, held = [lines.header(table)], 0
    first = True
    for piece in pieces:
        buffer.append(piece if first else b",\n" + piece)
        first = False
        held += len(piece)
        if held >= lines.BLOCK:
            put(b"".join(buffer))
            buffer, held = [], 0
    if not first:
        buffer.append(b"\n")
    put(b"".join(buffer) + others)
    tail = msgspec.structs.replace(tail, others=len(others))
    tail = msgspec.structs.replace(tail, sum=lines.sealed(tail, digest))
    out.write(lines.TAIL + msgspec.json.encode(tail) + lines.TAIL_END)
