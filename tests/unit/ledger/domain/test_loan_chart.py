"""The state chart: every state against every command, each cell an event or one named refusal."""

from __future__ import annotations

import inspect

import pytest

from ledger.domain.loan_account import MATRIX, LoanAccount
from ledger.domain.loan_chart import COMMANDS, EVENT
from ledger.domain.loan_state import LoanStatus
from tests.unit.ledger.builders import (
    ACCOUNT,
    ENTITY,
    INSTALMENTS,
    LINE,
    LOAN,
    SOURCE,
    START,
    disbursed_loan,
    repay,
    requested_loan,
)

FIRST_DUE = disbursed_loan().state.rows[0].plan.due_on
LATE = FIRST_DUE.replace(day=FIRST_DUE.day + 1)
ARGUMENTS = {
    "request": {
        "entity_id": ENTITY,
        "line_id": LINE,
        "account_id": ACCOUNT,
        "principal_minor": 5_000_000,
        "terms": INSTALMENTS,
    },
    "disburse": {"bank_reference": "bank-1"},
    "fail_disbursement": {"reason": "account closed"},
    "catch_up": {},
    "repay": {"kind": "payoff", "source_account_id": SOURCE},
}


def overdue_loan():
    loan = disbursed_loan()
    loan.catch_up(effective_date=LATE)
    return loan


def settled_loan():
    loan = disbursed_loan()
    repay(loan, START, kind="payoff")
    return loan


def cancelled_loan():
    loan = requested_loan()
    loan.fail_disbursement(effective_date=START, reason="account closed")
    return loan


LOANS = {
    LoanStatus.ABSENT: lambda: LoanAccount.blank(LOAN),
    LoanStatus.REQUESTED: requested_loan,
    LoanStatus.ACTIVE: disbursed_loan,
    LoanStatus.OVERDUE: overdue_loan,
    LoanStatus.SETTLED: settled_loan,
    LoanStatus.CANCELLED: cancelled_loan,
}


class TestLoanChart:
    def test_has_a_cell_for_every_state_and_command(self):
        assert set(MATRIX) == {(status, command) for status in LoanStatus for command in COMMANDS}

    def test_lists_every_command_of_the_loan(self):
        public = {
            name
            for name, method in inspect.getmembers(LoanAccount, inspect.isfunction)
            if "effective_date" in inspect.signature(method).parameters
        }
        assert public - {"trigger"} == set(COMMANDS)

    @pytest.mark.parametrize("status", list(LoanStatus))
    def test_is_reached_in_every_state(self, status):
        assert LOANS[status]().state.status is status

    @pytest.mark.parametrize(("status", "command"), sorted(MATRIX))
    def test_decides_every_cell(self, status, command):
        loan, cell = LOANS[status](), MATRIX[status, command]
        loan.collect_events()
        version, state = loan.version, loan.copy().state
        # Two days late, so that catching up finds an instalment overdue in an active loan.
        on = LATE if (status, command) != (LoanStatus.OVERDUE, "catch_up") else LATE.replace(day=20)
        if cell == EVENT:
            getattr(loan, command)(effective_date=on, **ARGUMENTS[command])
            assert loan.version > version
            return
        with pytest.raises(cell) as refused:
            getattr(loan, command)(effective_date=on, **ARGUMENTS[command])
        assert type(refused.value) is cell
        assert (loan.version, loan.state, list(loan.pending_events)) == (version, state, [])
