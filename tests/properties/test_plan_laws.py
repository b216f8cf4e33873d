"""Repayment plans of every method: parts sum to the whole, the balance ends at zero, rows can be checked.

Method: each row is recomputed from its own opening balance by an oracle in exact fractions that knows
neither the order of work nor the code's own records of days.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Basis, Grace, GraceInterest, Method
from ledger.domain.plans.early import payoff_on
from ledger.domain.plans.rate_table import RateStep, RateTable, RateWindow
from ledger.domain.plans.replanning import Replan, prepay
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import InstalmentBelowInterest
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit
from ledger.kernel.rounding import Rounding

METHODS = [method for method in Method if method is not Method.CUSTOM]
frequencies = st.one_of(
    st.builds(Frequency, st.just(Unit.MONTH), st.integers(1, 6)),
    st.builds(Frequency, st.just(Unit.WEEK), st.integers(1, 8)),
    st.builds(Frequency, st.just(Unit.DAY), st.integers(1, 90)),
)


@st.composite
def plan_terms(draw, methods=METHODS):
    method = draw(st.sampled_from(methods))
    start = draw(st.dates(date(2019, 1, 1), date(2032, 12, 31)))
    count = draw(st.integers(1, 40))
    grace = Grace()
    if method in (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL) and count > 3 and draw(st.booleans()):
        principal_rows = draw(st.integers(0, 3))
        kind = draw(st.sampled_from(GraceInterest))
        interest_rows = draw(st.integers(0, principal_rows if kind is GraceInterest.CAPITALISED else 3))
        grace = Grace(principal_rows=principal_rows, interest_rows=interest_rows, interest=kind)
    steps = [RateStep(start, draw(st.integers(0, 36_000_000)))]
    if draw(st.booleans()):
        later = start + timedelta(days=draw(st.integers(1, 400)))
        steps.append(RateStep(later, draw(st.integers(0, 36_000_000))))
    promotions = ()
    if draw(st.booleans()):
        opens = start + timedelta(days=draw(st.integers(0, 60)))
        promotions = (RateWindow(opens, opens + timedelta(days=30), draw(st.integers(0, 10**8))),)
    return PlanTerms(
        method=method,
        principal_minor=draw(st.integers(10_000, 10**12)),
        rates=RateTable(tuple(steps), promotions),
        start=start,
        count=count,
        due_dates=DueDateRule(frequency=draw(frequencies)),
        basis=draw(st.sampled_from(Basis)),
        rounding=draw(st.sampled_from(Rounding)),
        grace=grace,
    )


def built(terms):
    try:
        return build_plan(terms)
    except InstalmentBelowInterest:
        assume(False)


@settings(deadline=None)
@given(terms=plan_terms())
def test_a_plan_repays_the_principal_and_ends_at_zero(terms):
    plan = built(terms)
    capitalised = sum(row.capitalised_minor for row in plan.rows)
    assert plan.principal_minor == terms.principal_minor + capitalised
    assert plan.total_minor == sum(row.total_minor for row in plan.rows)
    balance = terms.principal_minor
    for row in plan.rows:
        assert row.opening_minor == balance
        assert min(row.principal_minor, row.interest_minor, row.accrued_minor, row.subsidy_minor) >= 0
        balance = row.closing_minor
    assert balance == 0
    earned = sum(row.accrued_minor - row.capitalised_minor for row in plan.rows)
    assert plan.interest_minor == earned


@settings(deadline=None)
@given(terms=plan_terms([Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.EQUAL_INSTALMENT]))
def test_interest_by_exact_days_is_that_of_each_day(terms):
    assume(terms.basis is Basis.EXACT and terms.grace == Grace())
    for row in built(terms).rows:
        exact, day = Fraction(0), row.period.starts_on
        while day < row.period.due_on:
            rate = [step.rate_e8 for step in terms.rates.steps if step.effective_from <= day][-1]
            share = [w.share_e8 for w in terms.rates.promotions if w.starts_on <= day < w.ends_on]
            exact += Fraction(row.opening_minor * rate, 10**8 * 360) * Fraction((share or [10**8])[0], 10**8)
            day += timedelta(days=1)
        margin = Fraction(1) if terms.rounding is Rounding.DOWN else Fraction(1, 2)
        assert abs(row.interest_minor - exact) <= margin


@settings(deadline=None)
@given(terms=plan_terms([Method.EQUAL_INSTALMENT]))
def test_a_level_is_worth_the_balance_it_repays(terms):
    assume(terms.grace == Grace() and len(terms.rates.steps) == 1 and not terms.rates.promotions)
    plan = built(terms)
    ((_, level),) = plan.levels
    growth, owed = Fraction(1), Fraction(0)
    for row in reversed(plan.rows if len(plan.rows) == terms.count else ()):
        factor = row.period.factor
        owed = (owed + level) / (1 + factor)
        growth *= 1 + factor
    if growth != 1 or owed:
        assert abs(owed - terms.principal_minor) < Fraction(1, 10**6)


@settings(deadline=None)
@given(terms=plan_terms([Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL]), data=st.data())
def test_a_prepayment_lowers_the_principal_by_what_it_did_not_use_for_else(terms, data):
    assume(terms.grace == Grace() and terms.count > 2)
    plan = built(terms)
    assume(len(plan.rows) > 2)
    row = data.draw(st.sampled_from(plan.rows[1:-1]))
    on = row.period.starts_on + timedelta(days=data.draw(st.integers(0, row.period.days - 1)))
    paid = row.period.number - 1
    payoff = payoff_on(terms, plan, rows_paid=paid, on=on)
    assume(payoff.principal_to_come_minor > 10)
    early = data.draw(st.integers(1, payoff.principal_to_come_minor - 1))
    try:
        done = prepay(
            terms,
            plan,
            rows_paid=paid,
            on=on,
            amount_minor=payoff.before_principal_minor + early,
            replan=data.draw(st.sampled_from(Replan)),
        )
    except InstalmentBelowInterest:
        assume(False)
    assert done.principal_minor == early
    assert sum(later.principal_minor for later in done.rows) == payoff.principal_to_come_minor - early
    assert done.rows[-1].closing_minor == 0
    assert done.rows[-1].period.due_on <= plan.rows[-1].period.due_on


@settings(deadline=None)
@given(terms=plan_terms())
def test_a_due_date_never_depends_on_how_many_follow(terms):
    longer = terms.due_dates.dates(start=terms.start, count=terms.count + 5)
    assert longer[: terms.count] == terms.due_dates.dates(start=terms.start, count=terms.count)
    assert all(earlier < later for earlier, later in pairwise(longer))


@given(
    start=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    first=st.integers(0, 800),
    second=st.integers(0, 800),
    convention=st.sampled_from(["ACT/360", "ACT/364", "ACT/365F", "ACT/ACT ISDA", "ACT/ACT 31DEC"]),
)
def test_cutting_a_period_does_not_change_its_part_of_a_year(start, first, second, convention):
    from ledger.kernel.day_count import DayCount, year_fraction

    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    kind = DayCount(convention)
    whole = year_fraction(convention=kind, start=start, end=end)
    halves = (
        year_fraction(convention=kind, start=start, end=middle),
        year_fraction(convention=kind, start=middle, end=end),
    )
    assert sum(halves) == whole
