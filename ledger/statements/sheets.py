"""What a statement consists of: sheets with an opening balance, lines, and a closing balance.

Owns: the shape, running balances, and the proof that opening + lines = closing in every part.
Refuses to know: where lines come from, and how they are shown. A settlement account's balance is money held
for the borrower; a loan's balance is what the borrower owes, by part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Final
from uuid import UUID

SETTLEMENT: Final = "settlement_account"
LOAN: Final = "loan"
ENTITY: Final = "entity"
HELD_PARTS: Final = ("held",)
OWED_PARTS: Final = ("principal", "interest", "penalty", "fee", "overpaid", "charged_off")

Amounts = tuple[int, ...]


class StatementUnbalanced(ArithmeticError):
    """Lines do not lead from the opening to the closing balance: a fault, never a refusal."""


@dataclass(frozen=True, slots=True)
class Line:
    """One movement. ``parts`` are signed minor units, in the order of the sheet's parts.

    ``first_day`` is set on interest and penalty of several days, which end on the posting date.
    """

    posting_date: date
    value_date: date
    topic: str
    kind: str
    reference: str
    command: str
    parts: Amounts
    first_day: date | None = None
    loan_id: UUID | None = None

    @property
    def amount_minor(self) -> int:
        """Return by how much the balance changes."""
        return sum(self.parts)


@dataclass(frozen=True)
class Period:
    """Posting dates from ``start`` up to, not including, ``end``."""

    start: date
    end: date


@dataclass(frozen=True)
class Sheet:
    """One account or loan over a period. Raises StatementUnbalanced."""

    kind: str
    id: UUID
    currency: str
    title: str
    part_names: tuple[str, ...]
    opening: Amounts
    lines: tuple[Line, ...]
    closing: Amounts

    def __post_init__(self) -> None:
        reached = added(self.opening, *(line.parts for line in self.lines))
        if reached != self.closing:
            raise StatementUnbalanced(
                f"{self.kind} {self.id}: the lines lead to {reached}, not {self.closing}"
            )

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell."""
        return not self.lines and not any(self.opening)

    @property
    def parts_shown(self) -> tuple[str, ...]:
        """Return the parts that hold or move anything; principal and interest always."""
        seen = (self.opening, self.closing, *(line.parts for line in self.lines))
        return tuple(
            name
            for place, name in enumerate(self.part_names)
            if name in ("held", "principal", "interest") or any(amounts[place] for amounts in seen)
        )

    def with_balances(self) -> Iterator[tuple[Line, int]]:
        """Yield each line with the balance after it."""
        balances = accumulate((line.amount_minor for line in self.lines), initial=sum(self.opening))
        next(balances)
        return zip(self.lines, balances, strict=True)


@dataclass(frozen=True)
class Total:
    """All sheets of one kind in one currency."""

    kind: str
    currency: str
    opening_minor: int
    movements_minor: int
    closing_minor: int


@dataclass(frozen=True)
class Statement:
    """What was known at a moment of a period of one subject."""

    subject: str
    subject_id: UUID
    entity_id: UUID
    period: Period
    known_at: datetime
    sheets: tuple[Sheet, ...]

    def totals(self) -> list[Total]:
        """Return one total per kind of sheet and currency; nothing is added across currencies."""
        kinds = sorted({(sheet.kind, sheet.currency) for sheet in self.sheets}, reverse=True)
        return [self._total(kind, currency) for kind, currency in kinds]

    def _total(self, kind: str, currency: str) -> Total:
        sheets = [sheet for sheet in self.sheets if (sheet.kind, sheet.currency) == (kind, currency)]
        return Total(
            kind=kind,
            currency=currency,
            opening_minor=sum(sum(sheet.opening) for sheet in sheets),
            movements_minor=sum(line.amount_minor for sheet in sheets for line in sheet.lines),
            closing_minor=sum(sum(sheet.closing) for sheet in sheets),
        )


def added(*amounts: Amounts) -> Amounts:
    """Return the sum, part by part."""
    return tuple(map(sum, zip(*amounts, strict=True)))
