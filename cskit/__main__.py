"""`python -m cskit`, for where the command itself is not on the path."""

from cskit.cli import main

main()
