"""A loan derived from its facts: the order of arrival, late facts, reversals, time and the books.

Method: random lives over all methods and all kinds of facts; each law is checked on the whole position or
against figures added up from other parts of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Grace, Method
from ledger.domain.plans.rate_table import RateStep, RateTable
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.books import Books
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.differing import changes_of_books, difference, is_balanced
from ledger.domain.servicing.disbursing import FactImpossible
from ledger.domain.servicing.growing import grown, growth
from ledger.domain.servicing.terms import ServicingTerms
from ledger.domain.servicing.unfolding import Unfolding
from ledger.kernel.refusals import Refusal
from tests.properties.servicing_life import AGREED_MINOR, SEEDS, START, any_contract, lives

LAST_DAY = START + timedelta(days=520)
later_days = st.integers(0, 520).map(lambda after: START + timedelta(days=after))


def derived(terms, facts, on):
    """Skip lives that the terms have no room for, such as a further part after the last due date."""
    try:
        return derive(terms, facts, on=on)
    except FactImpossible:
        assume(False)


@settings(deadline=None, max_examples=60)
@given(life=lives(), on=later_days, data=st.data())
def test_any_order_of_arrival_gives_the_same_position(life, on, data):
    terms, facts = life
    shuffled = data.draw(st.permutations(facts))
    assert derived(terms, shuffled, on) == derived(terms, facts, on)


@settings(deadline=None, max_examples=60)
@given(life=lives())
def test_facts_told_one_by_one_in_value_order_give_the_same_positions(life):
    terms, facts = life
    first, *rest = sorted(facts, key=lambda fact: fact.effective_date)
    known, unfolding = [first], Unfolding(terms, [first])
    for fact in rest:
        on = fact.effective_date
        try:
            after = derive(terms, [*known, fact], on=on)
        except Refusal:
            continue
        assert unfolding.position(on) == derive(terms, known, on=on)
        assert unfolding.with_fact(fact) == after
        unfolding.tell(fact)
        known.append(fact)


@settings(deadline=None, max_examples=60)
@given(life=lives(), on=later_days)
def test_facts_after_the_day_change_nothing(life, on):
    terms, facts = life
    assert derived(terms, facts, on) == derived(terms, [f for f in facts if f.effective_date <= on], on)


@settings(deadline=None, max_examples=120)
@given(life=lives(), on=later_days)
def test_money_principal_and_books_add_up(life, on):
    terms, facts = life
    position = derived(terms, facts, on)
    for used in position.money:
        shares = sum(amount for _, _, amount in used.shares)
        assert used.amount_minor == shares + used.early_fee_minor + used.recovered_minor + used.surplus_minor
        assert min(amount for *_, amount in (*used.shares, ("", "", 1))) > 0
    came = position.disbursed_minor + position.capitalised_minor + position.owed_again_minor
    went = position.principal_repaid_minor + position.principal_given_up_minor + position.principal_sold_minor
    assert position.outstanding_minor == came - went
    to_be_capitalised = came - went - sum(row.unpaid.principal_minor for row in position.rows)
    assert to_be_capitalised <= 0
    assert to_be_capitalised == 0 or terms.contract.grace.interest_rows
    assert position.books.debits_less_credits == 0
    assert position.overpaid_minor >= 0
    for row in position.rows:
        for bucket in STANDARD_ORDER:
            parts = row.paid.of(bucket) + row.waived.of(bucket) + row.moved.of(bucket) + row.unpaid.of(bucket)
            assert parts == row.due.of(bucket)
            assert min(row.unpaid.of(bucket), row.paid.of(bucket)) >= 0
    for bucket in STANDARD_ORDER:
        shares = [amount for used in position.money for _, name, amount in used.shares if name == bucket]
        assert sum(shares) == sum(row.paid.of(bucket) for row in position.rows)
    if terms.tolerance_minor == 0:
        late = [row.due_on for row in position.rows if row.due_on < on and row.unpaid.total_minor]
        assert position.days_past_due == ((on - min(late)).days if late else 0)


@settings(deadline=None, max_examples=80)
@given(life=lives(), on=later_days, after=st.integers(0, 200))
def test_growth_says_what_a_later_day_will_have_earned(life, on, after):
    terms, facts = life
    facts = [fact for fact in facts if fact.effective_date <= on]
    now, then = derived(terms, facts, on), derived(terms, facts, on + timedelta(days=after))
    for kind in ("interest", "penalty", "compound"):
        more = grown(growth(now), kind=kind, until=then.on)
        assert then.earned.of(kind) == now.earned.of(kind) + more, kind


@settings(deadline=None, max_examples=60)
@given(life=lives(), data=st.data())
def test_reversing_a_payment_is_a_life_without_it(life, data):
    terms, facts = life
    own = {fact.of for fact in facts if hasattr(fact, "of")}
    payments = [f for f in facts if isinstance(f, kinds.PaymentReceived) and f.id not in own]
    assume(payments)
    bounced = data.draw(st.sampled_from(payments))
    on = data.draw(st.dates(bounced.effective_date, LAST_DAY))
    reversal = kinds.PaymentReversed(id="bounce", effective_date=on, sequence=500, of=bounced.id)
    without = derived(terms, [fact for fact in facts if fact is not bounced], LAST_DAY)
    after = derived(terms, [*facts, reversal], LAST_DAY)
    assert bounced.id in after.reversed_ids
    assert replace(after, reversed_ids=without.reversed_ids) == without


@settings(deadline=None, max_examples=40)
@given(life=lives(), data=st.data())
def test_adjustments_over_all_arrivals_add_up_to_the_books_at_the_end(life, data):
    """Facts arrive on any later day; every day's change and every arrival's difference is posted."""
    terms, facts = life
    derived(terms, facts, LAST_DAY)
    delays = data.draw(st.lists(st.integers(0, 200), min_size=len(facts), max_size=len(facts)))
    arrivals = sorted(
        (fact.effective_date + timedelta(days=delay), fact.id, fact)
        for fact, delay in zip(facts, delays, strict=True)
    )
    posted = dict.fromkeys((name for name, _ in Books().balances()), 0)
    known, position = [], derived(terms, [], START)
    for opened_on, _, fact in arrivals:
        if not _refers_to_known(fact, known):
            return
        advanced = derived(terms, known, opened_on)
        _post(posted, changes_of_books(position.books, advanced.books))
        known.append(fact)
        position = derived(terms, known, opened_on)
        adjustments = difference(advanced, position)
        assert is_balanced(adjustments)
        _post(posted, adjustments)
    last = derived(terms, facts, max(LAST_DAY, position.on))
    _post(posted, changes_of_books(position.books, last.books))
    assert posted == dict(last.books.balances())


def _refers_to_known(fact, known):
    return getattr(fact, "of", None) in {None, *(one.id for one in known)}


def _post(posted, adjustments):
    for one in adjustments:
        posted[one.component] += one.amount_minor


@settings(deadline=None, max_examples=40)
@given(life=lives(size=0), days=st.lists(st.integers(1, 400), min_size=1, max_size=8, unique=True))
def test_cutting_time_does_not_change_what_is_earned(life, days):
    """A fact that moves nothing cuts the time at its day: the earned amounts stay what they were."""
    terms, facts = life
    cuts = [
        kinds.InterestWaived(
            id=f"cut{at}", effective_date=START + timedelta(days=day), sequence=at, amount_minor=None
        )
        for at, day in enumerate(days)
    ]
    free = replace(terms, overdue=replace(terms.overdue, compound=CompoundMode.OFF))
    whole, cut = derived(free, facts, LAST_DAY), derived(free, (*facts, *cuts), LAST_DAY)
    assert cut.earned == whole.earned


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS)
def test_a_loan_without_events_is_its_plan(seed):
    contract = any_contract(Random(seed))
    assume(isinstance(contract, PlanTerms))
    position = derive(ServicingTerms(contract=contract), [paid_out()], on=START)
    assert rows_of_position(position) == rows_of_plan(build_plan(contract))


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, after=st.integers(1, 200), rate_e8=st.sampled_from([0, 6_000_000, 20_000_000]))
@example(seed=39, after=121, rate_e8=0)  # parts of principal stay as agreed
def test_a_change_of_rates_is_a_plan_that_knows_both_rates(seed, after, rate_e8):
    contract = any_contract(Random(seed))
    assume(isinstance(contract, PlanTerms) and contract.method not in (Method.CUSTOM, Method.FLAT))
    assume(contract.grace == Grace())
    changed_on = START + timedelta(days=after)
    change = kinds.RateChanged(id="rate", effective_date=changed_on, sequence=1, rate_e8=rate_e8)
    position = derive(ServicingTerms(contract=contract), [paid_out(), change], on=changed_on)
    first = RateStep(START, contract.rates.steps[0].rate_e8)
    both = replace(contract, rates=RateTable((first, RateStep(changed_on, rate_e8))))
    assert rows_of_position(position) == rows_of_plan(build_plan(both))


def paid_out():
    return kinds.Disbursed(id="payout", effective_date=START, sequence=1, amount_minor=AGREED_MINOR)


def rows_of_position(position):
    return [(row.due_on, row.due.interest_minor, row.due.principal_minor) for row in position.rows]


def rows_of_plan(plan):
    """Interest that is capitalised is asked for as well until its due date."""
    return [
        (row.period.due_on, row.interest_minor + row.capitalised_minor, row.principal_minor)
        for row in plan.rows
    ]
