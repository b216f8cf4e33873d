"""Finding a rate: the bracket, Newton inside it, and what cannot be found."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.kernel.root_finding import RateAmbiguous, RateNotFound, find_rate


def line(root, slope=1):
    return lambda rate: ((rate - Decimal(root)) * slope, Decimal(slope))


class TestFindRate:
    @pytest.mark.parametrize("root", ["-0.9", "-0.123", "0", "0.001", "0.08", "0.5", "12", "500000", "1e18"])
    @pytest.mark.parametrize("slope", [1, -3])
    def test_finds_the_root_of_a_line(self, root, slope):
        found = find_rate(line(root, slope))
        assert abs(found - Decimal(root)) < Decimal("1e-18") * (1 + abs(Decimal(root)))

    def test_halves_where_the_slope_misleads(self):
        found = find_rate(lambda rate: (rate - Decimal("0.07"), Decimal(0)))
        assert abs(found - Decimal("0.07")) < Decimal("1e-18")

    def test_gives_up_narrowing_after_many_steps(self):
        # A jump has no root, only a place where the sign changes.
        found = find_rate(lambda rate: (Decimal(1 if rate > Decimal("0.07") else -1), Decimal(0)))
        assert abs(found - Decimal("0.07")) < Decimal("1e-18")

    def test_refuses_a_curve_without_a_sign_change(self):
        with pytest.raises(RateNotFound):
            find_rate(lambda rate: (rate * rate + 1, 2 * rate))

    def test_refuses_a_curve_with_two_roots(self):
        def parabola(rate):
            return (rate - Decimal("0.1")) * (rate - Decimal("0.9")), 2 * rate - 1

        with pytest.raises(RateAmbiguous) as refused:
            find_rate(parabola)
        assert refused.value.details["rates"] == ["0.1000000000", "0.9000000000"]
        assert find_rate(parabola, near=Decimal("0.7")) == Decimal("0.9")

    def test_sees_two_roots_that_lie_close_together(self):
        def parabola(rate):
            return (rate - Decimal("0.19")) * (rate - Decimal("0.2")), 2 * rate - Decimal("0.39")

        with pytest.raises(RateAmbiguous) as refused:
            find_rate(parabola)
        assert refused.value.details["rates"] == ["0.1900000000", "0.2000000000"]

    def test_takes_the_only_rate_that_is_not_negative(self):
        def parabola(rate):
            return (rate + Decimal("0.4")) * (rate - Decimal("0.2")), 2 * rate + Decimal("0.2")

        assert abs(find_rate(parabola) - Decimal("0.2")) < Decimal("1e-18")
        assert abs(find_rate(parabola, near=Decimal(-1)) + Decimal("0.4")) < Decimal("1e-18")
