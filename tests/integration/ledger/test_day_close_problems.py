"""A loan that cannot be dealt with is set aside, reported and tried again, and does not stop the others.

Method: the command of one loan is made to fail, by a fault of its handler or by a refusal that no step expects,
while its shard holds other loans that are due; what those come to must be what they come to undisturbed.
"""

from __future__ import annotations

import io
import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from ledger import day_close, day_close_subjects
from ledger.commands.age_loan import AgeLoan
from ledger.commands.post_accrual import PostAccrual
from ledger.day_close_progress import close_state, day_in_progress, open_problem_count
from ledger.eventstore.business_date import business_date
from ledger.eventstore.commands import HANDLERS
from ledger.eventstore.unit_of_work import NotFound
from lending.commands.repayment import DebitDueAmount
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.storage import content

DAY = timedelta(days=1)
EVERY_SHARD = range(256)


class Poison(Exception):
    """What only this test raises."""


def rows(sql, *params):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.fixture
def poison(monkeypatch):
    """Return a function that makes the command of given loans fail, and returns how to mend it."""

    def spoil(kind, loans, error):
        sound = HANDLERS[kind]

        def handler(command, work):
            if loans is None or command.loan_id in loans:
                raise error
            return sound(command, work)

        monkeypatch.setitem(HANDLERS, kind, handler)
        return lambda: monkeypatch.setitem(HANDLERS, kind, sound)

    return spoil


@pytest.fixture
def due(books):
    """A seller with three daily loans that are due on the open date, each with its money on its account."""
    seller = seller_with_line(accounts=3)
    loans = [
        seller.borrow(100_000, product="revolving-daily", term=30, account=account) for account in range(3)
    ]
    due_on = one("SELECT min(due_on) FROM instalment")
    seller.close_through(due_on - DAY)
    for account in range(3):
        seller.receive(200_000, account=account).value()
    return seller, loans, due_on


class TestALoanThatCannotBeDebited:
    def test_is_set_aside_while_the_others_pay_and_the_date_closes(self, due, poison, caplog):
        seller, loans, due_on = due
        poison(
            DebitDueAmount, {loans[1]}, Poison("the state of 'Zhang San' +86 138 0013 8000 cannot be read")
        )
        with caplog.at_level(logging.ERROR):
            seller.close_through(due_on)
        assert seller.today() == due_on + DAY
        assert one("SELECT closed_through FROM es_shard WHERE shard = %s", seller.shard) == due_on
        paid = rows("SELECT id, status FROM loan ORDER BY array_position(%s::uuid[], id)", loans)
        # The cut-off passed all the same; the deduction of the new date took the money from any account.
        assert [status for _, status in paid] == ["settled", "settled", "settled"]
        assert rows("SELECT reason FROM repayment WHERE loan_id = %s", loans[1]) == [("linked_deduction",)]
        (problem,) = rows(
            "SELECT shard, business_date, last_date, step, subject, command, error, message, attempts,"
            " first_seen <= last_seen, resolved_at FROM day_close_problem"
        )
        assert problem[:7] == (
            seller.shard, due_on, due_on, "debit", str(loans[1]), "debit_due_amount", "Poison",
        )  # fmt: skip
        assert problem[8:] == (1, True, None)
        assert "Zhang" not in problem[7]
        assert "8000" not in problem[7]
        assert "cannot be read" in problem[7]
        assert str(loans[1]) in caplog.text
        assert_books_hold()

    def test_is_tried_first_by_the_next_close_and_resolved_when_it_works(self, due, poison):
        seller, loans, due_on = due
        mend = poison(DebitDueAmount, {loans[2]}, Poison("no"))
        seller.close_through(due_on)
        assert open_problem_count() == 1
        mend()
        seller.close_through(due_on + DAY)
        (by, attempts) = rows(
            "SELECT resolved_by, attempts FROM day_close_problem WHERE resolved_at > first_seen"
        )[0]
        assert (by, attempts) == (f"close of {due_on + DAY}", 1)
        assert open_problem_count() == 0
        assert_books_hold()

    def test_stays_one_problem_however_many_closes_fail(self, due, poison):
        seller, loans, due_on = due
        poison(DebitDueAmount, {loans[0]}, Poison("no"))
        seller.close_through(due_on + 2 * DAY)
        assert rows("SELECT business_date, last_date, attempts FROM day_close_problem") == [
            (due_on, due_on + 2 * DAY, 3)
        ]
        for day in (due_on, due_on + DAY, due_on + 2 * DAY):
            assert [problem.subject for problem in close_state(day).problems] == [str(loans[0])]
        assert close_state(due_on - DAY).problems == ()
        assert_books_hold()

    def test_still_takes_the_commands_of_its_borrower(self, due, poison):
        seller, loans, due_on = due
        poison(DebitDueAmount, set(loans), Poison("no"))
        poison(AgeLoan, set(loans), Poison("no"))
        seller.close_through(due_on)
        assert one("SELECT count(*) FROM day_close_problem WHERE step = 'debit'") == 3
        seller.receive(1_000).value()
        assert seller.today() == due_on + DAY
        assert_books_hold()

    def test_leaves_to_the_others_the_books_they_would_have_alone(self, due, poison):
        seller, loans, due_on = due
        poison(DebitDueAmount, {loans[0]}, NotFound("There is no such loan."))
        seller.close_through(due_on)
        assert rows("SELECT error, message FROM day_close_problem") == [
            ("LEDGER_NOT_FOUND", "There is no such loan.")
        ]
        others = (
            "SELECT reason, effective_date, amount_minor FROM repayment WHERE loan_id <> %s ORDER BY 1, 2, 3"
        )
        # 1,000.00 at 14.4% over 30 days: 12.00 of interest each.
        assert rows(others, loans[0]) == [("auto_debit", due_on, 101_200)] * 2
        assert_books_hold()


class TestAStepThatIsAtFaultItself:
    def test_stops_after_twenty_subjects_in_a_row_and_goes_on_when_it_is_mended(
        self, books, poison, monkeypatch
    ):
        monkeypatch.setattr(day_close_subjects, "FAILED_IN_A_ROW_MAX", 2)
        seller = seller_with_line(accounts=3)
        for account in range(3):
            seller.borrow(100_000, product="revolving-daily", term=30, account=account)
        due_on = one("SELECT min(due_on) FROM instalment")
        seller.close_through(due_on - DAY)
        for account in range(3):
            seller.receive(200_000, account=account).value()
        mend = poison(DebitDueAmount, None, Poison("everybody"))
        with pytest.raises(ExceptionGroup) as stopped:
            seller.close_through(due_on)
        assert stopped.group_contains(day_close_subjects.StepStopped)
        assert seller.today() == due_on
        assert open_problem_count() == 2
        mend()
        seller.close_through(due_on)
        assert open_problem_count() == 0
        assert one("SELECT count(*) FROM repayment WHERE reason = 'auto_debit'") == 3
        assert_books_hold()

    def test_stops_when_the_database_is_gone(self, due, poison):
        seller, loans, due_on = due
        mend = poison(DebitDueAmount, {loans[0]}, OperationalError("the server closed the connection"))
        with pytest.raises(ExceptionGroup):
            seller.close_through(due_on)
        assert open_problem_count() == 0
        assert seller.today() == due_on
        mend()
        seller.close_through(due_on)
        assert one("SELECT count(*) FROM repayment WHERE reason = 'auto_debit'") == 3
        assert_books_hold()

    def test_of_the_accrual_is_all_or_nothing(self, due, monkeypatch):
        seller, _, due_on = due
        with monkeypatch.context() as patch:

            def fails(command, work):
                raise Poison("accrual")

            patch.setitem(HANDLERS, PostAccrual, fails)
            with pytest.raises(ExceptionGroup) as stopped:
                seller.close_through(due_on)
            assert stopped.group_contains(Poison)
            assert open_problem_count() == 0
            assert one("SELECT count(*) FROM accrual_run WHERE business_date = %s", due_on) == 0
            assert seller.today() == due_on
        seller.close_through(due_on)
        assert_books_hold()


class TestTheLendersDate:
    def test_is_closed_only_when_every_shard_has_closed_it(self, due):
        seller, _, due_on = due
        rest = [shard for shard in EVERY_SHARD if shard != seller.shard]
        day_close.close_shards_through(shards=rest, through=due_on)
        state = close_state(due_on)
        assert (state.shards_closed, state.shards_behind, state.is_closed) == (255, 1, False)
        assert business_date().closed_through == due_on - DAY
        assert day_in_progress() == due_on
        seller.close_through(due_on)
        state = close_state(due_on)
        assert (state.shards_closed, state.is_closed) == (256, True)
        assert business_date().closed_through == day_in_progress() == due_on
        assert_books_hold()

    def test_shows_its_steps_with_counts_and_durations(self, due):
        seller, _, due_on = due
        seller.close_through(due_on)
        steps = {step.name: step for step in close_state(due_on).steps}
        assert list(steps) == list(day_close.step_names())
        assert (steps["automatic debit"].done, steps["automatic debit"].shards) == (3, 1)
        assert steps["accrual"].done == 0  # all three were paid off before the cut-off
        assert all(step.took_ms >= 0 and step.last_finished is not None for step in steps.values())
        assert close_state(due_on).seconds >= 0
        assert_books_hold()

    def test_shows_who_is_closing_and_how_far(self, due, monkeypatch):
        seller, _, due_on = due
        monkeypatch.setattr("ledger.day_close_running.SIGN_OF_LIFE_SECONDS", 0.0)
        seen = []
        sound = HANDLERS[DebitDueAmount]

        def handler(command, work):
            seen.append(close_state(due_on).running)
            return sound(command, work)

        monkeypatch.setitem(HANDLERS, DebitDueAmount, handler)
        seller.close_through(due_on)
        assert [(run.shard, run.step, run.given, run.total) for (run,) in seen] == [
            (seller.shard, "debit", number, 3) for number in (1, 2, 3)
        ]
        assert not seen[0][0].is_silent
        assert close_state(due_on).running == ()
        assert_books_hold()


def run(*arguments) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class TestTheCommandLine:
    def test_ends_with_status_three_when_something_was_set_aside(self, due, poison):
        seller, loans, due_on = due
        poison(DebitDueAmount, {loans[0]}, Poison("no"))
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 subjects are set aside") as ended:
            call_command("close_day", "--through", due_on.isoformat(), stdout=out)
        assert ended.value.returncode == 3
        assert f"{due_on}: closed; 256 of 256 shards closed" in out.getvalue()
        assert f"debit of {loans[0]} in shard {seller.shard}: Poison" in out.getvalue()
        assert_books_hold()

    def test_ends_with_status_one_when_a_shard_stopped_and_says_what_is_behind(self, due, poison):
        _, loans, due_on = due
        poison(DebitDueAmount, {loans[0]}, OperationalError("gone"))
        out = io.StringIO()
        with pytest.raises(CommandError, match="stopped in 1 shards") as ended:
            call_command("close_day", "--through", due_on.isoformat(), stdout=out)
        assert ended.value.returncode == 1
        assert f"{due_on}: not closed: 1 shards behind; 255 of 256 shards closed" in out.getvalue()
        assert_books_hold()

    def test_shows_a_date_and_changes_nothing(self, due):
        seller, _, due_on = due
        seller.close_through(due_on)
        before = content()
        assert f"{due_on}: not closed: 255 shards behind; 1 of 256" in run(
            "close_day", "--status", "--date", due_on.isoformat()
        )
        assert "automatic debit" in run("close_day", "--status")
        assert content() == before
        assert_books_hold()
