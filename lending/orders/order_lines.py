"""One line of an order file, taken or refused.

Owns: what a taken line holds, the reasons for which a line is refused, and their sentences.
Refuses to know: how a line is read. ``goods_minor`` is the seller's turnover; freight is passed on to
carriers, is not revenue, and is kept only to show that it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "line_too_long": "the line is longer than an order line can be",
    "quotes_unbalanced": "a quotation mark is opened and not closed as it should be",
    "cells_missing": "the line has fewer cells than the header",
    "cells_extra": "the line has more cells than the header",
    "value_missing": "{field} is empty",
    "value_too_long": "{field} {value} is too long",
    "value_control_character": "{field} {value} holds a character that cannot be printed",
    "line_number_invalid": "{field} {value} is not a whole number from 1 to 99999",
    "date_unreadable": "{field} {value} is not a date like 2024-07-31T18:30:00",
    "date_impossible": "{field} {value} does not exist in the calendar",
    "date_too_old": "{field} {value} lies before online marketplaces existed",
    "date_after_as_of": "{field} {value} lies after the day up to which sales are counted",
    "amount_unreadable": "{field} {value} is not a plain decimal number",
    "amount_negative": "{field} {value} is negative",
    "amount_zero": "{field} {value} sells nothing",
    "amount_too_precise": "{field} {value} has more decimals than the currency",
    "amount_too_large": "{field} {value} is too large for one order line",
    "currency_unknown": "{field} {value} is not a currency the books can hold",
    "entity_conflict": "{field} {value} differs from the entity this seller had on an earlier line",
    "duplicate": "the same seller, order and line stand earlier in the file",
}
_EXCERPT_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line that counts; ``line_number`` is its place in the file, the header being line 1."""

    line_number: int
    seller_id: str
    order_id: str
    line: int
    shipped_on: date
    goods_minor: int
    freight_minor: int
    currency: str
    seller_state: str
    platform: str | None = None
    entity_id: str | None = None

    @property
    def month(self) -> str:
        """Return the calendar month the line counts in."""
        return f"{self.shipped_on.year:04d}-{self.shipped_on.month:02d}"


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that does not count, and why; ``value`` is an excerpt of the cell to blame."""

    line_number: int
    code: str
    field: str = ""
    value: str = ""

    @property
    def sentence(self) -> str:
        """Return the reason as a sentence."""
        return SENTENCES[self.code].format(field=self.field, value=f'"{self.value}"')


class LineRefused(Exception):
    """Stops the judging of one line; becomes a RefusedLine and never leaves the parser."""

    def __init__(self, code: str, *, field: str = "", value: str = "") -> None:
        super().__init__(code)
        self.code, self.field, self.value = code, field, value

    def at(self, line_number: int) -> RefusedLine:
        """Return the refusal with its place in the file and a printable excerpt of the value."""
        shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in self.value)
        excerpt = shown if len(shown) <= _EXCERPT_LENGTH else f"{shown[:_EXCERPT_LENGTH]}…"
        return RefusedLine(line_number, self.code, self.field, excerpt)
