"""The core's own commands, declared like a plugin's; imports none of them."""

from __future__ import annotations

from cskit.hookspecs import Command

COMMANDS = (
    Command("data info", "Show where the data lies and what it holds.", "cskit.commands.data:info"),
    Command(
        "data init",
        "Make a data folder: .cskit here, which commands in and below this folder then use.",
        "cskit.commands.data:init",
    ),
    Command("data settle", "Bring every table file up to the history.", "cskit.commands.data:settle"),
    Command(
        "data verify", "Check the whole history and every table against it.", "cskit.commands.data:verify"
    ),
    Command("demo", "Build a sample department, showing every command.", "cskit.commands.demo:demo"),
    Command("fact list", "List the facts that plugins can give.", "cskit.commands.fact:list_"),
    Command("fact show", "Show facts about things of one kind.", "cskit.commands.fact:show"),
    Command("log", "Show what was changed, newest first.", "cskit.commands.history:log"),
    Command("plugins list", "List plugins, and what is wrong with them.", "cskit.commands.plugins:list_"),
    Command("undo", "Take back your latest change, or the entry named.", "cskit.commands.history:undo"),
)

GROUPS = {
    "data": "The folder that holds the records.",
    "fact": "What plugins know about customers and other things.",
    "plugins": "The plugins of this installation.",
}
"""Help of the core's groups; a record type's group has its plural, any other the names of its plugins."""
