"""The posting table: which accounts an event debits and credits.

Owns: one row per event topic, from the event's payload alone, the product and its accounts on each leg, and
the proof that each entry balances per currency, on and off the balance sheet separately.
Refuses to know: how an event came about, the database, and balances. Other apps add their own rows
with ``register_posting``; an event without money says so with ``no_posting``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from ledger.domain import chart_of_accounts as chart
from ledger.domain.accrual import INTEREST
from ledger.domain.accrual_run import AccrualRunPosted
from ledger.domain.chart_of_accounts import CHART, Side
from ledger.domain.loan_events import (
    LoanCompoundRaised,
    LoanDisbursed,
    LoanFact,
    LoanPenaltyStarted,
    LoanRepaid,
)
from ledger.policies.account_mapping import mapped_account

OWN_FUNDS: Final = "own"


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a journal entry. ``settlement_account_id`` names the borrower's sub-account.

    ``funder`` is in whose books the leg stands, which are the lender's own; how a balance is shared among the
    parties that fund a product is a report (``funding_report``).
    """

    account: str
    side: str
    amount_minor: int
    currency: str
    entity_id: UUID | None = None
    loan_id: UUID | None = None
    settlement_account_id: UUID | None = None
    product_code: str = ""
    funder: str = OWN_FUNDS


Posting = Callable[[Any], tuple[Leg, ...]]
POSTINGS: Final[dict[str, Posting]] = {}


class PostingUnknown(LookupError):
    """An event's topic is in no row of the table: a fault, never a refusal."""


class PostingUnbalanced(ValueError):
    """A posting produced an entry that cannot be booked: a fault, never a refusal."""


def register_posting(topic: str) -> Callable[[Posting], Posting]:
    """Decorate the function that turns events of one topic into legs."""

    def register(posting: Posting) -> Posting:
        if topic in POSTINGS:
            raise ValueError(f"topic {topic} already has a posting")
        POSTINGS[topic] = posting
        return posting

    return register


def no_posting(*topics: str) -> None:
    """State that events of these topics move no money."""
    for topic in topics:
        register_posting(topic)(_no_legs)


def legs_for(event: Any) -> tuple[Leg, ...]:
    """Return the balanced legs of an event, without zero amounts; empty when it moves no money.

    A leg without a product has the event's, if the event names one, and stands on the product's account.
    """
    posting = POSTINGS.get(event.TOPIC)
    if posting is None:
        raise PostingUnknown(f"no posting is registered for {event.TOPIC}")
    product = getattr(event, "product_code", "")
    legs = tuple(_of_product(leg, product) for leg in posting(event) if leg.amount_minor != 0)
    _require_balanced(legs, topic=event.TOPIC)
    return legs


def transfer(
    debit: str,
    credit: str,
    amount_minor: int,
    *,
    currency: str,
    entity_id: UUID | None = None,
    loan_id: UUID | None = None,
    settlement_account_id: UUID | None = None,
    product_code: str = "",
) -> tuple[Leg, Leg]:
    """Return a debit and a credit of one amount; the settlement account marks only its own leg."""

    def leg(account: str, side: Side) -> Leg:
        settlement = settlement_account_id if account == chart.BORROWER_SETTLEMENT else None
        return Leg(account, side.value, amount_minor, currency, entity_id, loan_id, settlement, product_code)

    return leg(debit, Side.DEBIT), leg(credit, Side.CREDIT)


@register_posting("loan.disbursed")
def _disbursed(event: LoanDisbursed) -> tuple[Leg, ...]:
    amount = event.principal_minor
    return (
        *_of_loan(event, chart.LOAN_PRINCIPAL, chart.BORROWER_SETTLEMENT, amount),
        *_of_loan(event, chart.BORROWER_SETTLEMENT, chart.CASH_BANK, amount),
        *_of_loan(event, chart.MEMO_CONTRA, chart.MEMO_UNDRAWN_COMMITMENT, amount),
    )


@register_posting("loan.penalty_started")
def _penalty_started(event: LoanPenaltyStarted) -> tuple[Leg, ...]:
    amounts = (event.penalty_catch_up_minor, event.compound_catch_up_minor)
    pairs = (_of_loan(event, chart.PENALTY_RECEIVABLE, chart.PENALTY_INCOME, amount) for amount in amounts)
    return tuple(leg for pair in pairs for leg in pair)


@register_posting("loan.compound_raised")
def _compound_raised(event: LoanCompoundRaised) -> tuple[Leg, ...]:
    return _of_loan(event, chart.PENALTY_RECEIVABLE, chart.PENALTY_INCOME, event.compound_catch_up_minor)


@register_posting("loan.repaid")
def _repaid(event: LoanRepaid) -> tuple[Leg, ...]:
    legs = list(_broken_interest(event))
    for account, amount in _settled_claims(event):
        legs.extend(_of_loan(event, chart.BORROWER_SETTLEMENT, account, amount))
    principal = sum(part.principal_minor for part in event.parts)
    # Every line is revolving: repaid principal can be drawn again.
    legs.extend(_of_loan(event, chart.MEMO_UNDRAWN_COMMITMENT, chart.MEMO_CONTRA, principal))
    return tuple(legs)


@register_posting("accrual.run_posted")
def _accrual_run_posted(event: AccrualRunPosted) -> tuple[Leg, ...]:
    legs: list[Leg] = []
    for bucket in event.buckets:
        accounts = (chart.PENALTY_RECEIVABLE, chart.PENALTY_INCOME)
        if bucket.kind == INTEREST:
            accounts = (chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME)
        legs.extend(
            transfer(
                *accounts, bucket.amount_minor, currency=bucket.currency, product_code=bucket.product_code
            )
        )
    return tuple(legs)


def _settled_claims(event: LoanRepaid) -> Iterator[tuple[str, int]]:
    parts = event.parts
    yield chart.FEE_RECEIVABLE, sum(part.fee_minor for part in parts)
    yield chart.PENALTY_RECEIVABLE, sum(part.penalty_minor + part.compound_minor for part in parts)
    yield chart.INTEREST_RECEIVABLE, sum(part.interest_minor for part in parts)
    yield chart.LOAN_PRINCIPAL, sum(part.principal_minor for part in parts)
    yield chart.FEE_INCOME, event.fee_minor


def _broken_interest(event: LoanRepaid) -> tuple[Leg, ...]:
    adjustment = event.accrual_adjustment_minor
    if adjustment >= 0:
        return _of_loan(event, chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME, adjustment)
    return _of_loan(event, chart.INTEREST_INCOME, chart.INTEREST_RECEIVABLE, -adjustment)


def _of_loan(event: LoanFact, debit: str, credit: str, amount_minor: int) -> tuple[Leg, Leg]:
    return transfer(
        debit,
        credit,
        amount_minor,
        currency=event.currency,
        entity_id=event.entity_id,
        loan_id=event.originator_id,
        settlement_account_id=event.account_id,
    )


def _of_product(leg: Leg, product: str) -> Leg:
    code = leg.product_code or product
    if not code:
        return leg
    return replace(leg, account=mapped_account(leg.account, product_code=code), product_code=code)


def _no_legs(_event: Any) -> tuple[Leg, ...]:
    return ()


def _require_balanced(legs: tuple[Leg, ...], *, topic: str) -> None:
    totals: Counter[tuple[str, bool]] = Counter()
    for leg in legs:
        if leg.amount_minor < 0 or leg.account not in CHART:
            raise PostingUnbalanced(f"{topic}: a leg is negative or names no account of the chart")
        signed = leg.amount_minor if leg.side == Side.DEBIT else -leg.amount_minor
        totals[leg.currency, CHART[leg.account].is_off_balance] += signed
    if any(totals.values()):
        raise PostingUnbalanced(f"{topic}: debits and credits differ")


no_posting(
    "loan.requested",
    "loan.conventions_agreed",
    "product.version_saved",
    "product.retired",
    "product.funding_agreed",
    "period.closed",
    "loan.disbursement_failed",
    "loan.overdue",
    "loan.rescheduled",
    "loan.cured",
    "loan.settled",
)
