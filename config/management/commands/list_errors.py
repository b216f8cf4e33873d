"""``manage.py list_errors``: every code that an error of the API can carry.

Owns: the command line and where the page is kept. Refuses to know: the errors.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.api.error_table import as_markdown


class Command(BaseCommand):
    """Prints the page, or writes it where the documentation has it."""

    help = "Print the table of error codes, or write it to docs/api/errors.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to write the page."""
        parser.add_argument("--write", action="store_true", help="write docs/api/errors.md")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print or write."""
        if not options["write"]:
            self.stdout.write(as_markdown(), ending="")
            return
        (settings.BASE_DIR / "docs" / "api" / "errors.md").write_text(as_markdown(), encoding="utf-8")
