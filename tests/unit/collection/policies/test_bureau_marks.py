"""Marks of months by worked examples: due on the 2nd of each month, three days of grace, lent on 2024-01-02."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from collection.policies.bureau_marks import DueRow, LoanHistory, mark_of, repayment_string, standing

OPENED = date(2024, 1, 2)


def due(due_on: str, paid_on: str | None = None, *, plan: int | None = 1) -> DueRow:
    return DueRow(date.fromisoformat(due_on), date.fromisoformat(paid_on) if paid_on else None, plan)


def history(*rows: tuple[str, str | None], ended: str | None = None, abnormally: bool = False) -> LoanHistory:
    """Instalments of one plan as due date and day of payment."""
    made = [due(*row) for row in rows]
    ended_on = date.fromisoformat(ended) if ended else None
    return LoanHistory(OPENED, ended_on, abnormally, 3, made)


def marks(told: LoanHistory, *, until: str, months: int) -> str:
    return repayment_string(told, month=date.fromisoformat(f"{until}-01"))[-months:]


PUNCTUAL = history(
    ("2024-02-02", "2024-02-02"),
    ("2024-03-02", "2024-03-02"),
    ("2024-04-02", "2024-04-02"),
    ended="2024-04-02",
)
# The second row is paid in the middle of May, the third never.
LATE = history(("2024-02-02", "2024-02-02"), ("2024-03-02", "2024-05-15"), ("2024-04-02", None))


class TestTheString:
    def test_of_a_punctual_loan_ends_with_its_settlement(self):
        assert marks(PUNCTUAL, until="2024-06", months=7) == "*NNNC**"

    def test_counts_the_periods_overdue_at_the_end_of_each_month(self):
        # March: the row of March. April: those of March and April. May: March was paid, April is two months old.
        assert marks(LATE, until="2024-05", months=6) == "*NN122"

    def test_of_a_loan_that_is_never_paid_rises_to_seven_and_stays(self):
        never = history(("2024-02-02", None), ("2024-03-02", None), ("2024-04-02", None))
        assert marks(never, until="2024-11", months=12) == "*N1234567777"

    def test_shows_what_was_known_to_be_paid_by_then_and_not_later(self):
        paid_at_last = history(("2024-02-02", "2024-04-20"), ended="2024-04-20")
        assert marks(paid_at_last, until="2024-05", months=6) == "*N12C*"

    def test_ends_abnormally_with_a_g(self):
        given_up = history(("2024-02-02", None), ended="2024-05-10", abnormally=True)
        assert marks(given_up, until="2024-06", months=7) == "*N123G*"

    def test_has_24_marks(self):
        assert len(repayment_string(LATE, month=date(2026, 7, 1))) == 24
        assert repayment_string(LATE, month=date(2024, 1, 1)) == "*" * 23 + "N"

    def test_of_two_years_later_has_forgotten_the_beginning(self):
        # April 2024 to March 2026: the marks before are gone, and the oldest unpaid row is that of April 2024.
        assert repayment_string(LATE, month=date(2026, 3, 1)) == "2" + "23456" + "7" * 18


class TestGrace:
    @pytest.mark.parametrize(
        ("due_on", "expected"),
        [("2024-03-27", "1"), ("2024-03-28", "N"), ("2024-03-31", "N"), ("2024-04-01", "N")],
    )
    def test_is_over_before_anything_is_reported(self, due_on, expected):
        assert mark_of(history((due_on, None)), month=date(2024, 3, 1)) == expected

    def test_paid_within_it_was_never_overdue(self):
        paid = history(("2024-03-29", "2024-04-01"))
        assert marks(paid, until="2024-04", months=5) == "*NNNN"

    def test_is_counted_in_once_it_is_over(self):
        stood = standing(history(("2024-03-02", None)), on=date(2024, 3, 31))
        assert (stood.overdue_since, stood.days_past_due, stood.periods) == (date(2024, 3, 2), 29, 1)


class TestAnInstalmentOnTheLastOfAShortMonth:
    """Lent on 31 January, so due on 29 February, 31 March and 30 April; one day of grace."""

    @pytest.mark.parametrize(
        ("on", "periods"),
        [
            ("2024-03-29", 1),
            ("2024-03-31", 1),
            ("2024-04-01", 1),
            ("2024-04-02", 2),
            ("2024-05-01", 2),
            ("2024-05-02", 3),
        ],
    )
    def test_counts_from_the_day_it_was_clipped_from(self, on, periods):
        unpaid = replace(
            history(("2024-02-29", None), ("2024-03-31", None), ("2024-04-30", None)), grace_days=1
        )
        assert standing(unpaid, on=date.fromisoformat(on)).periods == periods

    def test_that_is_due_at_once_counts_from_its_own_day(self):
        unpaid = replace(history(("2024-02-29", None)), grace_days=1)
        assert standing(unpaid, on=date(2024, 3, 31)).periods == 2


class TestTheDayOnWhichPeriodsBegin:
    """No grace, and looked at on a last of May: an anchor of the 30th has begun a second period, the 31st has not."""

    IN_MARCH = due("2024-03-30", "2024-03-30")
    UNPAID = due("2024-04-30"), due("2024-05-30")

    def periods(self, *rows: DueRow, on: str = "2024-05-31") -> int:
        return standing(LoanHistory(OPENED, None, False, 0, rows), on=date.fromisoformat(on)).periods

    @pytest.mark.parametrize(
        "other",
        [
            due("2024-03-31", "2024-03-31", plan=None),
            due("2024-05-31", plan=None),
            due("2024-01-31", "2024-01-31", plan=2),
        ],
        ids=["a prepayment", "a charge that is not paid", "an instalment of another plan"],
    )
    def test_is_that_of_the_instalments_of_their_own_plan(self, other):
        assert self.periods(self.IN_MARCH, other, *self.UNPAID) == 2

    def test_is_shown_by_instalments_that_are_paid_or_to_come(self):
        assert self.periods(due("2024-03-31", "2024-03-31"), due("2024-04-30")) == 1
        assert self.periods(due("2024-04-30"), due("2024-05-31")) == 1

    def test_is_its_own_for_what_is_no_instalment(self):
        paid = due("2024-03-31", "2024-03-31"), due("2024-04-30", "2024-04-30")
        assert self.periods(*paid, due("2024-04-30", plan=None)) == 2

    def test_is_that_of_the_plan_where_a_charge_is_due_with_an_instalment(self):
        both = due("2024-04-30", plan=None), due("2024-04-30")
        assert self.periods(due("2024-03-31", "2024-03-31"), *both) == 1
        assert self.periods(due("2024-03-31", "2024-03-31"), *reversed(both)) == 1

    def test_is_that_of_the_oldest_that_is_unpaid_then(self):
        """The charge of February was paid in June, so in May it was the oldest."""
        charge = due("2024-02-29", "2024-06-03", plan=None)
        assert self.periods(due("2024-03-31"), charge) == 4
        assert self.periods(due("2024-03-31"), charge, on="2024-06-30") == 3


class TestALoanDueAtOnce:
    def test_counts_months_instead_of_rows(self):
        bullet = history(("2024-01-31", None))
        assert marks(bullet, until="2024-06", months=6) == "N12345"

    def test_paid_on_the_last_day_of_the_month_is_paid_in_it(self):
        assert (
            mark_of(history(("2024-02-02", "2024-03-31"), ended="2024-03-31"), month=date(2024, 3, 1)) == "C"
        )
        assert (
            mark_of(history(("2024-02-02", "2024-04-01"), ended="2024-04-01"), month=date(2024, 3, 1)) == "2"
        )
