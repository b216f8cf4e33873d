"""Loans that were lived in other books and are taken over with their whole life."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_chart import LoanAlreadyDisbursed, LoanNotChargedOff, LoanNotOverdue
from ledger.domain.loan_record import FactKind, recorded
from ledger.domain.loan_rules import (
    ArrearsNotCleared,
    RefundAboveOverpayment,
    ValueDateAhead,
    ValueDateBeforePayout,
)
from ledger.domain.loan_state import LoanStatus
from ledger.domain.loan_taking_over import FactNameTaken, FactOutOfOrder
from ledger.domain.servicing.fact_order import FactReferenceUnknown, FactRepeated
from ledger.postings import legs_for
from tests.unit.ledger.builders import (
    ACCOUNT,
    ENTITY,
    INSTALMENTS,
    LINE,
    LOAN,
    START,
    disbursed_loan,
    payments,
    repay,
    rows,
    topics,
)

TODAY = START + timedelta(days=100)


def told_loan(*, on=TODAY):
    loan = LoanAccount.blank(LOAN)
    loan.request(
        effective_date=on,
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=5_000_000,
        terms=INSTALMENTS,
        paid_out_on=START,
    )
    return loan


def take_over(loan, *facts, on=TODAY):
    loan.take_over(effective_date=on, paid_out_on=START, facts=facts, origin="OLD-1", content="digest")
    return loan


def taken_over(*facts, on=TODAY):
    return take_over(told_loan(on=on), *facts, on=on)


def payment(name, day, amount_minor, **more):
    return recorded(
        FactKind.PAYMENT_RECEIVED,
        fact_id=name,
        value_date=START + timedelta(days=day),
        amount_minor=amount_minor,
        **more,
    )


def fact(kind, name, day, **more):
    return recorded(kind, fact_id=name, value_date=START + timedelta(days=day), **more)


def net(loan):
    found = {}
    for event in loan.pending_events:
        for leg in legs_for(event):
            signed = leg.amount_minor if leg.side == "D" else -leg.amount_minor
            found[leg.account] = found.get(leg.account, 0) + signed
    return {account: amount for account, amount in found.items() if amount}


class TestALoanThatIsTakenOver:
    def test_stands_where_the_same_life_led_here(self):
        lived = disbursed_loan()
        for row in rows(lived)[:2]:
            repay(lived, row.due_on)
        lived.catch_up(effective_date=TODAY)
        paid = list(payments(lived).values())
        told = [
            recorded(
                FactKind.PAYMENT_RECEIVED,
                fact_id=f"P-{number}",
                value_date=used.value_date,
                amount_minor=used.amount_minor,
            )
            for number, used in enumerate(paid)
        ]
        taken = taken_over(*told)
        assert taken.state.rows == lived.state.rows
        assert taken.state.standing == lived.state.standing
        assert taken.state.books == lived.state.books
        assert taken.state.status == lived.state.status is LoanStatus.OVERDUE
        later = TODAY + timedelta(days=40)
        assert taken.position(later).books == lived.position(later).books

    def test_keeps_its_facts_and_opens_once(self):
        loan = taken_over(payment("P-1", 31, 100_000))
        assert topics(loan) == [
            "loan.requested",
            "loan.disbursed",
            "loan.payment_received",
            "loan.taken_over",
        ]
        assert loan.state.disbursed_on == START
        assert loan.state.as_of == TODAY

    def test_opens_against_opening_balances_and_moves_no_cash(self):
        loan = taken_over(payment("P-1", 31, 100_000))
        books = loan.state.books
        owed = books.principal + books.interest_receivable + books.penalty_receivable
        assert net(loan) == {
            "1301": books.principal,
            "1321": books.interest_receivable,
            "1322": books.penalty_receivable,
            "3001": -owed,
        }

    def test_that_is_over_opens_with_nothing(self):
        loan = taken_over(payment("P-1", 0, 5_000_000, payment="payoff"))
        assert loan.state.status is LoanStatus.SETTLED
        assert net(loan) == {}

    def test_that_was_charged_off_opens_off_the_balance_sheet(self):
        loan = taken_over(fact(FactKind.CHARGED_OFF, "X", 90))
        assert loan.state.status is LoanStatus.CHARGED_OFF
        claimed = loan.state.books.memo_charged_off
        assert claimed > 5_000_000
        assert net(loan) == {"9003": claimed, "9099": -claimed}

    def test_owes_its_borrower_what_was_overpaid(self):
        loan = taken_over(payment("P-1", 0, 5_001_000, payment="payoff"))
        assert loan.state.status is LoanStatus.OVERPAID
        assert net(loan) == {"2102": -1_000, "3001": 1_000}

    def test_tells_nobody_of_old_arrears(self):
        loan = taken_over()
        assert loan.state.standing.overdue_since is not None
        assert loan.pending_events[-1].became_overdue == ()

    def test_takes_late_facts_like_any_other(self):
        loan = taken_over()
        loan.collect_events()
        repay(loan, TODAY, value_date=START + timedelta(days=31), amount_minor=100_000)
        assert payments(loan).popitem()[1].value_date == START + timedelta(days=31)
        # What was earned too much is taken back from the income of these books.
        assert net(loan)["6012"] > 0

    def test_judges_a_fact_by_its_own_day(self):
        """Overpaid on the day of the refund, though not by today; cleared then, though overdue now."""
        taken_over(
            payment("P-1", 0, 10_000),
            fact(FactKind.REFUNDED, "R", 5, amount_minor=10_000),
        )
        row = rows(disbursed_loan())[0]
        due = (row.due_on - START).days
        loan = taken_over(
            fact(FactKind.NON_ACCRUAL_STARTED, "N-1", 3),
            fact(FactKind.NON_ACCRUAL_ENDED, "N-2", due - 1),
        )
        assert loan.state.standing.overdue_since == row.due_on


class TestALifeThatCouldNotHaveBeen:
    @pytest.mark.parametrize(
        ("refusal", "facts"),
        [
            (ValueDateAhead, [payment("P-1", 101, 1_000)]),
            (ValueDateBeforePayout, [payment("P-1", -1, 1_000)]),
            (FactOutOfOrder, [payment("P-1", 9, 1_000), payment("P-2", 8, 1_000)]),
            (FactNameTaken, [fact(FactKind.CHARGE_ADDED, "1/3", 8, amount_minor=1, due_on=TODAY)]),
            (FactNameTaken, [payment("12/34", 8, 1_000)]),
            (FactNameTaken, [payment("1/3e", 8, 1_000)]),
            (FactNameTaken, [payment("1/3eee", 8, 1_000)]),
            (FactNameTaken, [payment("from_overpayment:2024-04-05", 8, 1_000)]),
            (FactRepeated, [payment("P-1", 8, 1_000), payment("P-1", 9, 1_000)]),
            (FactRepeated, [payment("payout", 8, 1_000)]),
            (LoanAlreadyDisbursed, [fact(FactKind.DISBURSED, "D-2", 8, amount_minor=1)]),
            (FactReferenceUnknown, [fact(FactKind.PAYMENT_REVERSED, "R", 8, of="P-9")]),
            (LoanNotOverdue, [fact(FactKind.CHARGED_OFF, "X", 8)]),
            (LoanNotChargedOff, [fact(FactKind.RECOVERED, "X", 8, amount_minor=1)]),
            (RefundAboveOverpayment, [fact(FactKind.REFUNDED, "R", 8, amount_minor=1)]),
            (
                ArrearsNotCleared,
                [fact(FactKind.NON_ACCRUAL_STARTED, "N", 50), fact(FactKind.NON_ACCRUAL_ENDED, "M", 51)],
            ),
        ],
    )
    def test_is_refused_by_the_fact_and_leaves_nothing(self, refusal, facts):
        loan = told_loan()
        before = loan.state.copy()
        with pytest.raises(refusal) as refused:
            take_over(loan, *facts)
        assert refused.value.details["id"] == facts[-1].id
        assert loan.state == before
        assert topics(loan) == ["loan.requested"]

    @pytest.mark.parametrize("name", ["1/3x", "A1/3", "1/e", "2024/05/1", "from_overpayment", "1-3"])
    def test_may_have_names_that_only_resemble_those_of_the_books(self, name):
        assert taken_over(payment(name, 8, 1_000)).state.fact(name) is not None

    def test_has_no_fact_by_a_name_that_the_books_gave_to_a_row_or_a_use(self):
        """A loan prepaid twice in one row, and another whose money waited for the first due date."""
        prepaid = taken_over(*(payment(f"P-{day}", day, 100_000, payment="early") for day in (8, 9)))
        waited = taken_over(payment("P-1", 5, 100_000)).state
        given = {*prepaid.state.rows, *waited.rows, *waited.payments} - {"P-1"}
        first_due_on = min(row.due_on for row in waited.rows.values())
        assert {"1/1e", "2/1e", f"from_overpayment:{first_due_on}"} <= given
        for name in given:
            with pytest.raises(FactNameTaken):
                taken_over(payment(name, 8, 1_000))

    def test_has_one_beginning(self):
        loan = taken_over()
        with pytest.raises(LoanAlreadyDisbursed):
            take_over(loan)

    def test_begins_with_a_payout_by_today(self):
        with pytest.raises(ValueDateAhead):
            take_over(told_loan(on=date(2024, 3, 4)), on=date(2024, 3, 4))
