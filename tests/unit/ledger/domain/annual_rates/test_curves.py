"""Annual rates: the curve whose zero is sought, with its slope, and what is told about the search.

Method: the search is replaced, so that the curve itself can be looked at; the slope is compared with the
change of the value over a very short way.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from ledger.domain.annual_rates import actuarial, cash_flows
from ledger.domain.annual_rates.actuarial import UnitPeriodFlow, actuarial_rate
from ledger.domain.annual_rates.cash_flows import (
    DatedFlow,
    PrincipalNeverInUse,
    compounded,
    dated_internal_rate,
    internal_rate,
    simple_rate,
    turns_once,
)

RATE, STEP = Decimal("0.1"), Decimal("1e-12")
DATED = [
    DatedFlow(date(2024, 1, 1), 600),
    DatedFlow(date(2024, 1, 1), 400),
    DatedFlow(date(2024, 12, 31), -1_200),
]
UNITS = [UnitPeriodFlow(2, Fraction(1, 2), -1_100), UnitPeriodFlow(0, Fraction(0), 1_000)]


@pytest.fixture
def searched(monkeypatch):
    """Replace the search by one that answers 1% and remembers what it was asked."""
    asked = {}

    def remember(curve, **options):
        asked.update(options, curve=curve)
        return Decimal("0.01")

    monkeypatch.setattr(cash_flows, "find_rate", remember)
    monkeypatch.setattr(actuarial, "find_rate", remember)
    return asked


CALLS = {
    "periods": (
        lambda near: internal_rate([1_000, -400, -800], near=near),
        1_000 - 400 / Decimal("1.1") - 800 / Decimal("1.21"),
    ),
    "days": (lambda near: dated_internal_rate(DATED, near=near), 1_000 - 1_200 / Decimal("1.1")),
    "unit-periods": (
        lambda near: actuarial_rate(UNITS, unit_periods_in_year=Fraction(1), near=near),
        1_000 - 1_100 / (Decimal("1.05") * Decimal("1.21")),
    ),
}


class TestTheCurve:
    @pytest.mark.parametrize("kind", CALLS)
    def test_is_the_present_value(self, searched, kind):
        call, value = CALLS[kind]
        call(Decimal(0))
        assert abs(searched["curve"](RATE)[0] - value) < Decimal("1e-20")

    @pytest.mark.parametrize("kind", CALLS)
    def test_comes_with_its_own_slope(self, searched, kind):
        CALLS[kind][0](Decimal(0))
        with localcontext() as context:
            context.prec = 60
            (above, _), (below, _) = (searched["curve"](RATE + step) for step in (STEP, -STEP))
            assert abs((above - below) / (2 * STEP) - searched["curve"](RATE)[1]) < Decimal("1e-15")

    @pytest.mark.parametrize("kind", CALLS)
    def test_is_searched_near_what_was_meant_and_for_one_rate_where_there_is_but_one(self, searched, kind):
        CALLS[kind][0](Decimal("0.3"))
        assert (searched["near"], searched["is_single"]) == (Decimal("0.3"), True)

    def test_of_unit_periods_is_searched_by_the_unit_period_and_answered_by_the_year(self, searched):
        found = actuarial_rate(UNITS, unit_periods_in_year=Fraction(12), near=Decimal("0.3"))
        assert (searched["near"], found) == (Decimal("0.025"), Decimal("0.12"))

    def test_of_unit_periods_is_looked_at_in_order_of_time(self, searched):
        later = UnitPeriodFlow(1, Fraction(1, 2), -50)
        flows = [later, UnitPeriodFlow(1, Fraction(0), 1_000), UnitPeriodFlow(0, Fraction(0), 100)]
        actuarial_rate(flows, unit_periods_in_year=Fraction(1))
        assert searched["is_single"] is True


class TestTurnsOnce:
    @pytest.mark.parametrize(
        ("amounts", "is_once"),
        [([1, -1], True), ([1, 0, -1, -1], True), ([1, 1], False), ([1, -1, 1], False), ([], False)],
    )
    def test_counts_changes_of_direction(self, amounts, is_once):
        assert turns_once(amounts) is is_once


class TestSimpleRate:
    def test_is_the_cost_over_the_principal_in_use(self):
        assert simple_rate(cost_minor=10, balances=[(100, Fraction(1, 2)), (50, Fraction(1))]) == Fraction(
            1, 10
        )

    def test_may_rest_on_less_than_one_unit_for_a_year(self):
        assert simple_rate(cost_minor=1, balances=[(1, Fraction(1, 2))]) == 2

    def test_needs_principal_in_use(self):
        with pytest.raises(PrincipalNeverInUse) as refused:
            simple_rate(cost_minor=1, balances=[])
        assert refused.value.field == "flows"


class TestOneWay:
    @pytest.mark.parametrize("amounts", [[], [0, 0], [5, 0], [0, -5]])
    def test_has_no_rate(self, amounts):
        with pytest.raises(cash_flows.RateNotFound) as refused:
            internal_rate(amounts)
        assert refused.value.field == "flows"

    def test_is_not_what_the_smallest_change_of_sign_is(self):
        assert round(internal_rate([1, -1]), 20) == 0


class TestCompounded:
    def test_takes_parts_of_a_period(self):
        assert round(compounded(Decimal("0.21"), periods=Fraction(1, 2)), 20) == Decimal("0.1")
