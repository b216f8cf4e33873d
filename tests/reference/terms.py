"""What the contract of a loan says, as far as the reference loan knows contracts.

Plans have monthly due dates counted from the day they begin. Rates are fractions of one, a year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.arithmetic import COMPONENTS

PAST_DUE, DUE, IN_ADVANCE = "past_due", "due", "in_advance"


@dataclass(frozen=True)
class PlanTerms:
    """How principal is repaid: equal_instalment, equal_principal, interest_only or bullet.

    ``whole_steps``: a month costs a twelfth of the rate; otherwise its days over the day base.
    """

    method: str
    count: int
    rate: Fraction
    whole_steps: bool
    day_base: int = 360
    relevels: bool = True


@dataclass(frozen=True)
class RevolvingTerms:
    """Draws that fall due some days after each of them, with interest by the day."""

    term_days: int
    rate: Fraction
    by_repaid_principal: bool = False
    day_base: int = 360


def past_due_then_due(order: tuple[str, ...] = COMPONENTS) -> tuple[tuple[str, str], ...]:
    """Return the usual steps: what is past due, then what is due, nothing in advance."""
    return tuple((when, what) for when in (PAST_DUE, DUE) for what in order)


@dataclass(frozen=True)
class PaymentOrder:
    """Steps of (when it is owed, what it is owed for), walked row by row or step by step."""

    steps: tuple[tuple[str, str], ...] = past_due_then_due()
    step_by_step: bool = False
    last_rows_first: bool = False


@dataclass(frozen=True)
class Terms:
    """Everything the loan's figures depend on besides its facts."""

    contract: PlanTerms | RevolvingTerms
    agreed: int
    uplift: Fraction = Fraction(1, 2)
    ceiling: Fraction = Fraction(24, 100)
    grace_days: int = 3
    grace_is_plain: bool = False
    compound: str = "penalty_rate"  # or "off", or "contract_until_maturity"
    day_base: int = 360
    order: PaymentOrder = field(default_factory=PaymentOrder)
    orders_by_kind: tuple[tuple[str, PaymentOrder], ...] = ()
    principal_first_after: int | None = 90
    chargeback_order: tuple[str, ...] = tuple(reversed(COMPONENTS))
    early_fee: Fraction = Fraction(0)
    early_mode: str = "shorten"
    tolerance: int = 0
    non_accrual_after: int | None = 90
    returns_when_cleared: bool = False

    @property
    def is_revolving(self) -> bool:
        """Say whether there are draws instead of a plan."""
        return isinstance(self.contract, RevolvingTerms)

    def order_of(self, payment: str) -> PaymentOrder:
        """Return the order for one kind of payment."""
        return dict(self.orders_by_kind).get(payment, self.order)


@dataclass(frozen=True)
class NewPlan:
    """The terms of a plan that replaces another, beginning on the day of the change."""

    plan: PlanTerms
    starts_on: date
