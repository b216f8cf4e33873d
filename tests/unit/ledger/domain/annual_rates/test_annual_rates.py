"""Annual rates against published and worked figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ledger.domain.annual_rates.actuarial import UnitPeriodFlow, actuarial_rate
from ledger.domain.annual_rates.cash_flows import (
    DatedFlow,
    PrincipalNeverInUse,
    compounded,
    dated_internal_rate,
    internal_rate,
    simple_rate,
)
from ledger.kernel.periods import months_after
from ledger.kernel.root_finding import RateAmbiguous, RateNotFound

# 24,000 over 12 months, 2,000 and a flat fee of 240 a month, 360 on the first day.
FLOWS = [2_364_000] + [-224_000] * 12
START = date(2024, 1, 15)


def level_payments(advance, count, payment, *, first=1, fraction=Fraction(0)):
    paid = [UnitPeriodFlow(first + k, fraction, -payment) for k in range(count)]
    return [UnitPeriodFlow(0, Fraction(0), advance), *paid]


def as_percent(rate):
    return round(float(rate) * 100, 2)


class TestInternalRates:
    def test_of_the_worked_loan(self):
        monthly = internal_rate(FLOWS)
        assert as_percent(monthly * 12) == 24.40
        assert as_percent(compounded(monthly, periods=Fraction(12))) == 27.33
        dated = [DatedFlow(months_after(START, months=k), amount) for k, amount in enumerate(FLOWS)]
        assert as_percent(dated_internal_rate(dated)) == 27.31

    def test_are_the_same_seen_from_the_other_side(self):
        assert internal_rate([-amount for amount in FLOWS]) == internal_rate(FLOWS)

    def test_add_up_flows_of_one_day(self):
        year = date(2025, 1, 14)
        parts = [DatedFlow(START, 600), DatedFlow(year, -1100), DatedFlow(START, 400)]
        assert abs(dated_internal_rate(parts) - Decimal("0.1")) < Decimal("1e-15")

    def test_may_be_negative(self):
        assert abs(internal_rate([1000, -900]) + Decimal("0.1")) < Decimal("1e-15")

    @pytest.mark.parametrize("amounts", [[], [1, 2], [-1, -2], [0, 0], [5, 0]])
    def test_need_money_to_flow_both_ways(self, amounts):
        with pytest.raises(RateNotFound):
            internal_rate(amounts)
        with pytest.raises(RateNotFound):
            dated_internal_rate([DatedFlow(START, amount) for amount in amounts])

    def test_of_two_sign_changes_are_refused_when_two_fit(self):
        with pytest.raises(RateAmbiguous):
            internal_rate([-10_000, 23_000, -13_200])


class TestSimpleRate:
    def test_of_the_worked_loan(self):
        balances = [(2_400_000 - 200_000 * k, Fraction(1, 12)) for k in range(12)]
        assert as_percent(simple_rate(cost_minor=288_000 + 36_000, balances=balances)) == 24.92

    @pytest.mark.parametrize("balances", [[], [(0, Fraction(1))], [(100, Fraction(0))]])
    def test_needs_principal_in_use(self, balances):
        with pytest.raises(PrincipalNeverInUse):
            simple_rate(cost_minor=1, balances=balances)


class TestActuarialRate:
    """The examples that Appendix J publishes."""

    @pytest.mark.parametrize(
        ("flows", "per_year", "percent"),
        [
            (level_payments(500_000, 24, 23_000), 12, 9.69),
            (level_payments(600_000, 36, 20_000, fraction=Fraction(19, 30)), 12, 11.82),
            (level_payments(50_000, 30, 1_760, first=4, fraction=Fraction(4, 7)), 52, 14.96),
            (level_payments(100_000, 1, 108_000), Fraction(365, 255), 11.45),
        ],
    )
    def test_matches_the_published_figure(self, flows, per_year, percent):
        assert as_percent(actuarial_rate(flows, unit_periods_in_year=Fraction(per_year))) == percent

    def test_needs_money_to_flow_both_ways(self):
        with pytest.raises(RateNotFound):
            actuarial_rate(level_payments(100, 1, -1), unit_periods_in_year=Fraction(12))
