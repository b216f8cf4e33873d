"""The cells of one line, read by what they mean.

Owns: how dates, amounts, numbers, rates and yes/no are written, and the reasons why a cell cannot be read.
Refuses to know: files, and what a line is for.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.calculators.fields import YEARS
from ledger.domain.plans.choices import Batch
from ledger.kernel.currencies import SCALES
from ledger.kernel.rates import RATE_UNIT

TEXT_LENGTH_MAX: Final = 128
AMOUNT_MINOR_MAX: Final = 10**15
NUMBER_MAX: Final = 10**6
BATCHES_MAX: Final = 60
_RATE_DIGITS: Final = len(str(RATE_UNIT)) - 1
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN: Final = re.compile(r"(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,12}))?")
_FLAGS: Final = {"yes": True, "no": False}


class LineNotTaken(Exception):
    """Stops the judging of one line; becomes its place in the report and never leaves the import."""

    def __init__(self, code: str, sentence: str, *, field: str = "") -> None:
        super().__init__(code)
        self.code, self.sentence, self.field = code, sentence, field


@dataclass(frozen=True)
class Cells:
    """A line of a file: its number, the header being line 1, and its cells by column."""

    number: int
    values: dict[str, str]

    def has(self, name: str) -> bool:
        """Say whether anything stands in a cell."""
        return bool(self.values.get(name))

    def text(self, name: str, *, most: int = TEXT_LENGTH_MAX) -> str:
        """Return what stands in a cell that must not be empty, at most so many characters."""
        value = self.values.get(name, "")
        if not value:
            raise LineNotTaken("value_missing", f"{name} is empty", field=name)
        if len(value) > most or not value.isprintable():
            raise LineNotTaken("value_unreadable", f"{name} is too long or cannot be printed", field=name)
        return value

    def day(self, name: str) -> date:
        """Return a date, written as 2026-06-30."""
        return _day(name, self.text(name))

    def amount(self, name: str, *, currency: str) -> int:
        """Return minor units of an amount that is not negative, written as 1250.00."""
        return _scaled(name, self.text(name), digits=SCALES[currency], most=AMOUNT_MINOR_MAX)

    def rate(self, name: str) -> int:
        """Return a yearly rate or a share in hundred-millionths, written as a fraction: 0.144 is 14.4%."""
        return _scaled(name, self.text(name), digits=_RATE_DIGITS, most=10 * RATE_UNIT)

    def count(self, name: str) -> int:
        """Return a whole number."""
        return _scaled(name, self.text(name), digits=0, most=NUMBER_MAX)

    def flag(self, name: str) -> bool:
        """Return yes or no."""
        return _FLAGS[self.word(name, _FLAGS)]

    def word(self, name: str, known: Container[str]) -> str:
        """Return one of the words that are known."""
        value = self.text(name)
        if value not in known:
            raise LineNotTaken("word_unknown", f'{name} "{value}" is none of the known words', field=name)
        return value

    def batches(self, name: str, *, currency: str) -> tuple[Batch, ...]:
        """Return agreed repayments, written as 2026-06-30:500.00;2026-07-30:500.00; an empty cell has none."""
        if not self.has(name):
            return ()
        parts = [part.strip().partition(":") for part in self.values[name].split(";")]
        if len(parts) > BATCHES_MAX:
            raise LineNotTaken("value_unreadable", f"{name} holds too many batches", field=name)
        return tuple(
            Batch(_day(name, day), _scaled(name, amount, digits=SCALES[currency], most=AMOUNT_MINOR_MAX))
            for day, _, amount in parts
        )


def _day(name: str, value: str) -> date:
    if not _DATE.fullmatch(value):
        raise LineNotTaken("date_unreadable", f'{name} "{value}" is not a date like 2026-06-30', field=name)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        sentence = f'{name} "{value}" does not exist in the calendar'
        raise LineNotTaken("date_impossible", sentence, field=name) from None
    # The bounds of the API: days are counted on from a date, and one such as 9999-12-31, for never, has no next.
    if not YEARS[0] <= day.year <= YEARS[1]:
        sentence = f'{name} "{value}" lies outside the years {YEARS[0]} to {YEARS[1]}'
        raise LineNotTaken("date_impossible", sentence, field=name)
    return day


def _scaled(name: str, value: str, *, digits: int, most: int) -> int:
    found = _PLAIN.fullmatch(value)
    if found is None:
        raise LineNotTaken("number_unreadable", f'{name} "{value}" is not a plain decimal number', field=name)
    whole, decimals = found[1], found[2] or ""
    if len(decimals) > digits:
        raise LineNotTaken("number_too_precise", f'{name} "{value}" has too many decimals', field=name)
    number = int(whole + decimals.ljust(digits, "0"))
    if number > most:
        raise LineNotTaken("number_too_large", f'{name} "{value}" is too large', field=name)
    return number
