"""The credit line: what fits into a limit, and what stops a draw."""

from __future__ import annotations

from uuid import UUID

import pytest

from ledger.kernel.currencies import CurrencyUnknown
from lending.domain.credit_line import CreditLine
from lending.domain.credit_line_matrix import COMMANDS, MATRIX, STATES
from lending.domain.credit_line_refusals import (
    EntityIsBlacklisted,
    LimitExceeded,
    LimitUnchanged,
    LineAmountInvalid,
    LineIsClosed,
    LineIsFrozen,
    LoanAlreadyReserved,
    ReservationExceeded,
    ReservationUnknown,
    RestoreExceedsDrawn,
)
from tests.unit.lending.builders import DAY, ENTITY, LINE, LOAN, OTHER_LOAN, open_line
from tests.unit.refusing import assert_cell, assert_survives_storage, public_commands, refuses

NEW_LOAN = UUID(int=300)
ARGUMENTS = {
    "open": {"entity_id": ENTITY, "currency": "CNY", "limit_minor": 100_000},
    "change_limit": {"limit_minor": 90_000, "reason": "review"},
    "reserve": {"loan_id": NEW_LOAN, "amount_minor": 1},
    "release": {"loan_id": LOAN},
    "book": {"loan_id": LOAN},
    "restore_limit": {"loan_id": OTHER_LOAN, "amount_minor": 1},
    "owe_again": {"loan_id": OTHER_LOAN, "amount_minor": 1},
    "freeze": {"reason": "review"},
    "thaw": {},
    "blacklist": {"reason": "repeated_overdue"},
    "close": {"reason": "asked"},
}


def line_in(state):
    if state == "absent":
        return CreditLine.blank(LINE)
    if state.startswith("closed"):
        line = open_line()
        line.close(reason="asked", effective_date=DAY)
        if state == "closed_owing":
            line.owe_again(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        return line
    line = open_line(drawn_minor=30_000, reserved_minor=70_000 if state == "used_up" else 20_000)
    if state == "frozen":
        line.freeze(reason="review", effective_date=DAY)
    if state == "blacklisted":
        line.blacklist(reason="repeated_overdue", effective_date=DAY)
    return line


class TestCreditLineMatrix:
    @pytest.mark.parametrize(("state", "command"), sorted(MATRIX))
    def test_gives_an_event_or_the_named_refusal(self, state, command):
        arguments = {**ARGUMENTS[command], "effective_date": DAY}
        assert_cell(line_in(state), command, arguments, MATRIX[state, command])

    def test_has_a_cell_for_every_state_and_command(self):
        assert set(COMMANDS) == public_commands(CreditLine)
        assert set(MATRIX) == {(state, command) for state in STATES for command in COMMANDS}


class TestReserve:
    @pytest.mark.parametrize(
        ("limit", "drawn", "reserved", "amount", "available_after"),
        [
            (100_000, 0, 0, 1, 99_999),
            (100_000, 0, 0, 100_000, 0),
            (100_000, 30_000, 20_000, 50_000, 0),
            (100_000, 99_999, 0, 1, 0),
        ],
    )
    def test_takes_what_is_available_to_the_last_unit(self, limit, drawn, reserved, amount, available_after):
        line = open_line(limit_minor=limit, drawn_minor=drawn, reserved_minor=reserved)
        line.reserve(loan_id=NEW_LOAN, amount_minor=amount, effective_date=DAY)
        assert line.available_minor == available_after
        assert line.state.reserved_minor == reserved + amount

    @pytest.mark.parametrize(
        ("drawn", "reserved", "amount", "available"),
        [(0, 0, 100_001, 100_000), (30_000, 20_000, 50_001, 50_000), (100_000, 0, 1, 0), (0, 100_000, 1, 0)],
    )
    def test_refuses_one_unit_too_many_and_says_what_is_available(self, drawn, reserved, amount, available):
        line = open_line(drawn_minor=drawn, reserved_minor=reserved)
        with refuses(line, LimitExceeded, field="amount_minor") as caught:
            line.reserve(loan_id=NEW_LOAN, amount_minor=amount, effective_date=DAY)
        assert caught.value.details["available_minor"] == available
        assert caught.value.code == "LENDING_LIMIT_EXCEEDED"

    @pytest.mark.parametrize("amount", [0, -1, True, 1.0, "5", None])
    def test_refuses_what_is_no_amount(self, amount):
        line = open_line()
        with refuses(line, LineAmountInvalid, field="amount_minor"):
            line.reserve(loan_id=NEW_LOAN, amount_minor=amount, effective_date=DAY)

    def test_refuses_a_loan_that_holds_a_reservation(self):
        line = open_line(reserved_minor=10)
        with refuses(line, LoanAlreadyReserved, field="loan_id"):
            line.reserve(loan_id=LOAN, amount_minor=10, effective_date=DAY)

    def test_names_the_blacklist_before_the_freeze_and_the_limit(self):
        line = open_line(drawn_minor=100_000)
        line.freeze(reason="review", effective_date=DAY)
        with refuses(line, LineIsFrozen):
            line.reserve(loan_id=NEW_LOAN, amount_minor=1, effective_date=DAY)
        line.blacklist(reason="repeated_overdue", effective_date=DAY)
        with refuses(line, EntityIsBlacklisted):
            line.reserve(loan_id=NEW_LOAN, amount_minor=1, effective_date=DAY)

    def test_stays_refused_on_a_blacklisted_line_that_was_thawed(self):
        line = open_line()
        line.freeze(reason="review", effective_date=DAY)
        line.blacklist(reason="repeated_overdue", effective_date=DAY)
        line.thaw(effective_date=DAY)
        with refuses(line, EntityIsBlacklisted):
            line.reserve(loan_id=NEW_LOAN, amount_minor=1, effective_date=DAY)


class TestReservation:
    def test_becomes_drawn_when_it_is_booked(self):
        line = open_line(reserved_minor=40_000)
        line.book(loan_id=LOAN, effective_date=DAY)
        assert (line.state.reserved_minor, line.state.drawn_minor) == (0, 40_000)
        assert line.state.reservations == {}
        assert line.available_minor == 60_000

    def test_makes_room_when_it_is_released(self):
        line = open_line(reserved_minor=40_000)
        line.release(loan_id=LOAN, effective_date=DAY)
        assert (line.state.reserved_minor, line.state.drawn_minor, line.available_minor) == (0, 0, 100_000)

    @pytest.mark.parametrize("first", ["release", "book"])
    @pytest.mark.parametrize("second", ["release", "book"])
    def test_resolves_once(self, first, second):
        line = open_line(reserved_minor=40_000)
        getattr(line, first)(loan_id=LOAN, effective_date=DAY)
        with refuses(line, ReservationUnknown, field="loan_id"):
            getattr(line, second)(loan_id=LOAN, effective_date=DAY)

    def test_resolves_on_a_frozen_and_blacklisted_line(self):
        line = open_line(reserved_minor=40_000)
        line.freeze(reason="review", effective_date=DAY)
        line.blacklist(reason="repeated_overdue", effective_date=DAY)
        line.book(loan_id=LOAN, effective_date=DAY)
        assert line.state.drawn_minor == 40_000


class TestALoanPaidOutInParts:
    def test_is_booked_part_by_part_and_holds_the_rest(self):
        line = open_line(reserved_minor=40_000)
        line.book(loan_id=LOAN, amount_minor=10_000, effective_date=DAY)
        assert (line.state.reserved_minor, line.state.drawn_minor, line.available_minor) == (
            30_000,
            10_000,
            60_000,
        )
        assert line.state.reservations == {str(LOAN): 30_000}
        line.book(loan_id=LOAN, amount_minor=30_000, effective_date=DAY)
        assert (line.state.reservations, line.state.drawn_minor) == ({}, 40_000)

    def test_gives_back_a_part_of_what_it_holds(self):
        line = open_line(reserved_minor=40_000)
        line.release(loan_id=LOAN, amount_minor=15_000, effective_date=DAY)
        assert (line.state.reserved_minor, line.state.drawn_minor, line.available_minor) == (
            25_000,
            0,
            75_000,
        )

    @pytest.mark.parametrize("command", ["book", "release"])
    @pytest.mark.parametrize(
        ("amount", "refusal"),
        [(40_001, ReservationExceeded), (0, LineAmountInvalid), (True, LineAmountInvalid)],
    )
    def test_uses_no_more_than_it_holds(self, command, amount, refusal):
        line = open_line(reserved_minor=40_000)
        with refuses(line, refusal, field="amount_minor"):
            getattr(line, command)(loan_id=LOAN, amount_minor=amount, effective_date=DAY)

    def test_may_call_a_part_although_nothing_more_is_available(self):
        line = open_line(reserved_minor=100_000)
        line.require_part(loan_id=LOAN)
        assert line.available_minor == 0

    def test_may_call_no_part_without_a_reservation_nor_while_draws_are_stopped(self):
        line = open_line(reserved_minor=40_000)
        with refuses(line, ReservationUnknown, field="loan_id"):
            line.require_part(loan_id=OTHER_LOAN)
        line.freeze(reason="review", effective_date=DAY)
        with refuses(line, LineIsFrozen):
            line.require_part(loan_id=LOAN)
        line.blacklist(reason="repeated_overdue", effective_date=DAY)
        with refuses(line, EntityIsBlacklisted):
            line.require_part(loan_id=LOAN)


class TestRestoreLimit:
    def test_lets_the_limit_be_drawn_again_and_again(self):
        line = open_line(limit_minor=300_000)
        drawn = 0
        for number in range(25):
            loan, amount = UUID(int=1_000 + number), 54_000 - 1_000 * number
            line.reserve(loan_id=loan, amount_minor=amount, effective_date=DAY)
            line.book(loan_id=loan, effective_date=DAY)
            assert line.state.drawn_minor <= 300_000
            line.restore_limit(loan_id=loan, amount_minor=amount, effective_date=DAY)
            drawn += amount
        assert drawn > 300_000
        assert line.available_minor == 300_000

    def test_refuses_more_than_is_drawn(self):
        line = open_line(drawn_minor=500)
        with refuses(line, RestoreExceedsDrawn, field="amount_minor"):
            line.restore_limit(loan_id=OTHER_LOAN, amount_minor=501, effective_date=DAY)


class TestOweAgain:
    @pytest.mark.parametrize(
        ("drawn", "reserved", "amount", "available"),
        [
            (30_000, 20_000, 10_000, 40_000),
            (30_000, 20_000, 50_000, 0),
            (100_000, 0, 1, 0),
            (90_000, 10_000, 7, 0),
        ],
    )
    def test_draws_again_and_leaves_what_is_left_never_less_than_nothing(
        self, drawn, reserved, amount, available
    ):
        line = open_line(drawn_minor=drawn, reserved_minor=reserved)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=amount, effective_date=DAY)
        assert (line.state.drawn_minor, line.state.reserved_minor) == (drawn + amount, reserved)
        assert line.available_minor == available

    def test_stops_draws_until_enough_is_repaid(self):
        line = open_line(drawn_minor=90_000)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=30_000, effective_date=DAY)
        with refuses(line, LimitExceeded, field="amount_minor"):
            line.reserve(loan_id=NEW_LOAN, amount_minor=1, effective_date=DAY)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=20_001, effective_date=DAY)
        line.reserve(loan_id=NEW_LOAN, amount_minor=1, effective_date=DAY)
        assert line.available_minor == 0

    def test_lets_a_reservation_be_booked_although_the_line_is_over_its_limit(self):
        line = open_line(drawn_minor=60_000, reserved_minor=40_000)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=5_000, effective_date=DAY)
        line.book(loan_id=LOAN, effective_date=DAY)
        assert (line.state.drawn_minor, line.available_minor) == (105_000, 0)

    def test_can_be_repaid_on_a_closed_line_and_ends_there(self):
        line = open_line(drawn_minor=500)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        line.close(reason="asked", effective_date=DAY)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        with refuses(line, RestoreExceedsDrawn, field="amount_minor"):
            line.restore_limit(loan_id=OTHER_LOAN, amount_minor=501, effective_date=DAY)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        assert (line.state.status, line.state.drawn_minor, line.available_minor) == ("closed", 0, 0)
        with refuses(line, LineIsClosed):
            line.restore_limit(loan_id=OTHER_LOAN, amount_minor=1, effective_date=DAY)

    @pytest.mark.parametrize("amount", [0, -1, True, 1.0, "5", None])
    def test_refuses_what_is_no_amount(self, amount):
        line = open_line(drawn_minor=500)
        with refuses(line, LineAmountInvalid, field="amount_minor"):
            line.owe_again(loan_id=OTHER_LOAN, amount_minor=amount, effective_date=DAY)


class TestChangeLimit:
    def test_cut_below_use_leaves_nothing_available_and_the_loans_alone(self):
        line = open_line(drawn_minor=80_000)
        line.change_limit(limit_minor=50_000, reason="review", effective_date=DAY)
        assert (line.available_minor, line.state.drawn_minor) == (0, 80_000)
        with refuses(line, LimitExceeded):
            line.reserve(loan_id=NEW_LOAN, amount_minor=1, effective_date=DAY)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=40_000, effective_date=DAY)
        assert line.available_minor == 10_000

    def test_may_go_down_to_zero(self):
        line = open_line()
        line.change_limit(limit_minor=0, reason="review", effective_date=DAY)
        assert line.available_minor == 0

    @pytest.mark.parametrize(("limit", "refusal"), [(-1, LineAmountInvalid), (100_000, LimitUnchanged)])
    def test_refuses_a_negative_or_an_equal_limit(self, limit, refusal):
        line = open_line()
        with refuses(line, refusal, field="limit_minor"):
            line.change_limit(limit_minor=limit, reason="review", effective_date=DAY)


class TestCreditLine:
    @pytest.mark.parametrize(
        ("currency", "limit", "refusal"),
        [("CNY", 0, LineAmountInvalid), ("CNY", True, LineAmountInvalid), ("XXX", 1, CurrencyUnknown)],
    )
    def test_opens_with_a_positive_limit_in_a_known_currency(self, currency, limit, refusal):
        line = CreditLine.blank(LINE)
        with refuses(line, refusal):
            line.open(entity_id=ENTITY, currency=currency, limit_minor=limit, effective_date=DAY)

    def test_survives_storage(self):
        line = open_line(drawn_minor=30_000, reserved_minor=20_000)
        line.change_limit(limit_minor=90_000, reason="review", effective_date=DAY)
        line.freeze(reason="review", effective_date=DAY)
        line.thaw(effective_date=DAY)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=80_000, effective_date=DAY)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=110_000, effective_date=DAY)
        line.release(loan_id=LOAN, effective_date=DAY)
        line.blacklist(reason="repeated_overdue", effective_date=DAY)
        line.close(reason="asked", effective_date=DAY)
        assert_survives_storage(line)

    def test_shares_nothing_with_its_copy(self):
        line = open_line(reserved_minor=10)
        other = line.copy()
        other.reserve(loan_id=NEW_LOAN, amount_minor=10, effective_date=DAY)
        other.book(loan_id=LOAN, effective_date=DAY)
        assert line.state.reservations == {str(LOAN): 10}
        assert line.state.reserved_minor == 10

    def test_state_does_not_grow_with_the_loans_it_has_paid_out(self):
        line = open_line()
        for number in range(50):
            line.reserve(loan_id=UUID(int=1_000 + number), amount_minor=100, effective_date=DAY)
            line.book(loan_id=UUID(int=1_000 + number), effective_date=DAY)
        assert line.state.reservations == {}
