"""The register's own commands: parse, ask, write. A file for each thing that is asked about."""
