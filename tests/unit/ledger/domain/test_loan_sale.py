"""The day of a sale divides a loan's life: what each side of it refuses, each by its name and with nothing changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.loan_chart import LoanChargedOff, LoanNotChargedOff, LoanSold
from ledger.domain.loan_record import FactKind
from ledger.domain.loan_sale import SaleNotLast
from ledger.domain.loan_state import LoanStatus
from ledger.domain.servicing.fact_order import FactInvalid
from tests.unit.ledger.builders import START, record, repay, revolving_loan

DAY = timedelta(days=1)
DUE = START + timedelta(days=30)
SOLD_ON = DUE + timedelta(days=25)
LATER = SOLD_ON + timedelta(days=10)
SALE = {"price_minor": 500_000, "buyer": "B-7"}
PAYMENT = FactKind.PAYMENT_RECEIVED


def sold_loan(*, charged_off=False):
    """Return 8,000.00 of principal that were sold 25 days overdue for 5,000.00."""
    loan = revolving_loan()
    loan.catch_up(effective_date=SOLD_ON - DAY)
    if charged_off:
        record(loan, FactKind.CHARGED_OFF, SOLD_ON - DAY)
    record(loan, FactKind.SOLD, SOLD_ON, fact_id="sale", **SALE)
    loan.collect_events()
    return loan


def refused(loan, refusal, kind, on, **said):
    """See that a fact is refused by name and that the loan stays what it was; return the refusal."""
    before = loan.version, loan.copy().state, list(loan.pending_events)
    with pytest.raises(refusal) as raised:
        record(loan, kind, on, **said)
    assert type(raised.value) is refusal
    assert (loan.version, loan.state, list(loan.pending_events)) == before
    return raised.value


class TestASale:
    def test_is_kept_with_its_buyer_and_its_price(self):
        loan = sold_loan()
        fact = loan.state.fact("sale")
        assert (fact.details, fact.amount_minor) == (SALE, 500_000)
        standing = loan.state.standing
        assert (loan.state.status, standing.settled_on) == (LoanStatus.SOLD, SOLD_ON)
        assert (standing.next_due_on, standing.wakes_on, loan.state.accruals) == (None, None, ())

    def test_names_who_bought(self):
        refused(revolving_loan(), FactInvalid, FactKind.SOLD, DUE, price_minor=1)

    def test_is_not_told_of_a_day_after_which_something_happened(self):
        loan = revolving_loan()
        record(loan, PAYMENT, DUE + DAY, fact_id="later", amount_minor=1_000)
        answer = refused(loan, SaleNotLast, FactKind.SOLD, SOLD_ON, value_date=DUE, **SALE)
        assert (answer.field, answer.details["facts"]) == ("value_date", ["later"])

    def test_may_be_told_of_a_day_after_which_only_what_was_undone_happened(self):
        loan = revolving_loan()
        record(loan, PAYMENT, DUE, fact_id="before", amount_minor=1_000)
        record(loan, PAYMENT, DUE + DAY, fact_id="bounced", amount_minor=1_000)
        record(loan, FactKind.CHARGEBACK, DUE + DAY, of="bounced", amount_minor=1_000)
        record(loan, FactKind.PAYMENT_REVERSED, DUE + DAY, of="bounced")
        record(loan, FactKind.SOLD, SOLD_ON, value_date=DUE, **SALE)
        assert loan.state.status is LoanStatus.SOLD

    def test_of_the_day_of_a_payment_comes_after_it(self):
        loan = revolving_loan()
        record(loan, PAYMENT, DUE, amount_minor=9_600)
        record(loan, FactKind.SOLD, SOLD_ON, value_date=DUE, **SALE)
        assert (loan.state.books.loss, loan.state.books.sale_price) == (300_000, 500_000)


class TestASoldLoan:
    @pytest.mark.parametrize("kind", [PAYMENT, FactKind.RECOVERED])
    @pytest.mark.parametrize("charged_off", [True, False])
    def test_takes_no_money_of_the_days_after_the_sale(self, kind, charged_off):
        loan = sold_loan(charged_off=charged_off)
        answer = refused(loan, LoanSold, kind, LATER, value_date=SOLD_ON + DAY, amount_minor=100)
        assert answer.details["sold_on"] == SOLD_ON.isoformat()

    def test_takes_a_payment_of_the_day_of_the_sale_or_before_it(self):
        loan = sold_loan()
        loss = loan.state.books.loss
        record(loan, PAYMENT, LATER, value_date=SOLD_ON, amount_minor=10_000)
        assert (loan.state.books.loss, loan.state.books.sale_price) == (loss - 10_000, 500_000)
        refused(loan, LoanNotChargedOff, FactKind.RECOVERED, LATER, value_date=SOLD_ON, amount_minor=1)

    def test_that_had_been_charged_off_takes_a_recovery_of_before_the_sale(self):
        loan = sold_loan(charged_off=True)
        assert loan.state.books.recovery_income == 500_000
        record(loan, FactKind.RECOVERED, LATER, value_date=SOLD_ON, amount_minor=10_000)
        assert loan.state.books.recovery_income == 510_000
        refused(loan, LoanChargedOff, PAYMENT, LATER, value_date=SOLD_ON, amount_minor=1)

    def test_is_not_repaid_here(self):
        loan = sold_loan()
        before = loan.version, loan.copy().state
        with pytest.raises(LoanSold):
            repay(loan, LATER, amount_minor=100)
        assert (loan.version, loan.state) == before

    def test_quotes_no_payoff(self):
        with pytest.raises(LoanSold):
            sold_loan().payoff_quote(LATER)

    def test_that_is_given_back_is_owed_with_what_it_has_earned_meanwhile(self):
        loan, twin = sold_loan(), revolving_loan()
        record(loan, FactKind.SALE_UNDONE, LATER, of="sale")
        twin.catch_up(effective_date=LATER)
        assert loan.state.status is LoanStatus.OVERDUE
        assert loan.state.books == twin.state.books
        assert (loan.state.standing, loan.state.accruals) == (twin.state.standing, twin.state.accruals)
