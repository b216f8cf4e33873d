"""``manage.py calculate NAME``: a calculator on the command line, JSON lines in and JSON lines out.

Owns: the arguments, the reading of lines and the writing of answers. A refusal is an answer like any other,
written as ``{"refusal": ...}``: one bad line does not end a batch, and the exit status stays 0.
Refuses to know: what is calculated. No database is needed.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from config.api.parsers import decoded_object
from ledger.calculators.catalogue import CALCULATORS, Calculator, find_calculator
from ledger.calculators.documenting import EXAMPLES, answer_to, documents
from ledger.kernel.refusals import Refusal

USAGE_STATUS = 2


class Command(BaseCommand):
    """Calculates."""

    help = "Read one JSON object per line, write one answer per line."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the calculator and the file, or what to describe."""
        parser.add_argument("name", nargs="?", help="the calculator; without it they are listed")
        parser.add_argument("file", nargs="?", type=Path, help="the lines (standard input)")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the input")
        parser.add_argument("--document", type=Path, help="write schemas and examples to a folder")

    def handle(self, *, name: str | None, file: Path | None, **options: Any) -> None:
        """List, describe, document or calculate."""
        autodiscover_modules("calculators")
        if options["document"]:
            write_documents(options["document"])
        elif name is None:
            for calculator in CALCULATORS.values():
                self.stdout.write(f"{calculator.name:20}{calculator.title}")
        elif options["schema"]:
            self.stdout.write(json.dumps(_found(name).schema(), indent=2, ensure_ascii=False))
        else:
            self._calculate(_found(name), file)

    def _calculate(self, calculator: Calculator, file: Path | None) -> None:
        with file.open("rb") if file else nullcontext(sys.stdin.buffer) as lines:
            for answer in answers(calculator, lines):
                self.stdout.write(json.dumps(answer, ensure_ascii=False))


def answers(calculator: Calculator, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the answer to each line that is not blank: the output itself, or the refusal."""
    for line in lines:
        if not line.strip():
            continue
        try:
            data = decoded_object(line)
        except Refusal as refusal:
            yield {"refusal": refusal.as_json()}
            continue
        answer = answer_to(calculator, data)
        yield answer.get("output", answer)


def write_documents(folder: Path) -> None:
    """Write every schema and example file; the inputs of the examples are those found there."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        path.name.removesuffix(EXAMPLES): json.loads(path.read_text(encoding="utf-8"))
        for path in folder.glob("*" + EXAMPLES)
    }
    for name, text in documents(kept).items():
        (folder / name).write_text(text, encoding="utf-8")


def _found(name: str) -> Calculator:
    try:
        return find_calculator(name)
    except Refusal as refusal:
        message = f"{refusal.message} Known: {', '.join(sorted(CALCULATORS))}."
        raise CommandError(message, returncode=USAGE_STATUS) from refusal
