"""The laws of a loan under random lives.

Method: hypothesis draws terms, a principal and a list of what happens with the days between; the life closes
every day in between. The books see nothing but events and day closes, and are compared balance by balance
with the loan's state and with a derivation after every single event and every single day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanStatus
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.penalty import penalty_rate_e8
from ledger.domain.servicing.facts import Instruction, PaymentKind
from tests.properties.loan_facts import amount_for, happen, happenings
from tests.properties.loan_life import LOAN, OPEN, Life

ORDER = ("fee", "penalty", "compound", "interest", "principal")
CALM = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
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


def check_payment(life, result, asked):
    paid = life.of("loan.payment_received")[-1]
    assert paid.amount_minor == result.fee_minor + sum(part.total_minor for part in result.parts)
    assert result.applied_minor == paid.amount_minor
    assert asked is None or result.applied_minor + result.left_over_minor == asked
    if result.kind == "payoff":
        assert life.status is LoanStatus.SETTLED


@CALM
@given(terms=loan_terms(), principal=principals, start=starts, payments=payments)
def test_payments_settle_what_they_take_and_a_payoff_ends_the_loan(terms, principal, start, payments):
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


@CALM
@given(
    terms=loan_terms(),
    principal=principals,
    start=starts,
    happened=st.lists(happenings, min_size=1, max_size=10),
)
def test_books_and_state_agree_at_every_event_and_every_day(terms, principal, start, happened):
    life = Life(terms=terms, principal_minor=principal, start=start)
    for what in happened:
        life.live_until(life.today + timedelta(days=what.wait))
        happen(life, what)
    life.live_until(life.today + timedelta(days=20))
    folded = LoanAccount.blank(LOAN)
    for event in life.events:
        event.mutate(folded)
    assert folded.state == life.loan.state


@CALM
@given(terms=loan_terms(), principal=principals, start=starts, waits=st.lists(st.integers(1, 60), max_size=4))
def test_a_loan_that_nobody_wakes_is_right_again_at_the_next_event(terms, principal, start, waits):
    life = Life(terms=terms, principal_minor=principal, start=start)
    for wait in waits:
        for _ in range(wait):
            life.post_day()
        life.do("catch_up")
        assert not life.is_waiting
        life.assert_books_hold()


days = st.integers(0, 150)
late_facts = st.lists(
    st.tuples(
        st.sampled_from(["payment"] * 4 + ["charge", "rate", "pause", "accelerated", "penalty_waived"]),
        days,
        st.one_of(st.just(0), st.integers(1, 120)),
        st.integers(1, 700),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda fact: fact[1],
)


def facts_of(facts, principal, start):
    """Return (value date, day of arrival, kind, id, details) of facts and of the reversals of some payments."""
    told = []
    for number, (kind, day, delay, share) in enumerate(facts):
        on, amount = start + timedelta(days=day), max(1, principal * share // 1_000)
        known_on = on + timedelta(days=delay)
        given = {
            "payment": (
                FactKind.PAYMENT_RECEIVED,
                {
                    "amount_minor": amount,
                    "payment": (PaymentKind.INSTALMENT, PaymentKind.EARLY)[share % 2],
                    "instruction": list(Instruction)[share % 5],
                },
            ),
            "charge": (FactKind.CHARGE_ADDED, {"amount_minor": amount, "due_on": on + timedelta(days=9)}),
            "rate": (FactKind.RATE_CHANGED, {"rate_e8": share * 10_000}),
            "pause": (FactKind.INTEREST_PAUSED, {"until": on + timedelta(days=1 + share % 40)}),
            "accelerated": (FactKind.ACCELERATED, {"due_on": on + timedelta(days=3)}),
            "penalty_waived": (FactKind.PENALTY_WAIVED, {}),
        }[kind]
        told.append((on, known_on, given[0], f"f{number}", given[1]))
        if kind == "payment" and share % 4 == 0:
            bounced_on = on + timedelta(days=share % 30)
            known_on = max(known_on, bounced_on)
            told.append((bounced_on, known_on, FactKind.PAYMENT_REVERSED, f"r{number}", {"of": f"f{number}"}))
    return told


def lived(terms, principal, start, told, until, *, arrival):
    """Return a life in which each fact was recorded on the day that ``arrival`` chooses."""
    life = Life(terms=terms, principal_minor=principal, start=start)
    for fact in sorted(told, key=lambda fact: (arrival(fact), fact[3][0] == "r")):
        life.live_until(arrival(fact))
        on, _, kind, fact_id, details = fact
        assume(not isinstance(life.record(kind, fact_id, on, **details), Exception))
    life.live_until(until)
    if life.is_waiting:
        life.do("catch_up")
    return life


@CALM
@given(terms=loan_terms(), principal=principals, start=starts, facts=late_facts)
def test_any_order_of_arrival_gives_the_same_position_and_the_same_books(terms, principal, start, facts):
    """A late fact is as if it had been known in time: position, rows, payments and every balance."""
    told = facts_of(facts, principal, start)
    until = max(known_on for _, known_on, *_ in told) + timedelta(days=1)
    punctual = lived(terms, principal, start, told, until, arrival=lambda fact: fact[0])
    late = lived(terms, principal, start, told, until, arrival=lambda fact: fact[1])
    assert late.derived() == punctual.derived()
    assert +late.balances == +punctual.balances
    assert -late.balances == -punctual.balances
    one, other = late.loan.state, punctual.loan.state
    assert (one.rows, one.payments, one.standing) == (other.rows, other.payments, other.standing)


@CALM
@given(
    terms=loan_terms(),
    principal=principals,
    start=starts,
    facts=late_facts,
    day=days,
    after=st.integers(0, 90),
    share=st.integers(1, 700),
)
def test_a_reversed_payment_has_never_been(terms, principal, start, facts, day, after, share):
    on, amount = start + timedelta(days=day), max(1, principal * share // 1_000)
    told = [fact for fact in facts_of(facts, principal, start) if fact[0] != on]
    bounced_on = on + timedelta(days=after)
    payment = (on, on, FactKind.PAYMENT_RECEIVED, "p", {"amount_minor": amount})
    bounce = (bounced_on, bounced_on, FactKind.PAYMENT_REVERSED, "rp", {"of": "p"})
    until = max([bounced_on, *(known_on for _, known_on, *_ in told)]) + timedelta(days=1)
    without = lived(terms, principal, start, told, until, arrival=lambda fact: fact[1])
    after_all = lived(terms, principal, start, [*told, payment, bounce], until, arrival=lambda fact: fact[1])
    reversed_ids = without.derived().reversed_ids
    assert replace(after_all.derived(), reversed_ids=reversed_ids) == without.derived()
    assert +after_all.balances == +without.balances
    assert -after_all.balances == -without.balances
