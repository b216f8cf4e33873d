"""The rows a borrower sees: principal, interest and charges, and what was paid of each.

Owns: down payments as rows of their own, charges beside the row they fall due in, what is still open, and
what was paid in advance or late. Refuses to know: how principal and interest of a row are derived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import Timing
from ledger.domain.progressive.facts import Charge
from ledger.domain.progressive.model import Model


class Kind(StrEnum):
    """What a row is there for."""

    DOWN_PAYMENT = "down_payment"
    INSTALMENT = "instalment"
    AFTER_MATURITY = "after_maturity"  # charges that fall due when all instalments have


def _nothing() -> dict[str, int]:
    return dict.fromkeys(STANDARD_ORDER, 0)


@dataclass(slots=True)
class Instalment:
    """One row; ``model_index`` is None for a row without interest of its own."""

    kind: Kind
    start: date
    due_on: date
    model_index: int | None = None
    due: dict[str, int] = field(default_factory=_nothing)
    paid: dict[str, int] = field(default_factory=_nothing)
    paid_in_advance_minor: int = 0
    paid_late_minor: int = 0
    settled_on: date | None = None

    def open_minor(self, component: str) -> int:
        """Return what is still to be paid of a component."""
        return max(0, self.due[component] - self.paid[component])

    @property
    def open_total_minor(self) -> int:
        """Return what is still to be paid of all components."""
        return sum(self.open_minor(component) for component in STANDARD_ORDER)

    @property
    def due_total_minor(self) -> int:
        """Return everything the row asks for."""
        return sum(self.due.values())

    def timing(self, on: date) -> Timing:
        """Say when the row is owed, seen from a day."""
        if self.due_on == on:
            return Timing.DUE
        return Timing.PAST_DUE if self.due_on < on else Timing.IN_ADVANCE

    def take(self, component: str, amount_minor: int, *, on: date) -> None:
        """Record a payment towards one component."""
        self.paid[component] += amount_minor
        timing = self.timing(on)
        if timing is Timing.IN_ADVANCE:
            self.paid_in_advance_minor += amount_minor
        elif timing is Timing.PAST_DUE:
            self.paid_late_minor += amount_minor

    def note_settlement(self, on: date) -> None:
        """Remember the day on which the row was settled, and forget it if more is asked for again."""
        if self.open_total_minor or not self.due_total_minor:
            self.settled_on = None
        elif self.settled_on is None:
            self.settled_on = on


class Instalments:
    """All rows in the order of their due dates."""

    def __init__(self, model: Model) -> None:
        self.rows = [
            Instalment(Kind.INSTALMENT, row.start, row.due_on, model_index=row.index) for row in model.rows
        ]
        self._model = model

    def add_down_payment(self, on: date, amount_minor: int) -> None:
        """Add a row that is due on the day of a disbursement, after the rows due that day."""
        row = Instalment(Kind.DOWN_PAYMENT, on, on)
        row.due["principal"] = amount_minor
        self.rows.append(row)
        self.rows.sort(key=lambda row: row.due_on)

    def add_charge(self, charge: Charge) -> None:
        """Put a charge beside the row its due date falls into, or into a row after maturity."""
        row = self._row_of_charge(charge.due_on)
        row.due[charge.component] += charge.amount_minor
        row.due_on = max(row.due_on, charge.due_on) if row.kind is Kind.AFTER_MATURITY else row.due_on
        row.settled_on = None

    def follow_model(self, on: date) -> None:
        """Take principal and interest from the model as they are now."""
        for row in self.rows:
            if row.model_index is not None:
                source = self._model.rows[row.model_index]
                row.due["principal"] = source.due_principal_minor
                row.due["interest"] = source.due_interest_minor
            row.note_settlement(on)

    def _row_of_charge(self, due_on: date) -> Instalment:
        for row in self.rows:
            if row.model_index is not None and self._model.rows[row.model_index].contains(due_on):
                return row
        last = self.rows[-1]
        if last.kind is not Kind.AFTER_MATURITY:
            last = Instalment(Kind.AFTER_MATURITY, last.due_on, due_on)
            self.rows.append(last)
        return last
