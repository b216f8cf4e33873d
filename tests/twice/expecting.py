"""What is to be refused, by what the reference knows of a loan: the code of the refusal, or None.

Owns: the states of a loan and what can happen in them, value dates, amounts beyond what there is, and money
that is not there, each written down again from the rules. What it cannot be (a fact of a fact that is not there, a
plan without room) the reference refuses itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.facts import REVERSALS, Fact, Refused
from tests.reference.position import Position

if TYPE_CHECKING:
    from tests.twice.known import KnownLoan

ASKED = "asked"
UNDER_WAY = "LEDGER_PART_UNDER_WAY"
# Decisions that a part under way would arrive on top of.
WAITS = (
    "plan_changed",
    "change_undone",
    "accelerated",
    "charged_off",
    "written_off",
    "settled_at_discount",
    "sold",
)

CEILING = Fraction(24, 100)
BY_REASON = {
    "unsound": "LEDGER_FACT_INVALID",
    "unknown": "LEDGER_FACT_REFERENCE_UNKNOWN",
    "twice": "LEDGER_FACT_REVERSED_TWICE",
    "impossible": "LEDGER_FACT_IMPOSSIBLE",
    "rates": "LEDGER_RATE_TABLE_INVALID",
}
NO_FUNDS = "LEDGER_FUNDS_NOT_AVAILABLE"
RUNNING, OVER, GIVEN_UP = (
    ("active", "overdue"),
    ("settled", "overpaid"),
    ("written_off", "settled_at_discount"),
)
GIVES_UP = ("charged_off", *GIVEN_UP)
STILL_WHEN_OVER = (
    "payment",
    "payment_reversed",
    "refunded",
    "chargeback",
    "charge_adjusted",
    "change_undone",
    "rate_changed",
    "interest_paused",
    "promotion_granted",
    "promotion_ended",
)
STILL_WHEN_GIVEN_UP = ("recovered", "payment_reversed", "refunded", "charge_off_undone")
STILL_WHEN_SOLD = ("payment", "recovered", "payment_reversed", "refunded", "chargeback", "sale_undone")
STILL_OFF_BOOKS = (
    *STILL_WHEN_GIVEN_UP,
    *GIVEN_UP,
    "sold",
    "chargeback",
    "penalty_waived",
    "interest_waived",
)
WAIVERS = ("interest_waived", "penalty_waived", "charge_waived", "charge_adjusted")


def refused_in_state(status: str, what: str) -> str | None:
    """Return why a loan in a state does not take what is asked for; ``repay`` is a payment by the borrower."""
    if what == "disbursed":
        return "LEDGER_LOAN_ALREADY_DISBURSED"
    if status == "sold":
        return None if what in STILL_WHEN_SOLD else "LEDGER_LOAN_SOLD"
    if what == "sale_undone":
        return "LEDGER_LOAN_NOT_SOLD"
    if status in RUNNING:
        if what in ("recovered", "charge_off_undone"):
            return "LEDGER_LOAN_NOT_CHARGED_OFF"
        return "LEDGER_LOAN_NOT_OVERDUE" if what in GIVES_UP and status == "active" else None
    if status in OVER:
        if what in ("recovered", "charge_off_undone"):
            return "LEDGER_LOAN_NOT_CHARGED_OFF"
        return None if what in STILL_WHEN_OVER else "LEDGER_LOAN_ALREADY_SETTLED"
    if status == "charged_off":
        return None if what in STILL_OFF_BOOKS else "LEDGER_LOAN_CHARGED_OFF"
    return None if what in STILL_WHEN_GIVEN_UP else "LEDGER_LOAN_GIVEN_UP"


def refused_by_date(loan: KnownLoan, on: date, today: date) -> str | None:
    """Return why a value date is refused."""
    if on > today:
        return "LEDGER_VALUE_DATE_AHEAD"
    return "LEDGER_VALUE_DATE_BEFORE_PAYOUT" if on < loan.paid_out_on else None


def refusal_of(loan: KnownLoan, fact: Fact, *, today: date, available: int) -> str | None:
    """Return why a fact is refused on a day; ``available`` is on the account that it takes money from."""
    before = loan.on(today)
    waits = UNDER_WAY if fact.what in WAITS and loan.parts and loan.parts.under_way else None
    code = refused_in_state(before.status, fact.what) or waits or refused_by_date(loan, fact.on, today)
    if code:
        return code
    try:
        after = loan.on(today, fact)
    except Refused as refused:
        return BY_REASON[refused.reason]
    code = next(_beside_a_sale(loan, fact, before), None) or next(_beyond(loan, fact, before, after), None)
    if code or fact.what == "disbursement_reversed":
        return code  # a payout that came back is with the bank
    return refused_for_money(before, after, available)


def refused_for_money(before: Position, after: Position, available: int) -> str | None:
    """Return that an account does not hold what a fact takes from it."""
    taken = before.books["settlement"] - after.books["settlement"]
    return NO_FUNDS if taken > max(available, 0) else None


def _beside_a_sale(loan: KnownLoan, fact: Fact, before: Position) -> Iterator[str]:
    """Yield why a sale is refused because of what came after it, or money because of a sale before it."""
    gone = before.reversed_names
    later = (one for one in loan.facts if one.on > fact.on and one.what not in REVERSALS)
    if fact.what == "sold" and any(one.name not in gone and one.of not in gone for one in later):
        yield "LEDGER_SALE_NOT_LAST"
    if before.sold_on is not None and fact.what in ("payment", "recovered"):
        if fact.on > before.sold_on:
            yield "LEDGER_LOAN_SOLD"
        if fact.what == "recovered" and before.charged_off_on is None:
            yield "LEDGER_LOAN_NOT_CHARGED_OFF"
        if fact.what == "payment" and before.charged_off_on is not None:
            yield "LEDGER_LOAN_CHARGED_OFF"


def _beyond(loan: KnownLoan, fact: Fact, before: Position, after: Position) -> Iterator[str]:
    amount = fact.says.get("amount") or 0
    if fact.what in GIVES_UP and fact.on < _last_paid_out_on(loan):
        yield "LEDGER_VALUE_DATE_BEFORE_PAYOUT"
    if fact.what == "refunded" and amount > before.overpaid:
        yield "LEDGER_REFUND_ABOVE_OVERPAYMENT"
    if fact.what in WAIVERS:
        found = [(asked, done) for name, asked, done in after.waivers if name == ASKED]
        if any(done < asked or done == 0 for asked, done in found):
            yield "LEDGER_WAIVER_ABOVE_OWED"
    if fact.what == "chargeback" and amount > _left_of(loan, fact["of"]):
        yield "LEDGER_CHARGEBACK_ABOVE_PAYMENT"
    if _rate_of(fact) > CEILING:
        yield "LEDGER_RATE_ABOVE_AGREED_CEILING"
    if fact.what in ("non_accrual_started", "non_accrual_ended"):
        if (fact.what == "non_accrual_started") == (before.non_accrual_since is not None):
            yield "LEDGER_NON_ACCRUAL_UNCHANGED"
        elif fact.what == "non_accrual_ended" and before.days_past_due:
            yield "LEDGER_ARREARS_NOT_CLEARED"


def _last_paid_out_on(loan: KnownLoan) -> date:
    """Return the day of the last payout that has not come back; the first day there is, if all have."""
    undone = {one.of for one in loan.facts if one.what == "disbursement_reversed"}
    paid_out = (one.on for one in loan.facts if one.what == "disbursed" and one.name not in undone)
    return max(paid_out, default=date.min)


def _rate_of(fact: Fact) -> Fraction:
    """Return the rate that a fact would charge from now on; 0 where it names none."""
    if fact.what == "plan_changed" and fact.says.get("plan") is not None:
        return fact["plan"].rate
    return fact["rate"] if fact.what == "rate_changed" else Fraction(0)


def _left_of(loan: KnownLoan, name: str) -> int:
    """Return what was paid less what was taken back of it: nothing of a payment that bounced, or was a credit.

    A chargeback that was reversed took nothing.
    """
    payment = loan.named(name)
    if payment and payment.says.get("payment") == "goodwill_credit":
        return 0
    undone = {one.of for one in loan.facts if one.what == "payment_reversed"}
    taken = sum(
        one["amount"]
        for one in loan.facts
        if one.what == "chargeback" and one.of == name and one.name not in undone
    )
    return payment["amount"] - taken if payment and name not in undone else 0
