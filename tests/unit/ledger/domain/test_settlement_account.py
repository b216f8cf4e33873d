"""The settlement account: what comes in, what may go out, and what is held back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.settlement_account import (
    FundsNotAvailable,
    HoldAlreadyPlaced,
    OwnAccountDeducted,
    ReceiptValueDateInFuture,
    SettlementAccount,
    SettlementAmountInvalid,
)
from ledger.domain.settlement_account_matrix import COMMANDS, MATRIX, STATES
from ledger.kernel.currencies import CurrencyUnknown
from tests.unit.ledger.settlement_builders import (
    ACCOUNT,
    ARGUMENTS,
    DAY,
    ENTITY,
    account_in,
    account_with,
    call,
)
from tests.unit.refusing import assert_cell, assert_survives_storage, public_commands, refuses

PAYING = ("return_receipt", "debit", "deduct", "withdraw", "reserve")
PAID = ("receive", "credit", "return_deduction")


class TestSettlementAccountMatrix:
    @pytest.mark.parametrize(("state", "command"), sorted(MATRIX))
    def test_gives_an_event_or_the_named_refusal(self, state, command):
        arguments = {**ARGUMENTS[command], "effective_date": DAY}
        assert_cell(account_in(state), command, arguments, MATRIX[state, command])

    def test_has_a_cell_for_every_state_and_command(self):
        assert set(COMMANDS) == public_commands(SettlementAccount)
        assert set(MATRIX) == {(state, command) for state in STATES for command in COMMANDS}


class TestSettlementAccount:
    @pytest.mark.parametrize("command", PAYING)
    def test_gives_what_is_available_to_the_last_unit_and_no_more(self, command):
        account = account_with(balance=500, tax=100)
        with refuses(account, FundsNotAvailable, field="amount_minor") as caught:
            call(account, command, amount_minor=401)
        assert caught.value.details["available_minor"] == 400
        call(account, command, amount_minor=400)
        assert account.available_minor == 0

    @pytest.mark.parametrize("command", [*PAID, *PAYING])
    @pytest.mark.parametrize("amount", [0, -1, True, 1.0, "1"])
    def test_refuses_what_is_no_amount(self, command, amount):
        account = account_with(balance=500)
        with refuses(account, SettlementAmountInvalid, field="amount_minor"):
            call(account, command, amount_minor=amount)

    def test_holds_one_amount_for_each_purpose(self):
        account = account_with(balance=500, tax=100)
        with refuses(account, HoldAlreadyPlaced, field="purpose"):
            call(account, "reserve", purpose="tax")
        call(account, "reserve", purpose="payroll", amount_minor=150)
        assert (account.state.reserved_minor, account.available_minor) == (250, 250)
        call(account, "release", purpose="tax")
        assert account.state.holds == {"payroll": 150}
        assert account.available_minor == 350

    @pytest.mark.parametrize("command", ["deduct", "return_deduction"])
    def test_refuses_a_deduction_and_its_return_for_a_loan_of_its_own(self, command):
        account = account_with(balance=500)
        with refuses(account, OwnAccountDeducted, field="loan_account_id"):
            call(account, command, loan_account_id=ACCOUNT)

    @pytest.mark.parametrize("command", PAID)
    def test_can_pay_with_what_came_to_it_at_once(self, command):
        account = account_with(balance=500, tax=500)
        call(account, command, amount_minor=70)
        assert (account.state.balance_minor, account.available_minor) == (570, 70)
        call(account, "withdraw", amount_minor=70)

    def test_returns_a_receipt_by_the_name_it_came_under(self):
        account = account_with(balance=500)
        call(account, "return_receipt", amount_minor=500)
        event = account.pending_events[-1]
        assert (event.channel, event.of_reference, event.reference) == ("bank", "r-0", "back-1")
        assert account.state.balance_minor == 0

    @pytest.mark.parametrize(
        ("value_date", "counts_from"), [(None, DAY), (DAY, DAY), (date(2024, 2, 29), date(2024, 2, 29))]
    )
    def test_lets_money_count_from_its_value_date_or_from_today(self, value_date, counts_from):
        account = account_with()
        call(account, "receive", value_date=value_date)
        event = account.pending_events[-1]
        assert (event.effective_date, event.value_date) == (DAY, counts_from)

    def test_refuses_money_that_would_count_from_tomorrow(self):
        account = account_with()
        with refuses(account, ReceiptValueDateInFuture, field="value_date") as caught:
            call(account, "receive", value_date=DAY + timedelta(days=1))
        assert caught.value.details == {"open_date": DAY.isoformat()}

    def test_opens_in_a_known_currency(self):
        account = SettlementAccount.blank(ACCOUNT)
        with refuses(account, CurrencyUnknown, field="currency"):
            account.open(entity_id=ENTITY, currency="", effective_date=DAY)

    def test_names_itself_in_every_movement(self):
        account = account_with(balance=500, tax=100)
        for command in (*PAYING[:-1], *PAID):
            call(account, command)
        for event in account.pending_events[1:]:
            assert (event.entity_id, event.account_id, event.currency) == (ENTITY, ACCOUNT, "CNY")

    def test_survives_storage(self):
        account = account_with(balance=500, tax=100)
        for command in (*PAYING, *PAID, "release"):
            call(account, command)
        assert_survives_storage(account)
