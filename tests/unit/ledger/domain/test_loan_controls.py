"""What other books said of a loan, held against the loan: equal figures pass, and others are named with both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.domain.loan_controls import ControlBalance, ControlBalanceDiffers, require_agreement
from tests.unit.ledger.builders import disbursed_loan, due_on

LOAN = disbursed_loan()
ON = due_on(LOAN, 1) + timedelta(days=10)
POSITION = LOAN.position(ON)
TOLD = ControlBalance(
    as_of=ON,
    outstanding_minor=POSITION.outstanding_minor,
    days_past_due=POSITION.days_past_due,
    overdue_minor=POSITION.overdue.total_minor,
)
AMOUNTS = ("outstanding_minor", "overdue_minor")


def told(**more):
    return replace(TOLD, **{name: getattr(TOLD, name) + by for name, by in more.items()})


class TestAControlBalance:
    def test_that_says_what_is_derived_is_agreed_to(self):
        assert (TOLD.outstanding_minor, TOLD.days_past_due) == (5_000_000, 10)
        assert TOLD.overdue_minor > 0
        require_agreement(POSITION, TOLD)

    @pytest.mark.parametrize("name", [*AMOUNTS, "days_past_due"])
    @pytest.mark.parametrize("by", [1, -1])
    def test_that_differs_in_one_figure_is_refused_with_both_sides_of_it(self, name, by):
        with pytest.raises(ControlBalanceDiffers) as refused:
            require_agreement(POSITION, told(**{name: by}))
        derived = getattr(TOLD, name)
        assert refused.value.field == name
        assert refused.value.message == f"On {ON}: {name} told {derived + by}, derived {derived}."
        assert refused.value.details == {
            "as_of": ON.isoformat(),
            "told": {name: derived + by},
            "derived": {name: derived},
        }

    def test_that_differs_in_all_figures_is_refused_with_all_of_them(self):
        with pytest.raises(ControlBalanceDiffers) as refused:
            require_agreement(POSITION, told(outstanding_minor=1, days_past_due=2, overdue_minor=3))
        names = ["outstanding_minor", "days_past_due", "overdue_minor"]
        assert refused.value.field == "outstanding_minor"
        assert list(refused.value.details["told"]) == names
        assert list(refused.value.details["derived"]) == names
        assert refused.value.message.count(";") == 2

    @pytest.mark.parametrize("name", AMOUNTS)
    @pytest.mark.parametrize("sign", [1, -1])
    def test_may_differ_by_the_tolerance_and_no_more(self, name, sign):
        require_agreement(POSITION, told(**{name: 5 * sign}), tolerance_minor=5)
        with pytest.raises(ControlBalanceDiffers) as refused:
            require_agreement(POSITION, told(**{name: 6 * sign}), tolerance_minor=5)
        assert refused.value.field == name

    def test_has_no_tolerance_for_days(self):
        with pytest.raises(ControlBalanceDiffers) as refused:
            require_agreement(POSITION, told(days_past_due=1), tolerance_minor=5)
        assert refused.value.field == "days_past_due"
