"""The settlement account: what comes in, what may go out, and what is held back."""

from __future__ import annotations

import pytest

from ledger.domain.settlement_account import (
    FundsNotAvailable,
    HoldAlreadyPlaced,
    OwnAccountDeducted,
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

PAYING = ("debit", "deduct", "withdraw", "reserve")


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

    @pytest.mark.parametrize("command", ["receive", *PAYING])
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

    def test_refuses_to_deduct_for_a_loan_of_its_own(self):
        account = account_with(balance=500)
        with refuses(account, OwnAccountDeducted, field="loan_account_id"):
            call(account, "deduct", loan_account_id=ACCOUNT)

    def test_opens_in_a_known_currency(self):
        account = SettlementAccount.blank(ACCOUNT)
        with refuses(account, CurrencyUnknown, field="currency"):
            account.open(entity_id=ENTITY, currency="", effective_date=DAY)

    def test_names_itself_in_every_movement(self):
        account = account_with(balance=500, tax=100)
        for command in ("debit", "deduct", "withdraw"):
            call(account, command)
        for event in account.pending_events[1:]:
            assert (event.entity_id, event.account_id, event.currency) == (ENTITY, ACCOUNT, "CNY")

    def test_survives_storage(self):
        account = account_with(balance=500, tax=100)
        for command in ("debit", "deduct", "withdraw", "reserve", "release"):
            call(account, command)
        assert_survives_storage(account)
