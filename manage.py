#!/usr/bin/env python
"""The command line: ``python manage.py COMMAND``.

Commands that change tables or rebuild read models log in as the owner of the database; every other
command logs in as the application's role, which cannot rewrite history.
"""

import os
import sys

DEMO_DATABASE = "loanbook_demo"
OWNER_COMMANDS = {
    "migrate",
    "makemigrations",
    "rebuild",
    "demo",
    "up",
    "test",
    "dbshell",
    "sqlmigrate",
    "bench",
}


def main() -> None:
    """Hand the command line to Django, with the database running and the right role chosen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    for stream in (sys.stdout, sys.stderr):
        # Files come with any characters; a terminal that lacks one must not end the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ.setdefault("LOANBOOK_DATABASE_ROLE", "owner")
    if command == "demo":
        # Its database is made anew each time, so it must never be one that holds anything else.
        os.environ["LOANBOOK_DATABASE_NAME"] = DEMO_DATABASE
        # No worker listens while it simulates; it delivers everything itself.
        os.environ["LOANBOOK_NUDGE"] = "none"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
