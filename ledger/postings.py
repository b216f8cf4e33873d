"""The posting table: which accounts an event debits and credits.

Owns: one row per event topic, from the event's payload alone, the product and its accounts on each leg, and
the proof that each entry balances per currency, on and off the balance sheet separately.
Refuses to know: how an event came about, the database, and balances. Other apps add their own rows
with ``register_posting``; an event without money says so with ``no_posting``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from ledger.domain import chart_of_accounts as chart
from ledger.domain.accrual import INTEREST
from ledger.domain.accrual_run import AccrualRunPosted
from ledger.domain.chart_of_accounts import CHART, Side
from ledger.domain.loan_events import (
    FACT_TOPICS,
    LoanAged,
    LoanEvent,
    LoanFactRecorded,
    LoanMoved,
    LoanTakenOver,
)
from ledger.domain.loan_growth import MEMO, OFF_BOOKS
from ledger.domain.loan_record import FactKind
from ledger.domain.provision_run import ProvisionPosted
from ledger.domain.servicing.books import MEMO as MEMO_COMPONENTS
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
# Which account each balance of a loan stands on; a loss goes through the allowance besides.
ACCOUNTS: Final[dict[str, str]] = {
    "principal": chart.LOAN_PRINCIPAL,
    "interest_receivable": chart.INTEREST_RECEIVABLE,
    "penalty_receivable": chart.PENALTY_RECEIVABLE,
    "fee_receivable": chart.FEE_RECEIVABLE,
    "waiver_expense": chart.WAIVER_EXPENSE,
    "goodwill_expense": chart.GOODWILL_EXPENSE,
    "loss": chart.PROVISION_EXPENSE,
    "suspense_overpayment": chart.SUSPENSE_OVERPAYMENT,
    "interest_income": chart.INTEREST_INCOME,
    "penalty_income": chart.PENALTY_INCOME,
    "fee_income": chart.FEE_INCOME,
    "recovery_income": chart.RECOVERY_INCOME,
    "sale_gain": chart.GAIN_ON_LOAN_SALE,
    "sale_price": chart.CASH_BANK,
    "settlement": chart.BORROWER_SETTLEMENT,
    "memo_nonaccrual_interest": chart.MEMO_NONACCRUAL_INTEREST,
    "memo_charged_off": chart.MEMO_WRITTEN_OFF,
}


# What a loan that is taken over opens with; income, losses and money of the years before stay in the books they
# were booked in.
OPENING: Final = MEMO_COMPONENTS | {
    "principal",
    "interest_receivable",
    "penalty_receivable",
    "fee_receivable",
    "suspense_overpayment",
}


class PostingUnknown(LookupError):
    """An event's topic is in no row of the table: a fault, never a refusal."""


class PostingUnbalanced(ValueError):
    """A posting produced an entry that cannot be booked: a fault, never a refusal."""


def register_posting(*topics: str) -> Callable[[Posting], Posting]:
    """Decorate the function that turns events of these topics into legs."""

    def register(posting: Posting) -> Posting:
        for topic in topics:
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


@register_posting(*FACT_TOPICS)
def _fact_recorded(event: LoanFactRecorded) -> tuple[Leg, ...]:
    legs = _adjusted(event)
    if event.fact.kind is FactKind.DISBURSED:
        # Paid out at once (P-03): what is owed to the borrower leaves the bank. A payout from other books moved
        # nothing here.
        legs += _of_loan(event, chart.BORROWER_SETTLEMENT, chart.CASH_BANK, -_came_back(event))
    if event.fact.kind is FactKind.DISBURSEMENT_REVERSED:
        legs += _of_loan(event, chart.CASH_BANK, chart.BORROWER_SETTLEMENT, _came_back(event))
    return legs


def _came_back(event: LoanFactRecorded) -> int:
    return -sum(one.amount_minor for one in event.adjustments if one.component == "settlement")


@register_posting("loan.aged")
def _aged(event: LoanAged) -> tuple[Leg, ...]:
    return _adjusted(event)


@register_posting("loan.taken_over")
def _taken_over(event: LoanTakenOver) -> tuple[Leg, ...]:
    """Open with what is owed and what is kept off the balance sheet; how it came about is no result of these books."""
    legs = _adjusted(event, only=OPENING)
    signed = sum(_signed(leg) for leg in legs if not CHART[leg.account].is_off_balance)
    side = Side.CREDIT if signed > 0 else Side.DEBIT
    return (*legs, _leg(event, chart.OPENING_BALANCES, side, abs(signed)))


@register_posting("accrual.run_posted")
def _accrual_run_posted(event: AccrualRunPosted) -> tuple[Leg, ...]:
    legs: list[Leg] = []
    for bucket in event.buckets:
        legs.extend(
            transfer(
                *_accounts_of(bucket.kind),
                bucket.amount_minor,
                currency=bucket.currency,
                product_code=bucket.product_code,
            )
        )
    return tuple(legs)


@register_posting("provision.posted")
def _provision_posted(event: ProvisionPosted) -> tuple[Leg, ...]:
    legs: list[Leg] = []
    for bucket in event.buckets:
        pair = (chart.PROVISION_EXPENSE, chart.LOAN_LOSS_ALLOWANCE)
        debit, credit = pair if bucket.change_minor > 0 else reversed(pair)
        legs.extend(
            transfer(
                debit,
                credit,
                abs(bucket.change_minor),
                currency=bucket.currency,
                product_code=bucket.product_code,
            )
        )
    return tuple(legs)


def _accounts_of(kind: str) -> tuple[str, str]:
    """Return the accounts a day's growth debits and credits: income, or memo where it is none (P-06, P-17)."""
    if kind.startswith(OFF_BOOKS):
        return chart.MEMO_WRITTEN_OFF, chart.MEMO_CONTRA
    if kind.startswith(MEMO):
        return chart.MEMO_NONACCRUAL_INTEREST, chart.MEMO_CONTRA
    if kind == INTEREST:
        return chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME
    return chart.PENALTY_RECEIVABLE, chart.PENALTY_INCOME


def _adjusted(event: LoanMoved, *, only: frozenset[str] = frozenset(ACCOUNTS)) -> tuple[Leg, ...]:
    """Return a leg for each balance that moved, on its own side, or on the other one when it fell."""
    legs: list[Leg] = []
    for adjustment in event.adjustments:
        if adjustment.component not in only:
            continue
        account = ACCOUNTS[adjustment.component]
        is_debit = (adjustment.side == "debit") == (adjustment.amount_minor > 0)
        amount = abs(adjustment.amount_minor)
        legs.append(_leg(event, account, Side.DEBIT if is_debit else Side.CREDIT, amount))
        if adjustment.component in MEMO_COMPONENTS:
            legs.append(_leg(event, chart.MEMO_CONTRA, Side.CREDIT if is_debit else Side.DEBIT, amount))
        if adjustment.component == "loss":
            # A loss is first provided for, then taken from the allowance (P-20, P-21).
            legs.append(
                _leg(event, chart.LOAN_LOSS_ALLOWANCE, Side.CREDIT if is_debit else Side.DEBIT, amount)
            )
            legs.append(
                _leg(event, chart.LOAN_LOSS_ALLOWANCE, Side.DEBIT if is_debit else Side.CREDIT, amount)
            )
    return tuple(legs)


def _leg(event: LoanEvent, account: str, side: Side, amount_minor: int) -> Leg:
    settlement = event.account_id if account == chart.BORROWER_SETTLEMENT else None
    return Leg(
        account, side.value, amount_minor, event.currency, event.entity_id, event.originator_id, settlement
    )


def _of_loan(event: LoanEvent, debit: str, credit: str, amount_minor: int) -> tuple[Leg, Leg]:
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


def _signed(leg: Leg) -> int:
    return leg.amount_minor if leg.side == Side.DEBIT else -leg.amount_minor


def _require_balanced(legs: tuple[Leg, ...], *, topic: str) -> None:
    totals: Counter[tuple[str, bool]] = Counter()
    for leg in legs:
        if leg.amount_minor < 0 or leg.account not in CHART:
            raise PostingUnbalanced(f"{topic}: a leg is negative or names no account of the chart")
        totals[leg.currency, CHART[leg.account].is_off_balance] += _signed(leg)
    if any(totals.values()):
        raise PostingUnbalanced(f"{topic}: debits and credits differ")


no_posting(
    "loan.requested",
    "loan.conventions_agreed",
    "loan.parts_agreed",
    "loan.part_called",
    "loan.part_failed",
    "loan.rest_ended",
    "product.version_saved",
    "product.retired",
    "product.funding_agreed",
    "period.closed",
    "proposal.made",
    "proposal.approved",
    "proposal.rejected",
    "loan.disbursement_failed",
)
