"""The core's own commands, declared like a plugin's; imports none of them."""

from __future__ import annotations

import os

from cskit.declarations import Command, RuleKind
from cskit.i18n import mark

COMMANDS = (
    Command("batch", "Run many commands as one change: all or nothing.", "cskit.commands.batch:batch"),
    Command("calendar add", "Add working time to a time: when does it end?", "cskit.commands.calendar:add"),
    Command(
        "calendar between",
        "Measure the working time between two times.",
        "cskit.commands.calendar:between",
    ),
    Command(
        "calendar import",
        "Take days off and days worked from a table into the calendars.",
        "cskit.commands.calendar:import_",
        outside=True,
    ),
    Command(
        "calendar show",
        "Show what is worked on the days of a month or year.",
        "cskit.commands.calendar:show",
    ),
    Command(
        "completion",
        "Print the script with which a shell completes command lines.",
        "cskit.commands.completion:completion",
    ),
    Command("config get", "Show the value of a setting.", "cskit.commands.config:get"),
    Command("config list", "List the settings that hold.", "cskit.commands.config:list_"),
    Command("config set", "Change a setting, for everybody in the department.", "cskit.commands.config:set_"),
    Command(
        "config unset",
        "Take a setting out of its file, so that what is built in holds again.",
        "cskit.commands.config:unset",
    ),
    Command("data adopt", "Take over what other programs wrote.", "cskit.commands.adoption:adopt"),
    Command("data backup", "Save everything in one file.", "cskit.commands.backup:backup", outside=True),
    Command(
        "data compact",
        "Empty the history of what earlier entries changed.",
        "cskit.commands.data:compact",
        outside=True,
    ),
    Command(
        "data copy", "Copy the department to another folder.", "cskit.commands.backup:copy", outside=True
    ),
    Command("data info", "Show where the data lies and what it holds.", "cskit.commands.data:info"),
    Command(
        "data init",
        "Make a data folder: .cskit here, which commands in and below this folder then use.",
        "cskit.commands.data:init",
        outside=True,
    ),
    Command(
        "data migrate",
        "Bring records to the form that their plugins work with now.",
        "cskit.commands.data:migrate",
    ),
    Command(
        "data restore",
        "Put a backup into the place of the data folder, which is kept.",
        "cskit.commands.backup:restore",
    ),
    Command(
        "data settle", "Bring every table file up to the history.", "cskit.commands.data:settle", outside=True
    ),
    Command(
        "data verify", "Check the whole history and every table against it.", "cskit.commands.data:verify"
    ),
    Command(
        "demo", "Build a sample department, showing every command.", "cskit.commands.demo:demo", outside=True
    ),
    Command("fact list", "List the facts that plugins can give.", "cskit.commands.fact:list_"),
    Command("fact show", "Show facts about things of one kind.", "cskit.commands.fact:show"),
    Command(
        "help",
        "Explain a topic, or a command; without either, list the topics.",
        "cskit.commands.help:help_",
    ),
    Command("log", "Show what was changed, newest first.", "cskit.commands.history:log"),
    Command(
        "plugins check", "Check that plugins keep to what cskit expects.", "cskit.commands.plugins:check"
    ),
    Command("plugins list", "List plugins, and what is wrong with them.", "cskit.commands.plugins:list_"),
    Command(
        "plugins new",
        "Make a plugin of your own to start from.",
        "cskit.commands.plugins:new",
        outside=True,
    ),
    Command(
        "plugins rules list",
        "List rules, the files they are in, and what is wrong with any.",
        "cskit.commands.rules:list_",
    ),
    Command("plugins rules show", "Show what a rule says.", "cskit.commands.rules:show"),
    Command(
        "report",
        "Report on a month: what every plugin counts.",
        "cskit.commands.report:report",
    ),
    Command("today", "Show what is due, and what to type for it.", "cskit.commands.today:today"),
    Command("undo", "Take back your latest change, or the entry named.", "cskit.commands.history:undo"),
)

RULE_KINDS = (
    RuleKind(
        "calendar-days",
        "cskit.calendar.files:DaysFile",
        mark("Single days that are not worked, or worked otherwise, in some calendars or all."),
    ),
    RuleKind(
        "calendars",
        "cskit.calendar.files:CalendarFile",
        mark("When work is done: the hours of each weekday, and whose holidays are kept."),
    ),
    RuleKind(
        "departments",
        "cskit.departments:DepartmentFile",
        mark("A department: its titles, and which staff are what in it."),
    ),
)
"""Kinds of rules that every plugin may read."""

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shipped")
"""Where the core's own rule files are: a folder for each kind."""

GROUPS = {
    "calendar": mark("Working time: hours, holidays, deadlines."),
    "config": mark("What is set: the time zone, who is who, the language."),
    "data": mark("The folder that holds the records."),
    "fact": mark("What plugins know about customers and other things."),
    "plugins": mark("The plugins of this installation."),
    "plugins rules": mark("Rules that plugins read from files, and a department can change."),
}
"""Help of the core's groups; plugins say what theirs are in `cskit_groups`."""
