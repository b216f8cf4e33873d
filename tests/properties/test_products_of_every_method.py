"""Whatever product passes the check of the whole can be lent: its plans end, and its loans settle to the cent.

Method: products of every method are drawn at random. Plans are built at the bounds of what is offered; lives
are lived day by day against books that see only events, as those of the plain loans are.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.domain.contract.plan_of_loan import plan_terms_of
from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.loan_state import LoanStatus
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Batch
from ledger.kernel.money import split_minor_units
from ledger.policies.agreeing import loan_terms_of
from ledger.policies.product_check import check_product
from ledger.policies.product_terms import ProductTermsInvalid
from tests.properties.loan_facts import amount_for, happen, happenings
from tests.properties.loan_life import OPEN, Life
from tests.properties.products import products
from tests.properties.test_loan_lives import check_payment, kinds, shares

CALM = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
PLANNED = tuple(
    method
    for method in ContractMethod
    if method not in (ContractMethod.CUSTOM, ContractMethod.REVOLVING_DAILY)
)
starts = st.dates(date(2024, 1, 1), date(2024, 12, 31))
waits = st.one_of(st.integers(0, 12), st.integers(10, 40), st.just(90))
payments = st.lists(st.tuples(waits, kinds, shares, st.booleans()), min_size=1, max_size=8)


def passes(product):
    if product is None:
        return False
    try:
        check_product(product)
    except ProductTermsInvalid:
        return False
    return True


def batches_for(product, amount, term, start, gap):
    if product.repayment.method is not ContractMethod.CUSTOM:
        return ()
    parts = split_minor_units(amount, ratios=(1,) * term)
    return tuple(Batch(start + timedelta(days=gap * number), part) for number, part in enumerate(parts, 1))


@CALM
@given(product=products(PLANNED), start=starts, share=st.integers(0, 1_000), data=st.data())
def test_a_product_that_passes_has_no_plan_with_a_negative_row(product, start, share, data):
    assume(passes(product))
    offer = product.offer
    amounts = (
        offer.amount_minor_min,
        offer.amount_minor_max,
        offer.amount_minor_min + (offer.amount_minor_max - offer.amount_minor_min) * share // 1_000,
    )
    for term in offer.terms:
        for amount in amounts:
            plan = build_plan(
                plan_terms_of(
                    product.repayment,
                    principal_minor=amount,
                    annual_rate_e8=product.pricing.rate_on(start),
                    start=start,
                    term=term,
                )
            )
            assert min(min(row.principal_minor, row.interest_minor) for row in plan.rows) >= 0
            assert plan.principal_minor == amount
            assert plan.rows[-1].closing_minor == 0


@CALM
@given(product=products(), start=starts, payments=payments, data=st.data())
def test_payments_settle_the_loan_in_every_life(product, start, payments, data):
    assume(passes(product))
    offer = product.offer
    amount = data.draw(
        st.sampled_from([offer.amount_minor_min, offer.amount_minor_max, offer.amount_minor_min * 7 + 3])
    )
    term = data.draw(st.sampled_from(offer.terms[:2]))
    batches = batches_for(product, amount, term, start, data.draw(st.integers(1, 40)))
    life = Life(
        terms=loan_terms_of(product, currency="CNY", term=term, signed_on=start),
        conventions=product.conventions(batches),
        principal_minor=amount,
        start=start,
    )
    for wait, kind, share, by_default in payments:
        if life.status not in OPEN:
            break
        life.live_until(life.today + timedelta(days=wait))
        modes = [mode.value for mode in product.early.modes]
        asked = amount_for(life, kind, share)
        result = life.repay(kind, asked, mode=None if by_default or not modes else modes[-1])
        if not isinstance(result, Exception):
            check_payment(life, result, asked)
    if life.status in OPEN:
        quote = life.loan.payoff_quote(life.today).total_minor
        assert life.repay("payoff", quote).is_settled
    life.close_day()
    assert life.status is LoanStatus.SETTLED
    assert life.loan.state.accruals == ()
    assert life.loan.owed(life.today).total_minor == 0


@CALM
@given(product=products(), start=starts, data=st.data())
def test_a_loan_that_is_paid_when_due_pays_its_plan_and_nothing_else(product, start, data):
    assume(passes(product))
    amount, term = product.offer.amount_minor_min, product.offer.terms[0]
    life = Life(
        terms=loan_terms_of(product, currency="CNY", term=term, signed_on=start),
        conventions=product.conventions(batches_for(product, amount, term, start, 20)),
        principal_minor=amount,
        start=start,
    )
    planned = list(life.loan.state.rows.values())
    for row in sorted(planned, key=lambda row: row.due_on):
        life.live_until(row.due_on)
        if row.asked.total_minor:
            assert life.repay("instalment", row.asked.total_minor).applied_minor == row.asked.total_minor
    assert life.status is LoanStatus.SETTLED
    paid = sum(event.amount_minor for event in life.of("loan.payment_received"))
    assert paid == sum(row.asked.total_minor for row in planned)
    earned = -life.balances["6011"]
    assert earned == sum(row.asked.interest_minor for row in planned)


@CALM
@given(
    product=products(), start=starts, happened=st.lists(happenings, min_size=1, max_size=8), data=st.data()
)
def test_books_and_state_agree_whatever_happens(product, start, happened, data):
    assume(passes(product))
    amount, term = product.offer.amount_minor_min * 7 + 3, product.offer.terms[0]
    life = Life(
        terms=loan_terms_of(product, currency="CNY", term=term, signed_on=start),
        conventions=product.conventions(batches_for(product, amount, term, start, 20)),
        principal_minor=amount,
        start=start,
    )
    for what in happened:
        life.live_until(life.today + timedelta(days=what.wait))
        happen(life, what)
    life.live_until(life.today + timedelta(days=20))
