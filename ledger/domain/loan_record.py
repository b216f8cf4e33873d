"""What a loan's events write down: a dated fact, rows, payments, and where the loan stands.

Owns: the records and their JSON-friendly form, and reading a recorded fact back as the fact it was.
Refuses to know: how a position is derived. A record is what was found when the event happened; a later event
replaces the ones that turned out differently.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

from ledger.domain.allocation import STANDARD_ORDER, Buckets
from ledger.domain.contract.plan_of_loan import plan_terms_of
from ledger.domain.contract.repayment_terms import RepaymentTerms
from ledger.domain.plans.choices import Batch
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.fact_order import FactInvalid
from ledger.domain.servicing.facts import Fact
from ledger.domain.servicing.running_totals import UseOfMoney


class FactKind(StrEnum):
    """The kinds of facts by the names they are recorded under; a name is never reused."""

    DISBURSED = "disbursed"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_REVERSED = "payment_reversed"
    DISBURSEMENT_REVERSED = "disbursement_reversed"
    REFUNDED = "refunded"
    CHARGEBACK = "chargeback"
    CHARGE_ADDED = "charge_added"
    CHARGE_WAIVED = "charge_waived"
    CHARGE_ADJUSTED = "charge_adjusted"
    INTEREST_WAIVED = "interest_waived"
    PENALTY_WAIVED = "penalty_waived"
    RATE_CHANGED = "rate_changed"
    INTEREST_PAUSED = "interest_paused"
    PROMOTION_GRANTED = "promotion_granted"
    PROMOTION_ENDED = "promotion_ended"
    PLAN_CHANGED = "plan_changed"
    CHANGE_UNDONE = "change_undone"
    ACCELERATED = "accelerated"
    NON_ACCRUAL_STARTED = "non_accrual_started"
    NON_ACCRUAL_ENDED = "non_accrual_ended"
    CHARGED_OFF = "charged_off"
    CHARGE_OFF_UNDONE = "charge_off_undone"
    WRITTEN_OFF = "written_off"
    RECOVERED = "recovered"
    SETTLED_AT_DISCOUNT = "settled_at_discount"
    SOLD = "sold"
    SALE_UNDONE = "sale_undone"


_CLASSES: Final[dict[FactKind, type[Fact]]] = {
    FactKind.DISBURSED: kinds.Disbursed,
    FactKind.PAYMENT_RECEIVED: kinds.PaymentReceived,
    FactKind.PAYMENT_REVERSED: kinds.PaymentReversed,
    FactKind.DISBURSEMENT_REVERSED: kinds.DisbursementReversed,
    FactKind.REFUNDED: kinds.Refunded,
    FactKind.CHARGEBACK: kinds.Chargeback,
    FactKind.CHARGE_ADDED: kinds.ChargeAdded,
    FactKind.CHARGE_WAIVED: kinds.ChargeWaived,
    FactKind.CHARGE_ADJUSTED: kinds.ChargeAdjusted,
    FactKind.INTEREST_WAIVED: kinds.InterestWaived,
    FactKind.PENALTY_WAIVED: kinds.PenaltyWaived,
    FactKind.RATE_CHANGED: kinds.RateChanged,
    FactKind.INTEREST_PAUSED: kinds.InterestPaused,
    FactKind.PROMOTION_GRANTED: kinds.PromotionGranted,
    FactKind.PROMOTION_ENDED: kinds.PromotionEnded,
    FactKind.PLAN_CHANGED: kinds.PlanChanged,
    FactKind.CHANGE_UNDONE: kinds.ChangeUndone,
    FactKind.ACCELERATED: kinds.Accelerated,
    FactKind.NON_ACCRUAL_STARTED: kinds.NonAccrualStarted,
    FactKind.NON_ACCRUAL_ENDED: kinds.NonAccrualEnded,
    FactKind.CHARGED_OFF: kinds.ChargedOff,
    FactKind.CHARGE_OFF_UNDONE: kinds.ChargeOffUndone,
    FactKind.WRITTEN_OFF: kinds.WrittenOff,
    FactKind.RECOVERED: kinds.Recovered,
    FactKind.SETTLED_AT_DISCOUNT: kinds.SettledAtDiscount,
    FactKind.SOLD: kinds.Sold,
    FactKind.SALE_UNDONE: kinds.SaleUndone,
}
_WORDS: Final[dict[str, type[StrEnum]]] = {
    "payment": kinds.PaymentKind,
    "instruction": kinds.Instruction,
    "change": kinds.ChangeKind,
    "interest": kinds.OpenInterest,
}
_READ: Final[dict[str, Any]] = {
    **_WORDS,
    "until": date.fromisoformat,
    "due_on": date.fromisoformat,
}
_OF_EVERY_FACT: Final = tuple(one.name for one in fields(Fact))


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """The terms of a plan that replaces another: conventions, a rate, and how many rows (or agreed batches)."""

    repayment: RepaymentTerms
    annual_rate_e8: int
    term: int
    batches: tuple[Batch, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordedFact:
    """A fact as it was reported. ``details`` holds what its kind adds: whole numbers, words, ISO dates.

    ``source_account_id`` and ``reason`` say where money came from and why; they have no part in the figures.
    """

    kind: FactKind
    id: str
    value_date: date
    details: dict[str, int | str | bool | None] = field(default_factory=dict)
    plan: NewPlan | None = None
    source_account_id: str = ""
    reason: str = ""

    @property
    def amount_minor(self) -> int:
        """Return the amount or the price the fact names; 0 where it names none."""
        return int(self.details.get("amount_minor") or self.details.get("price_minor") or 0)

    def as_fact(self, *, sequence: int) -> Fact:
        """Return the fact; ``sequence`` is the number of the event that recorded it."""
        cls = _CLASSES[self.kind]
        given: dict[str, Any] = dict(self.details)
        for name, read in _READ.items():
            if name in given and given[name] is not None:
                given[name] = read(given[name])
        if self.plan is not None:
            # The principal of new terms is what is found outstanding on the day.
            given["terms"] = plan_terms_of(
                self.plan.repayment,
                principal_minor=10**9,
                annual_rate_e8=self.plan.annual_rate_e8,
                start=self.value_date,
                term=self.plan.term,
                batches=self.plan.batches,
            )
        return cls(id=self.id, effective_date=self.value_date, sequence=sequence, **given)


def details_of(kind: FactKind) -> dict[str, bool]:
    """Return the details a kind of fact has, and whether each must be named; a new plan is told apart."""
    common = {one.name for one in fields(Fact)}
    return {
        one.name: one.default is MISSING
        for one in fields(_CLASSES[kind])
        if one.name not in common and one.name != "terms"
    }


def recorded(
    kind: FactKind,
    *,
    fact_id: str,
    value_date: date,
    plan: NewPlan | None = None,
    source_account_id: str = "",
    reason: str = "",
    **details: int | str | bool | date | None,
) -> RecordedFact:
    """Return the record of a fact; details at their defaults are left out.

    Refuses FactInvalid for a detail its kind does not have, lacks, or cannot read.
    """
    defaults = {one.name: one.default for one in fields(_CLASSES[kind])}
    _require_details(kind, details, plan)
    kept = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in details.items()
        if value != defaults[name]
    }
    return RecordedFact(
        kind=kind,
        id=fact_id,
        value_date=value_date,
        details=kept,
        plan=plan,
        source_account_id=source_account_id,
        reason=reason,
    )


def _require_details(kind: FactKind, details: dict[str, Any], plan: NewPlan | None) -> None:
    own = {one.name: one.default for one in fields(_CLASSES[kind])}
    own = {name: default for name, default in own.items() if name not in (*_OF_EVERY_FACT, "terms")}
    if plan is not None and kind is not FactKind.PLAN_CHANGED:
        raise FactInvalid("Only a change of the plan has a new plan.", field="plan")
    for name in details:
        if name not in own:
            raise FactInvalid("A fact of this kind has no such detail.", field=name, kind=kind.value)
    for name, default in own.items():
        if default is MISSING and details.get(name) is None:
            raise FactInvalid("A fact of this kind needs this detail.", field=name, kind=kind.value)
    for name, value in details.items():
        known = [word.value for word in _WORDS.get(name, ())]
        if known and value is not None and value not in known:
            raise FactInvalid("This word is not known.", field=name, known=known)


@dataclass(frozen=True, kw_only=True)
class RecordedRow:
    """One row of what is owed. ``asked`` is planned, without what grows when overdue and what other rows took.

    ``overdue_since`` and ``penalised_on`` say whether it was paid late, by value dates.
    """

    name: str
    kind: str
    version: int
    number: int
    starts_on: date
    due_on: date
    grace_ends: date
    opening_minor: int
    asked: Buckets
    paid: Buckets
    waived: Buckets
    settled_on: date | None = None
    overdue_since: date | None = None
    penalised_on: date | None = None

    @property
    def unpaid_minor(self) -> int:
        """Return what was asked for and is neither paid nor waived; penalties by the day come on top."""
        gone = sum(self.paid.of(name) + self.waived.of(name) for name in ("fee", "interest", "principal"))
        return self.asked.fee_minor + self.asked.interest_minor + self.asked.principal_minor - gone


@dataclass(frozen=True, kw_only=True)
class RowShare:
    """What one payment gave to one row."""

    row: str
    number: int
    given: Buckets


@dataclass(frozen=True, kw_only=True)
class RecordedPayment:
    """How one payment is used: amount = shares + early fee + recovered + surplus."""

    id: str
    kind: str
    value_date: date
    amount_minor: int
    did: str
    days_past_due: int
    order: tuple[str, ...]
    shares: tuple[RowShare, ...]
    early_fee_minor: int = 0
    recovered_minor: int = 0
    surplus_minor: int = 0

    def as_use(self) -> UseOfMoney:
        """Return the use that was recorded."""
        return UseOfMoney(
            fact_id=self.id,
            on=self.value_date,
            label=self.kind,
            amount_minor=self.amount_minor,
            days_past_due=self.days_past_due,
            order=self.order,
            shares=[
                (share.row, component, share.given.of(name))
                for share in self.shares
                for component, name in enumerate(STANDARD_ORDER)
                if share.given.of(name)
            ],
            early_fee_minor=self.early_fee_minor,
            recovered_minor=self.recovered_minor,
            surplus_minor=self.surplus_minor,
            did=self.did,
        )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the loan stands. ``wakes_on`` is the next day on which something happens to it by itself."""

    outstanding_minor: int = 0
    overpaid_minor: int = 0
    schedule_version: int = 0
    category: str = "normal"
    next_due_on: date | None = None
    overdue_since: date | None = None
    matures_on: date | None = None
    non_accrual_since: date | None = None
    charged_off_on: date | None = None
    given_up_on: date | None = None
    settled_on: date | None = None
    wakes_on: date | None = None
