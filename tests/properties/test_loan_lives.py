"""The laws of a loan under random lives.

Method: hypothesis draws terms, a principal and a list of payments with the days between them; the
life closes every day in between. The books see nothing but events and day closes, and are compared
with the loan's state after every single event and every single day.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_state import LoanStatus
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.penalty import penalty_rate_e8
from tests.properties.loan_life import LOAN, OPEN, Life

ORDER = ("fee", "penalty", "compound", "interest", "principal")
CALM = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def loan_terms(draw):
    is_revolving = draw(st.booleans())
    rate = draw(st.sampled_from([0, 1, 3_333_333, 10_800_000, 14_400_000, 24_000_000]))
    return LoanTerms(
        product_code="any",
        product_version=1,
        currency="CNY",
        method="revolving_daily" if is_revolving else "equal_instalment",
        term=draw(st.sampled_from([1, 30, 45]) if is_revolving else st.sampled_from([1, 2, 3, 6])),
        annual_rate_e8=rate,
        day_base=draw(st.sampled_from([360, 365])),
        penalty_rate_e8=penalty_rate_e8(contract_rate_e8=rate, uplift_e8=50_000_000, ceiling_e8=24_000_000),
        compound=draw(st.booleans()),
        grace_days=draw(st.sampled_from([0, 3, 10])),
        early_fee_e8=0 if is_revolving else draw(st.sampled_from([0, 1_000_000, 3_000_000])),
        allocation_order=ORDER,
        principal_first_after_dpd=draw(st.sampled_from([5, 20, 90])),
        prepayment_mode=draw(st.sampled_from(["shorten_term", "reduce_instalment"])),
    )


principals = st.one_of(st.integers(60, 2_000), st.integers(100_000, 5_000_000))
starts = st.dates(date(2023, 12, 1), date(2024, 12, 31))
kinds = st.sampled_from(["instalment"] * 5 + ["prepayment"] * 4 + ["payoff"])
shares = st.integers(1, 120)
waits = st.one_of(st.integers(0, 3), st.integers(4, 40), st.integers(28, 31), st.just(100))
modes = st.sampled_from([None, "shorten_term", "reduce_instalment"])
payments = st.lists(st.tuples(waits, kinds, shares, modes), min_size=1, max_size=12)


def amount_for(life, kind, share):
    """Return a share (in percent) of what the kind could take; now and then leave it to the loan."""
    if kind == "payoff" or share > 115:
        return None
    loan, on = life.loan, life.today
    quote = loan.payoff_quote(on)
    if kind == "prepayment":
        reached = quote.due.total_minor + quote.broken_interest_minor
        return max(1, reached + (quote.total_minor - reached) * share // 100)
    reachable = quote.total_minor if loan.state.contract.is_revolving else loan.due_amount(on)
    return max(1, reachable * share // 100)


def check_payment(life, result, asked):
    repaid = life.of("loan.repaid")[-1]
    assert repaid.amount_minor == repaid.fee_minor + sum(part.total_minor for part in repaid.parts)
    assert result.applied_minor == repaid.amount_minor
    assert asked is None or result.applied_minor + result.left_over_minor == asked
    if result.kind == "payoff":
        assert life.status is LoanStatus.SETTLED


@CALM
@given(terms=loan_terms(), principal=principals, start=starts, payments=payments)
def test_books_and_state_agree_at_every_event_and_every_day(terms, principal, start, payments):
    life = Life(terms=terms, principal_minor=principal, start=start)
    for wait, kind, share, mode in payments:
        if life.status not in OPEN:
            break
        life.live_until(life.today + timedelta(days=wait))
        asked = amount_for(life, kind, share)
        result = life.repay(kind, asked, mode=mode)
        if not isinstance(result, Exception):
            check_payment(life, result, asked)
    if life.status in OPEN:
        quote = life.loan.payoff_quote(life.today).total_minor
        assert life.repay("payoff", quote).is_settled
    life.close_day()
    assert life.loan.state.accruals == ()
    assert life.loan.owed(life.today).total_minor == 0
    folded = LoanAccount.blank(LOAN)
    for event in life.events:
        event.mutate(folded)
    assert folded.state == life.loan.state
