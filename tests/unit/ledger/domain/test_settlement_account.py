"""The settlement account: what comes in, what may go out, and what is held back."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from eventsourcing.persistence import StoredEvent

from ledger.domain.settlement_account import (
    FundsNotAvailable,
    HoldAlreadyPlaced,
    OwnAccountDeducted,
    ReceiptValueDateInFuture,
    SettlementAccount,
    SettlementAmountInvalid,
    WithdrawalAlreadyRequested,
    WithdrawalUnknown,
)
from ledger.domain.settlement_account_matrix import COMMANDS, MATRIX, STATES
from ledger.eventstore.codec import MAPPER
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

PAYING = ("return_receipt", "debit", "deduct", "request_withdrawal", "reserve")
ANSWERS = ("confirm_withdrawal", "fail_withdrawal")
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

    def test_holds_a_withdrawal_until_the_bank_has_paid(self):
        account = account_with(balance=500, tax=100)
        call(account, "request_withdrawal", amount_minor=300)
        assert (account.state.balance_minor, account.available_minor) == (500, 100)
        call(account, "confirm_withdrawal", reference="w-1")
        assert account.pending_events[-1].amount_minor == 300
        assert (account.state.balance_minor, account.available_minor) == (200, 100)
        assert (account.state.withdrawals, account.state.holds) == ({}, {"tax": 100})

    def test_has_its_money_free_again_when_the_bank_has_not_paid(self):
        account = account_with(balance=500, tax=100)
        call(account, "request_withdrawal", amount_minor=300)
        call(account, "fail_withdrawal", reference="w-1")
        assert account.pending_events[-1].amount_minor == 300
        assert (account.state.balance_minor, account.available_minor) == (500, 400)
        assert account.state.withdrawals == {}

    def test_asks_the_bank_once_under_a_reference(self):
        account = account_with(balance=500, withdrawn=50)
        with refuses(account, WithdrawalAlreadyRequested, field="reference"):
            call(account, "request_withdrawal", reference="w-0")

    @pytest.mark.parametrize("command", ANSWERS)
    @pytest.mark.parametrize("first", ANSWERS)
    def test_takes_one_answer_of_the_bank(self, first, command):
        account = account_with(balance=500, withdrawn=50)
        call(account, first)
        with refuses(account, WithdrawalUnknown, field="reference"):
            call(account, command)

    def test_reads_money_that_was_paid_out_before_there_were_requests(self):
        account = account_with(balance=500, tax=100)
        stored = {
            "effective_date": "2024-07-15",
            "entity_id": str(ENTITY),
            "account_id": str(ACCOUNT),
            "currency": "CNY",
            "amount_minor": 70,
            "reference": "w-1",
        }
        old = MAPPER.to_domain_event(
            StoredEvent(ACCOUNT, account.version + 1, "settlement.withdrawn", json.dumps(stored).encode())
        )
        old.apply(account.state)
        assert (old.bank_reference, account.state.balance_minor, account.available_minor) == ("", 430, 330)

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
        call(account, "request_withdrawal", amount_minor=70)

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
        account = account_with(balance=500, tax=100, withdrawn=50)
        for command in (*PAYING[:-1], *PAID, ANSWERS[0]):
            call(account, command)
        for event in account.pending_events[1:]:
            assert (event.entity_id, event.account_id, event.currency) == (ENTITY, ACCOUNT, "CNY")

    def test_survives_storage(self):
        account = account_with(balance=500, tax=100, withdrawn=50)
        for command in (*PAYING, *PAID, "release", "confirm_withdrawal"):
            call(account, command)
        call(account, "fail_withdrawal", reference="w-1")
        assert_survives_storage(account)
