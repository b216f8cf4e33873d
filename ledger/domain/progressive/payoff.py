"""What ends the loan on a day.

Owns: the payoff by the agreed rest, and whether a payment is enough for it.
Refuses to know: quotes and fees for ending early.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.progressive.as_of import left_on
from ledger.domain.progressive.facts import Payment
from ledger.domain.progressive.instalments import Instalment
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.overdue import charge_overdue_principal


@dataclass(frozen=True)
class Payoff:
    """What ends the loan, by component."""

    on: date
    components: dict[str, int]

    @property
    def total_minor(self) -> int:
        """Return all components together."""
        return sum(self.components.values())


def payoff_on(model: Model, rows: Iterable[Instalment], on: date) -> Payoff:
    """Return what a payment on a day has to be to end the loan, charges included; the model is used up."""
    owed = {name: sum(row.open_minor(name) for row in rows) for name in STANDARD_ORDER}
    if model.conventions.recalculates:
        outside = sum(row.open_minor("principal") for row in rows if row.model_index is None)
        charge_overdue_principal(model, on=on, closes=True)
        left = left_on(model, _charged_until(model, on))
        owed["principal"] = left.principal_minor + outside
        owed["interest"] = left.interest_minor
    return Payoff(on, owed)


def closes_loan(model: Model, payment: Payment) -> bool:
    """Say whether a payment covers all that is left to the end of its row."""
    row = model.row_on(payment.on)
    if row is None or not model.conventions.recalculates:
        return False
    return payment.amount_minor >= left_on(model, row.due_on).total_minor


def _charged_until(model: Model, on: date) -> date:
    """Return the end of the running row if that is agreed; money repaid on its first day costs nothing."""
    row = model.row_on(on)
    if row is None or row.start == on or not model.conventions.reaches_row_end(closes=True):
        return on
    return row.due_on
