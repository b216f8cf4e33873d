"""A sheet proves itself: what does not add up is never given out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from ledger.domain.chart_of_accounts import CHART
from ledger.statements.owed_parts import PLACE
from ledger.statements.sheets import LOAN, OWED_PARTS, Line, Sheet, StatementUnbalanced
from ledger.statements.words import words_of

DAY = date(2024, 2, 2)


def line(
    *parts: int, topic: str = "loan.payment_received", kind: str = "", first_day: date | None = None
) -> Line:
    padded = (*parts, *(0,) * (len(OWED_PARTS) - len(parts)))
    return Line(DAY, DAY, topic, kind, "9/1", "", padded, first_day)


def sheet(*, opening, lines, closing) -> Sheet:
    pad = (0,) * (len(OWED_PARTS) - 3)
    parts = ((*opening, *pad), tuple(lines), (*closing, *pad))
    return Sheet(LOAN, UUID(int=1), "CNY", "bullet", OWED_PARTS, *parts)


class TestASheet:
    def test_shows_the_balance_after_each_line(self):
        made = sheet(opening=(100, 5, 0), lines=[line(0, 7), line(-60, -12)], closing=(40, 0, 0))
        assert [balance for _, balance in made.with_balances()] == [112, 40]

    @pytest.mark.parametrize("closing", [(41, 0, 0), (40, 1, 0), (40, 0, -1)])
    def test_that_is_a_cent_off_in_any_part_is_a_fault(self, closing):
        with pytest.raises(StatementUnbalanced):
            sheet(opening=(100, 5, 0), lines=[line(0, 7), line(-60, -12)], closing=closing)

    def test_does_not_set_one_part_off_against_another(self):
        with pytest.raises(StatementUnbalanced):
            sheet(opening=(100, 0, 0), lines=[line(-10)], closing=(91, -1, 0))

    def test_leaves_out_parts_in_which_nothing_is(self):
        made = sheet(opening=(100, 0, 0), lines=[line(0, 0, 3)], closing=(100, 0, 3))
        assert made.parts_shown == ("principal", "interest", "penalty")

    def test_is_empty_when_nothing_was_owed_and_nothing_moved(self):
        assert sheet(opening=(0, 0, 0), lines=[], closing=(0, 0, 0)).is_empty
        assert not sheet(opening=(0, 0, 0), lines=[line(1), line(-1)], closing=(0, 0, 0)).is_empty


class TestTheOwedParts:
    def test_have_every_receivable_of_a_loan(self):
        receivables = {code for code in CHART if code.startswith("13") and code != "1391"}
        assert receivables <= set(PLACE)

    def test_have_no_income_and_no_cash(self):
        assert not any(code.startswith(("6", "10")) for code in PLACE)


class TestTheWords:
    def test_say_for_how_many_days_interest_was_charged(self):
        accrued = line(0, 5, topic="accrual.run_posted", first_day=date(2024, 1, 31))
        assert words_of(accrued, sheet_kind=LOAN) == "Interest, 3 days from 2024-01-31"

    def test_name_penalty_apart_from_interest(self):
        both = line(0, 5, 2, topic="accrual.run_posted", first_day=DAY)
        only = line(0, 0, 2, topic="accrual.run_posted", first_day=DAY)
        assert words_of(both, sheet_kind=LOAN) == "Interest and penalty, 1 day from 2024-02-02"
        assert words_of(only, sheet_kind=LOAN) == "Penalty, 1 day from 2024-02-02"

    def test_tell_a_payoff_from_an_instalment(self):
        assert words_of(line(-5, kind="payoff"), sheet_kind=LOAN) == "Payment, payoff"
        assert words_of(line(-5, kind="instalment"), sheet_kind=LOAN) == "Payment"

    def test_fall_back_on_the_list_of_events(self):
        assert words_of(line(5, topic="loan.plan_changed"), sheet_kind=LOAN) == "Repayment plan replaced"
