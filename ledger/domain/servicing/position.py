"""A loan as it stands on a day: the answer of a derivation, frozen and comparable.

Owns: the records. Refuses to know: how they are computed. All amounts are in minor units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from ledger.domain.allocation import STANDARD_ORDER, Buckets
from ledger.domain.servicing.books import Books
from ledger.domain.servicing.claims import RowKind
from ledger.domain.servicing.early import Payoff
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.running_totals import UseOfMoney
from ledger.policies.classification import Classification


class Status(StrEnum):
    """Where a loan stands."""

    NOT_DISBURSED = "not_disbursed"
    ACTIVE = "active"
    OVERDUE = "overdue"
    SETTLED = "settled"
    OVERPAID = "overpaid"
    CHARGED_OFF = "charged_off"
    WRITTEN_OFF = "written_off"
    SETTLED_AT_DISCOUNT = "settled_at_discount"
    SOLD = "sold"


@dataclass(frozen=True)
class Growth:
    """How one kind of amount of one row grows within [starts_on, ends_on): exact, cumulative over its life.

    On a day of the stretch the row has earned carry + pace x days since ``starts_on``, over ``denominator``,
    rounded half up, and ``fixed_minor`` besides. The close of a day posts the total of the next morning less
    the total of its own; before the first stretch the total is ``earned_before_minor``. The last stretch has
    no end.
    """

    row: str
    kind: str
    starts_on: date
    ends_on: date | None
    per_day_numerator: int
    denominator: int
    carry_numerator: int
    fixed_minor: int
    earned_before_minor: int

    def earned(self, on: date) -> int:
        """Return what has been earned by a day of the stretch."""
        exact = self.carry_numerator + self.per_day_numerator * (on - self.starts_on).days
        return self.fixed_minor + (2 * exact + self.denominator) // (2 * self.denominator)


@dataclass(frozen=True)
class PositionRow:
    """One row: ``due`` is what it asks for by the day, ``moved`` what other rows or a buyer of the loan took over
    (or rows gave, below zero), ``unpaid`` what is left. Interest of a row to come is what it will ask for.
    """

    name: str
    kind: RowKind
    number: int
    version: int
    starts_on: date
    due_on: date
    grace_ends: date
    due: Buckets
    paid: Buckets
    waived: Buckets
    moved: Buckets
    unpaid: Buckets
    earned_interest_minor: int
    days_past_due: int
    settled_on: date | None


@dataclass(frozen=True)
class MoneyUsed:
    """One payment: ``amount_minor`` = shares + early fee + recovered + surplus, always."""

    id: str
    on: date
    kind: str
    amount_minor: int
    did: str
    days_past_due: int
    order: tuple[str, ...]
    principal_first: bool
    shares: tuple[tuple[str, str, int], ...]
    early_fee_minor: int
    recovered_minor: int
    surplus_minor: int


@dataclass(frozen=True)
class Waived:
    """What a waiver asked for, and what it found."""

    id: str
    asked_minor: int
    waived_minor: int


@dataclass(frozen=True, kw_only=True)
class Position:
    """Everything about a loan on the day ``on``."""

    on: date
    status: Status
    rows: tuple[PositionRow, ...]
    uses: tuple[UseOfMoney, ...]
    waivers: tuple[Waived, ...]
    reversed_ids: tuple[str, ...]
    disbursed_minor: int
    capitalised_minor: int
    owed_again_minor: int
    principal_repaid_minor: int
    principal_given_up_minor: int
    principal_sold_minor: int
    outstanding_minor: int
    earned: Buckets
    due: Buckets
    overdue: Buckets
    accrued_not_due_minor: int
    late_fees_not_charged_minor: int
    overpaid_minor: int
    payoff: Payoff | None
    days_past_due: int
    oldest_due_on: date | None
    classification: Classification
    non_accrual_since: date | None
    charged_off_on: date | None
    given_up_on: date | None
    sold_on: date | None
    matures_on: date | None
    schedule_version: int
    books: Books
    # What the position was read from; it is not changed any more, and growth is worked out from it on demand.
    life: Life = field(compare=False, repr=False)

    @cached_property
    def money(self) -> tuple[MoneyUsed, ...]:
        """Return every payment; there may be thousands, and most questions are about other things."""
        return tuple(map(money_used, self.uses))


def money_used(use: UseOfMoney) -> MoneyUsed:
    """Return how a payment was used, as a record."""
    return MoneyUsed(
        id=use.fact_id,
        on=use.on,
        kind=use.label,
        amount_minor=use.amount_minor,
        did=use.did,
        days_past_due=use.days_past_due,
        order=use.order,
        principal_first=use.principal_first,
        shares=tuple((row, STANDARD_ORDER[component], amount) for row, component, amount in use.shares),
        early_fee_minor=use.early_fee_minor,
        recovered_minor=use.recovered_minor,
        surplus_minor=use.surplus_minor,
    )
