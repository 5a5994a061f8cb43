"""The core's own commands, a file a noun; `cskit.cli` lists them and imports one when it is used."""
