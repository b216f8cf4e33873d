"""The state chart: every state against every command, each cell an event or one named refusal."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.loan_account import MATRIX, LoanAccount
from ledger.domain.loan_chart import AGEING, COMMANDS, EVENT, LoanSold
from ledger.domain.loan_record import FactKind, NewPlan
from ledger.domain.loan_rules import ArrearsNotCleared, RefundAboveOverpayment
from ledger.domain.loan_state import LoanStatus
from ledger.domain.servicing.facts import ChangeKind
from tests.unit.ledger.builders import (
    ACCOUNT,
    ENTITY,
    INSTALMENTS,
    LINE,
    LOAN,
    SOURCE,
    START,
    disbursed_loan,
    due_on,
    in_parts,
    record,
    repay,
    requested_loan,
)

PAID_ON = START + timedelta(days=2)
FIRST_DUE = due_on(disbursed_loan(), 1)
LATE = FIRST_DUE + timedelta(days=1)
OPEN = (LoanStatus.ACTIVE, LoanStatus.OVERDUE)
LATER = FIRST_DUE + timedelta(days=10)
PLAN = NewPlan(
    repayment=RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT), annual_rate_e8=9_000_000, term=4
)
BEFORE = {
    "request": {
        "entity_id": ENTITY,
        "line_id": LINE,
        "account_id": ACCOUNT,
        "principal_minor": 5_000_000,
        "terms": INSTALMENTS,
    },
    "disburse": {"bank_reference": "bank-1"},
    "take_over": {"paid_out_on": START, "facts": (), "origin": "OLD-1", "content": "digest"},
    "fail_disbursement": {"reason": "account closed"},
    "catch_up": {},
    "repay": {"payment_id": "late", "kind": "payoff", "source_account_id": SOURCE},
    "call_part": {"part_id": "part", "amount_minor": 1_000_000},
    "confirm_part": {"part_id": "part", "bank_reference": "bank-2"},
    "fail_part": {"part_id": "part", "reason": "account closed"},
    "give_up_rest": {},
}
# What each kind of fact says in the loans below, all of which received ``early``, ``fee`` and ``promo`` before.
DETAILS = {
    FactKind.DISBURSED: {"amount_minor": 5_000_000},
    FactKind.PAYMENT_RECEIVED: {"amount_minor": 100},
    FactKind.PAYMENT_REVERSED: {"of": "early"},
    FactKind.DISBURSEMENT_REVERSED: {"of": "payout"},
    FactKind.REFUNDED: {"amount_minor": 100},
    FactKind.CHARGEBACK: {"of": "early", "amount_minor": 100},
    FactKind.CHARGE_ADDED: {"amount_minor": 100, "due_on": LATER},
    FactKind.CHARGE_WAIVED: {"of": "fee"},
    FactKind.CHARGE_ADJUSTED: {"of": "fee", "amount_minor": 100},
    FactKind.RATE_CHANGED: {"rate_e8": 9_000_000},
    FactKind.INTEREST_PAUSED: {"until": LATER + timedelta(days=9)},
    FactKind.PROMOTION_GRANTED: {"share_e8": 85_000_000},
    FactKind.PROMOTION_ENDED: {"of": "promo"},
    FactKind.PLAN_CHANGED: {"plan": PLAN, "change": ChangeKind.RESTRUCTURE, "takes_overdue": True},
    FactKind.CHANGE_UNDONE: {"of": "fee"},
    FactKind.ACCELERATED: {"due_on": LATER},
    FactKind.CHARGE_OFF_UNDONE: {"of": "end"},
    FactKind.RECOVERED: {"amount_minor": 100},
    FactKind.SOLD: {"price_minor": 100, "buyer": "B-7"},
    FactKind.SALE_UNDONE: {"of": "end"},
}


# Cells whose event no amount can bring about: an overpayment is used on the day something is due.
NEVER = {
    (LoanStatus.OVERDUE, "refunded"): RefundAboveOverpayment,
    (LoanStatus.SETTLED, "refunded"): RefundAboveOverpayment,
    (LoanStatus.CHARGED_OFF, "refunded"): RefundAboveOverpayment,
    (LoanStatus.WRITTEN_OFF, "refunded"): RefundAboveOverpayment,
    (LoanStatus.SOLD, "refunded"): RefundAboveOverpayment,
    # Money of the day of the sale or before it is taken (test_loan_sale).
    (LoanStatus.SOLD, "payment_received"): LoanSold,
    (LoanStatus.SOLD, "recovered"): LoanSold,
    (LoanStatus.OVERDUE, "non_accrual_ended"): ArrearsNotCleared,
}
EARLY = {
    (LoanStatus.ACTIVE, "refunded"),
    (LoanStatus.ACTIVE, "non_accrual_ended"),
    (LoanStatus.ACTIVE, "call_part"),
}


def eventful_loan(*, owed=True, parts=None, called=False):
    """Return a loan that received 200.00 more than was due, a fee of 3.00 and a promotion that goes on.

    A loan in ``parts`` may have one of them ``called``, of which the bank has said nothing.
    """
    loan = disbursed_loan(parts=parts)
    if called:
        loan.call_part(effective_date=START, part_id="part", amount_minor=1_000_000)
    record(loan, FactKind.PROMOTION_GRANTED, START, fact_id="promo", share_e8=99_000_000, until=PAID_ON)
    record(loan, FactKind.CHARGE_ADDED, START, fact_id="fee", amount_minor=300, due_on=LATER)
    record(loan, FactKind.PAYMENT_RECEIVED, PAID_ON, fact_id="early", amount_minor=20_000)
    if not owed:
        repay(loan, PAID_ON, kind="payoff")
    return loan


def overdue_loan(**agreed):
    loan = eventful_loan(**agreed)
    loan.catch_up(effective_date=LATE)
    return loan


def ended(kind):
    def end():
        loan = overdue_loan()
        record(loan, kind, LATE, fact_id="end", **DETAILS.get(kind, {}))
        if kind is FactKind.SETTLED_AT_DISCOUNT:
            record(loan, FactKind.RECOVERED, LATE + timedelta(days=1), amount_minor=100)
        return loan

    return end


def settled_loan(**agreed):
    loan = eventful_loan(owed=False, **agreed)
    record(loan, FactKind.REFUNDED, PAID_ON, amount_minor=loan.state.standing.overpaid_minor)
    return loan


def cancelled_loan():
    loan = requested_loan()
    loan.fail_disbursement(effective_date=START, reason="account closed")
    return loan


LOANS = {
    LoanStatus.ABSENT: lambda: LoanAccount.blank(LOAN),
    LoanStatus.REQUESTED: requested_loan,
    LoanStatus.CANCELLED: cancelled_loan,
    LoanStatus.ACTIVE: eventful_loan,
    LoanStatus.OVERDUE: overdue_loan,
    LoanStatus.SETTLED: settled_loan,
    LoanStatus.OVERPAID: lambda: eventful_loan(owed=False),
    LoanStatus.CHARGED_OFF: ended(FactKind.CHARGED_OFF),
    LoanStatus.WRITTEN_OFF: ended(FactKind.WRITTEN_OFF),
    LoanStatus.SETTLED_AT_DISCOUNT: ended(FactKind.SETTLED_AT_DISCOUNT),
    LoanStatus.SOLD: ended(FactKind.SOLD),
}


def came_back():
    """Return a loan whose first part came back from the bank while the second was under way."""
    loan = disbursed_loan(parts=in_parts())
    loan.call_part(effective_date=START, part_id="part", amount_minor=1_000_000)
    record(loan, FactKind.DISBURSEMENT_REVERSED, START, of="payout")
    return loan


CALLED = {"parts": in_parts(), "called": True}
# Loans that are paid out in parts, for the commands that are about parts.
WITH_A_REST = {
    LoanStatus.ACTIVE: lambda: eventful_loan(parts=in_parts()),
    LoanStatus.OVERDUE: lambda: overdue_loan(parts=in_parts()),
}
WITH_A_PART_UNDER_WAY = {
    LoanStatus.CANCELLED: came_back,
    LoanStatus.ACTIVE: lambda: eventful_loan(**CALLED),
    LoanStatus.OVERDUE: lambda: overdue_loan(**CALLED),
    LoanStatus.SETTLED: lambda: settled_loan(**CALLED),
    LoanStatus.OVERPAID: lambda: eventful_loan(owed=False, **CALLED),
}
OF_PARTS = {
    "call_part": WITH_A_REST,
    "give_up_rest": WITH_A_REST,
    "confirm_part": WITH_A_PART_UNDER_WAY,
    "fail_part": WITH_A_PART_UNDER_WAY,
}


def give(loan, command, on):
    if command in BEFORE:
        return getattr(loan, command)(effective_date=on, **BEFORE[command])
    kind = FactKind(command)
    return record(loan, kind, on, fact_id="new", **DETAILS.get(kind, {}))


class TestLoanChart:
    def test_has_a_cell_for_every_state_and_command(self):
        assert set(MATRIX) == {(status, command) for status in LoanStatus for command in COMMANDS}

    def test_lists_every_command_of_the_loan(self):
        public = {
            name
            for name, method in inspect.getmembers(LoanAccount, inspect.isfunction)
            if "effective_date" in inspect.signature(method).parameters
        }
        facts = {kind.value for kind in FactKind}
        assert (public - {"trigger", "record"}) | facts == set(COMMANDS)

    @pytest.mark.parametrize("status", list(LoanStatus))
    def test_is_reached_in_every_state(self, status):
        assert LOANS[status]().state.status is status

    def test_lets_time_change_a_loan_only_while_something_may_happen_by_itself(self):
        assert set(AGEING) == {LoanStatus.ACTIVE, LoanStatus.OVERDUE, LoanStatus.CHARGED_OFF}

    @pytest.mark.parametrize(("status", "command"), sorted(MATRIX))
    def test_decides_every_cell(self, status, command):
        loan = OF_PARTS.get(command, {}).get(status, LOANS[status])()
        assert loan.state.status is status
        cell = NEVER.get((status, command), MATRIX[status, command])
        if command == "non_accrual_ended" and status in OPEN:
            record(loan, FactKind.NON_ACCRUAL_STARTED, loan.state.as_of)
        loan.collect_events()
        version, state = loan.version, loan.copy().state
        # Late enough that catching up finds a penalty in a loan that is known to be overdue.
        on = FIRST_DUE + timedelta(days=100) if command == "catch_up" else LATER
        on = PAID_ON if (status, command) in EARLY else on
        if cell == EVENT:
            give(loan, command, on)
            assert loan.version > version
            return
        with pytest.raises(cell) as refused:
            give(loan, command, on)
        assert type(refused.value) is cell
        assert (loan.version, loan.state, list(loan.pending_events)) == (version, state, [])
