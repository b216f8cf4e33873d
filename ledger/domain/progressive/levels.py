"""The equal instalment of a schedule.

Owns: the level from a balance and the factors of rows, flat levels, multiples, and equalisation, which moves
the level while that brings the last row closer to it. Refuses to know: what asked for a new level.

A = P x N / F with q = 1 + the factors of a row, N the product of all q, F = 1 + F x q from the second
row on. 100.00 at 7% over six months of 30/360 is 17.01, and 17.00 in the last row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.domain.progressive.conventions import InterestMethod
from ledger.domain.progressive.digits import (
    DIGITS,
    ONE,
    exact_sum,
    rounded_minor,
    rounded_to_multiple,
    shared_minor,
)
from ledger.domain.progressive.last_row import solve_last_row
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.rows import Row


def set_level(model: Model, rows: Sequence[Row]) -> None:
    """Give rows an equal level; a row that was paid more than that keeps its own."""
    if model.conventions.method is InterestMethod.FLAT:
        _set_flat_level(model, rows)
        return
    first = rows[0]
    balance = model.rows[first.index - 1].closing_minor if first.index else 0
    balance += sum(part.disbursed_minor for part in first.segments)
    level = _multiple(model, _annuity(balance, rows))
    for row in rows:
        if level >= row.paid_minor:
            row.level_minor = row.agreed_level_minor = level


def equalise(model: Model, rows: Sequence[Row]) -> None:
    """Move the level of rows towards an equal last row, a few rounds at most."""
    trial: Model | None = None
    for _ in range(model.conventions.equalisation_rounds):
        before = _Gap.of(rows)
        wanted = _multiple(model, before.moved_level)
        if not before.is_worth_it or wanted == before.level_minor:
            return
        trial = trial or model.copy()
        related = [row for row in trial.rows if row.index >= rows[0].index]
        _try_level(trial, related, wanted)
        if abs(_Gap.of(trial.rows).difference_minor) >= abs(before.difference_minor):
            return
        for row, tried in zip(rows, related, strict=True):
            row.level_minor = row.agreed_level_minor = tried.level_minor
        model.settle_up()


def _try_level(trial: Model, rows: Sequence[Row], level_minor: int) -> None:
    for row in rows:
        if level_minor >= row.paid_minor:
            row.level_minor = row.agreed_level_minor = level_minor
    trial.settle_up()
    solve_last_row(trial, till=rows[0].due_on)


def _annuity(balance_minor: int, rows: Sequence[Row]) -> int:
    growth, grown, shares = [_growth(row) for row in rows], ONE, ONE
    for step in growth:
        grown = DIGITS.multiply(grown, step)
    for step in growth[1:]:
        shares = DIGITS.add(ONE, DIGITS.multiply(shares, step))
    return rounded_minor(DIGITS.divide(DIGITS.multiply(grown, Decimal(balance_minor)), shares))


def _growth(row: Row) -> Decimal:
    growth = ONE
    for part in row.segments:
        growth = exact_sum(growth, part.level_factor)
    return growth


def _set_flat_level(model: Model, rows: Sequence[Row]) -> None:
    interest = sum(row.own_interest_minor for row in rows)
    repaid = sum(row.due_principal_minor for row in model.rows if row.index < rows[0].index)
    total = model.lent_minor - repaid + interest
    level = _multiple(model, shared_minor(amount_minor=total, parts=len(rows)))
    for row in rows:
        row.level_minor = row.agreed_level_minor = level
    rows[-1].level_minor += total - level * len(rows)
    rows[-1].agreed_level_minor = rows[-1].level_minor
    model.settle_up()


def _multiple(model: Model, amount_minor: int) -> int:
    return rounded_to_multiple(amount_minor=amount_minor, multiple_minor=model.terms.multiple_minor)


@dataclass(frozen=True)
class _Gap:
    """By how much the last open row differs from the one before it, and over how many rows that is."""

    level_minor: int
    difference_minor: int
    rows: int

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Gap:
        for index in range(len(rows) - 1, 0, -1):
            last, before = rows[index], rows[index - 1]
            if not last.is_settled and not before.is_settled:
                level = before.level_minor
                paid_more = sum(row.paid_minor > level for row in rows)
                return cls(level, last.level_minor - level, len(rows) - paid_more)
        return cls(rows[0].level_minor, 0, len(rows))

    @property
    def is_worth_it(self) -> bool:
        """Say whether the gap is more than about half a minor unit a row."""
        return self.rows // 2 > 0 and abs(self.difference_minor) > self.rows // 2

    @property
    def moved_level(self) -> int:
        return self.level_minor + shared_minor(amount_minor=self.difference_minor, parts=max(1, self.rows))
