"""Calendar files: escaped and folded by RFC 5545, and the same tasks again where they are imported again."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cskit.agenda import Due
from cskit.declarations import Task
from cskit.display.icalendar import calendar, escaped, folded
from cskit.testing import run

NOW = dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 28)


def due(*tasks: Task) -> list[Due]:
    """Return tasks as they are collected."""
    return [Due("today", "cases", task) for task in tasks]


def unfolded(text: str) -> list[str]:
    """Return the content lines of a calendar, as its section 3.1 says to read them."""
    return re.sub("\r\n[ \t]", "", text).split("\r\n")[:-1]


def test_a_calendar():
    """A day is a whole day, an instant is in UTC; what to type is in the description."""
    found = due(
        Task(DAY, "回访, 并\n说明", "case", "CP-1", who="S-001", do="case show CP-1"),
        Task(
            dt.datetime(2026, 11, 28, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=8))),
            "a crisis",
            "case",
            "CP-2",
            urgent=True,
        ),
    )
    lines = unfolded(calendar(found, NOW))
    uids = [line for line in lines if line.startswith("UID:")]
    assert all(re.fullmatch(r"UID:[0-9a-f]{24}-1@cskit", uid) for uid in uids)
    assert [line for line in lines if not line.startswith("UID:")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cskit//today//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Customer service: what is due",
        "BEGIN:VEVENT",
        "DTSTAMP:20261128T020000Z",
        "DTSTART;VALUE=DATE:20261128",
        "SUMMARY:回访\\, 并\\n说明",
        "DESCRIPTION:case CP-1\\nS-001\\ncskit case show CP-1",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "DTSTAMP:20261128T020000Z",
        "DTSTART:20261128T153000Z",
        "SUMMARY:a crisis",
        "DESCRIPTION:case CP-2",
        "PRIORITY:1",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_task_keeps_its_uid():
    """A task that is put off is the same event again; two of one kind are two."""
    first, second = Task(DAY, "x", "case", "CP-1", do="case show CP-1"), Task(DAY, "y", "case", "CP-2")
    uids = [
        re.findall("UID:(.*)\r\n", calendar(found, NOW))
        for found in (
            due(first, second, first),
            due(first._replace(due=DAY.replace(day=30), what="z"), second),
        )
    ]
    assert uids[0][:2] == uids[1]
    assert len(set(uids[0])) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a;b,c\\d", "a\\;b\\,c\\\\d"),
        ("a\r\nb\rc\u2028d", "a\\nb\\nc\\nd"),
        ('tab\there: "quoted"', 'tab\there: "quoted"'),
        ("bell\x07 esc\x1b c1\x9b bidi\u202e", "bell␇ esc␛ c1� bidi�"),
        ("\ud800", "�"),
    ],
)
def test_escaping(text, value):
    """Commas, semicolons, backslashes and line ends are escaped; control characters have no place."""
    assert escaped(text) == value


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=300))
def test_folding(text):
    """No line is longer than 75 octets, no character is torn apart, and nothing is lost."""
    lines = folded(text).split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all(line.startswith(" ") for line in lines[1:])
    assert lines[0] + "".join(line[1:] for line in lines[1:]) == text


@given(st.text(max_size=80))
def test_an_escaped_text_comes_back(text):
    """What is read by section 3.3.11 is the text again, with its line ends made alike and controls shown."""
    value = escaped(text)
    assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", value)
    back = re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)
    assert back.count("\n") == max(len(text.splitlines()) - 1, 0)
    assert escaped(back) == value


def test_the_command_writes_it(plugin, tmp_path):
    """`-o ics` and a file that ends in .ics are one thing, with CRLF and in UTF-8; an empty one is well."""
    installed = {"cases": plugin(tasks=lambda: [Task(DAY, "回访" * 30, "case", "CP-1")])}
    words = "today --now 2026-11-28T10:00"
    done = run(f"{words} -o ics", plugins=installed)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == calendar(due(Task(DAY, "回访" * 30, "case", "CP-1")), NOW)
    file = tmp_path / "due.ics"
    assert run(f"{words} --out {file}", plugins=installed) == (0, "", "")
    assert file.read_bytes() == done.stdout.encode()
    empty = run(f"{words} -o ics", plugins={})
    assert empty.stdout.endswith("X-WR-CALNAME:Customer service: what is due\r\nEND:VCALENDAR\r\n")


def test_other_commands_write_none():
    """The format is of this command alone, before the command's name too."""
    done = run("log -o ics", plugins={})
    assert (done.exit_code, done.stdout) == (2, "")
    assert "'ics' is not one of" in done.stderr
    assert run("-o ics log", plugins={}).exit_code == 2
    assert run("-o ics today", plugins={}).stdout.startswith("BEGIN:VCALENDAR")
