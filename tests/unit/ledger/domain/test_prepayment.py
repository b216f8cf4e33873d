"""Rescheduling after an early repayment: 23,631.09 left of the worked loan after its second row."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.prepayment import PrepaymentModeUnknown, principal_within, rescheduled_rows
from ledger.domain.schedule import equal_instalment_schedule

ROWS = equal_instalment_schedule(
    principal_minor=5_000_000, annual_rate_e8=10_800_000, start=date(2024, 1, 31), count=6
)


def reschedule(mode, *, on, to_come=ROWS[2:], principal_minor=2_363_109):
    return rescheduled_rows(
        to_come=to_come,
        principal_minor=principal_minor,
        annual_rate_e8=10_800_000,
        day_base=360,
        mode=mode,
        on=on,
        period_opened_on=ROWS[1].due_on,
    )


class TestRescheduledRows:
    @pytest.mark.parametrize(
        ("mode", "totals"),
        [
            ("shorten_term", [859_779, 859_779, 684_647]),
            ("reduce_instalment", [604_129, 604_129, 604_129, 604_130]),
        ],
    )
    def test_matches_the_worked_example_on_a_due_date(self, mode, totals):
        rows = reschedule(mode, on=ROWS[1].due_on)
        assert [row.total_minor for row in rows] == totals
        assert sum(row.principal_minor for row in rows) == 2_363_109
        assert [row.due_on for row in rows] == [row.due_on for row in ROWS[2 : 2 + len(rows)]]
        assert {row.version for row in rows} == {2}

    def test_charges_the_rest_of_a_broken_period_by_actual_days(self):
        # 11 of 30 days have gone: 23,631.09 x 10.8% x 19 / 360 = 134.70.
        first, *_ = reschedule("shorten_term", on=date(2024, 4, 11))
        assert (first.starts_on, first.interest_minor) == (date(2024, 4, 11), 13_470)

    @pytest.mark.parametrize("left_minor", [1, 2, 3, 45])
    @pytest.mark.parametrize("mode", ["shorten_term", "reduce_instalment"])
    def test_ends_even_when_a_few_units_are_left(self, mode, left_minor):
        rows = reschedule(mode, on=ROWS[1].due_on, principal_minor=left_minor)
        assert sum(row.principal_minor for row in rows) == left_minor
        assert all(row.principal_minor > 0 for row in rows)

    @pytest.mark.parametrize("mode", ["", "skip_a_month"])
    def test_refuses_another_mode(self, mode):
        with pytest.raises(PrepaymentModeUnknown) as refused:
            reschedule(mode, on=ROWS[1].due_on)
        assert refused.value.field == "mode"
        assert refused.value.details == {"known": ["shorten_term", "reduce_instalment"]}


class TestPrincipalWithin:
    @pytest.mark.parametrize(
        ("amount_minor", "early_fee_e8", "to_come_minor", "principal_minor"),
        [
            (1_000_000, 0, 2_000_000, 1_000_000),
            (1_010_000, 1_000_000, 2_000_000, 1_000_000),  # 1% fee inside the amount
            (2_000_000, 0, 2_000_000, 1_999_999),  # all of it would be a payoff
            (0, 0, 2_000_000, 0),
            (-5, 0, 2_000_000, -5),
        ],
    )
    def test_takes_the_fee_out_of_the_amount(
        self, amount_minor, early_fee_e8, to_come_minor, principal_minor
    ):
        principal = principal_within(
            amount_minor=amount_minor, early_fee_e8=early_fee_e8, principal_to_come_minor=to_come_minor
        )
        assert principal == principal_minor
