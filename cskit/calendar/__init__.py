"""Working time: when a team works, moments reckoned in it, deadlines.

    from cskit.calendar import parse_length

    due = app.calendars.named("office").after(start, parse_length("3d"))

Must not import click or a store.
"""

from cskit.calendar.lengths import Length, duration, face, parse_length
from cskit.calendar.reading import ALWAYS, DEFAULT, Calendars
from cskit.calendar.worktime import Calendar, Day, Stretch

__all__ = [
    "ALWAYS",
    "DEFAULT",
    "Calendar",
    "Calendars",
    "Day",
    "Length",
    "Stretch",
    "duration",
    "face",
    "parse_length",
]
