"""Laws of every progressive schedule, whatever happened.

Method: lives of loans are drawn at random (a few dozen, the seed is printed on failure), told, and looked at.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.progressive.conventions import (
    Conventions,
    DaysInMonth,
    DaysInYear,
    InterestPeriod,
    LeapRule,
    PreClose,
    Rest,
)
from ledger.domain.progressive.facts import Disbursement, Pause, Payment, RateChange
from ledger.domain.progressive.payment_rules import FutureRule, PaymentRules
from ledger.domain.progressive.replay import position_on
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.frequencies import Frequency, Unit

START = date(2023, 11, 30)

conventions = st.builds(
    Conventions,
    days_in_year=st.sampled_from(DaysInYear),
    days_in_month=st.sampled_from(DaysInMonth),
    leap_rule=st.sampled_from(LeapRule),
    interest_period=st.sampled_from(InterestPeriod),
    recalculates=st.booleans(),
    rest=st.sampled_from(Rest),
    pre_close=st.sampled_from(PreClose),
)


@st.composite
def agreed(draw):
    step = Frequency(draw(st.sampled_from(Unit)), draw(st.integers(1, 3)))
    count = draw(st.integers(1, 8))
    return ProgressiveTerms(
        start=START,
        due_dates=tuple(step.after(START, steps=number) for number in range(1, count + 1)),
        frequency=step,
        rate_e8=draw(st.integers(0, 50_000_000)),
        conventions=draw(conventions),
        rules={"default": PaymentRules(future=draw(st.sampled_from(FutureRule)))},
    )


@st.composite
def lives(draw):
    terms = draw(agreed())
    days = (terms.due_dates[-1] - START).days
    lent = draw(st.integers(10_000, 50_000_000))
    happened = [Disbursement(START, lent)]
    if draw(st.booleans()):
        later = START + timedelta(draw(st.integers(0, days)))
        happened.append(Disbursement(later, draw(st.integers(1_000, 10_000_000))))
    for _ in range(draw(st.integers(0, 4))):
        on = START + timedelta(draw(st.integers(0, days + 20)))
        happened.append(Payment(on, draw(st.integers(1, lent))))
    if draw(st.booleans()):
        on = START + timedelta(draw(st.integers(1, days)))
        happened.append(RateChange(on, draw(st.integers(0, 50_000_000))))
    if draw(st.booleans()):
        on = START + timedelta(draw(st.integers(0, days)))
        happened.append(Pause(on, on + timedelta(draw(st.integers(0, 40)))))
    return terms, happened, START + timedelta(draw(st.integers(0, days + 30)))


def lent_by(happened, as_of):
    return sum(f.amount_minor for f in happened if isinstance(f, Disbursement) and f.on <= as_of)


def paid_by(happened, as_of):
    return sum(f.amount_minor for f in happened if isinstance(f, Payment) and f.on <= as_of)


def planned(position):
    return [row.due for row in position.rows]


def interest(position):
    return sum(row.due["interest"] for row in position.rows)


class TestEveryLife:
    @given(lives())
    @settings(max_examples=20, deadline=None)
    def test_repays_exactly_what_was_lent(self, life):
        terms, happened, as_of = life
        position = position_on(terms, happened, as_of=as_of)
        assert sum(row.due["principal"] for row in position.rows) == lent_by(happened, as_of)
        assert position.rows[-1].closing_minor == 0

    @given(lives())
    @settings(max_examples=20, deadline=None)
    def test_has_no_negative_figure(self, life):
        terms, happened, as_of = life
        for row in position_on(terms, happened, as_of=as_of).rows:
            assert min(*row.due.values(), *row.paid.values(), row.closing_minor, row.outstanding_minor) >= 0

    @given(lives())
    @settings(max_examples=20, deadline=None)
    def test_accounts_for_every_payment(self, life):
        terms, happened, as_of = life
        position = position_on(terms, happened, as_of=as_of)
        used = sum(sum(row.paid.values()) for row in position.rows)
        assert used + position.overpaid_minor == paid_by(happened, as_of)

    @given(lives(), st.integers())
    @settings(max_examples=20, deadline=None)
    def test_is_the_same_in_whatever_order_it_became_known(self, life, seed):
        terms, happened, as_of = life
        mixed = list(happened)
        Random(seed).shuffle(mixed)
        assert position_on(terms, mixed, as_of=as_of) == position_on(terms, happened, as_of=as_of)

    @given(lives())
    @settings(max_examples=20, deadline=None)
    def test_ends_with_its_payoff(self, life):
        terms, happened, as_of = life
        happened = [fact for fact in happened if fact.on <= as_of]
        before = position_on(terms, happened, as_of=as_of)
        if before.payoff.total_minor:
            payoff = Payment(as_of, before.payoff.total_minor, "payoff")
            ended = position_on(terms, [*happened, payoff], as_of=as_of)
            assert sum(row.outstanding_minor for row in ended.rows) == 0
            assert ended.overpaid_minor == before.overpaid_minor


class TestAScheduleThatIsKept:
    @given(agreed(), st.integers(10_000, 50_000_000))
    @settings(max_examples=20, deadline=None)
    def test_does_not_change_when_each_row_is_paid_when_due(self, terms, lent):
        happened = [Disbursement(START, lent)]
        plan = position_on(terms, happened, as_of=START)
        happened += [Payment(row.due_on, row.due_minor) for row in plan.rows if row.due_minor]
        kept = position_on(terms, happened, as_of=terms.due_dates[-1])
        assert planned(kept) == planned(plan)
        assert (kept.overpaid_minor, sum(row.outstanding_minor for row in kept.rows)) == (0, 0)

    @given(agreed(), st.integers(1_000, 40_000_000))
    @settings(max_examples=20, deadline=None)
    def test_does_not_depend_on_the_currency_s_decimals(self, terms, lent):
        # Minor units are all the arithmetic knows: yen, cents and fils of the same number are the same rows.
        position = position_on(terms, [Disbursement(START, lent)], as_of=START)
        assert sum(row.due["principal"] for row in position.rows) == lent

    @given(agreed(), st.integers(10_000, 50_000_000), st.integers(1, 9_999))
    @settings(max_examples=20, deadline=None)
    def test_is_the_same_if_the_money_came_in_two_parts_on_one_day(self, terms, lent, part):
        whole = position_on(terms, [Disbursement(START, lent)], as_of=START)
        parts = [Disbursement(START, part), Disbursement(START, lent - part)]
        assert planned(position_on(terms, parts, as_of=START)) == planned(whole)

    @given(agreed(), st.integers(10_000, 50_000_000), st.integers(0, 60))
    @settings(max_examples=20, deadline=None)
    def test_never_costs_more_for_a_pause(self, terms, lent, days):
        paused = Pause(START + timedelta(days), START + timedelta(days + 10))
        lending = Disbursement(START, lent)
        with_pause = position_on(terms, [lending, paused], as_of=START)
        assert interest(with_pause) <= interest(position_on(terms, [lending], as_of=START)) + 1
