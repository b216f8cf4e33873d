"""A row by itself: what it is charged when overdue, to the fraction of a unit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, loan

DUE = "2024-04-04"


class TestARowOfAPlan:
    """8,000.00 and 96.00 due on 4 April: 21.6% over 360 is charged on both from then on."""

    def life(self):
        return Story(loan(bullet())).on(DUE).life

    # In ten days 8,000.00 cost 48.00 and 96.00 cost 57.6 cents.
    @pytest.mark.parametrize(
        ("on", "penalty", "compound"), [(DUE, 0, 0), ("2024-04-14", 4_800, Fraction(576, 10))]
    )
    def test_is_charged_the_exact_days_since_it_fell_due_and_nothing_else(self, on, penalty, compound):
        life = self.life()
        (claim,), unit = life.rows, life.paces.penalty.denominator
        assert claim.penalty_exact_by(day(on), life.paces) == penalty * unit
        assert claim.compound_exact_by(day(on), life.paces, life.matures_on) == compound * unit

    def test_is_no_late_fee(self):
        assert [claim.is_late_fee for claim in self.life().rows] == [False]
