"""Interest payment days of revolving draws: what falls due, what is unpaid of it, and what that bears.

The worked draw is 40,000.00 at 14.4%, ACT/360: 16.00 of interest a day.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ledger.domain.plans.revolving import Draw, Repayment, RevolvingTerms
from ledger.domain.plans.revolving_overdue import CompoundTerms, overdue_interest
from ledger.domain.plans.revolving_run import run_revolving
from tests.unit.ledger.domain.plans.building import rates

DAYS = tuple(date(2024, month, 20) for month in (3, 4, 5))
TABLE = rates(("2024-01-01", "0.144"))


def found(*repayments, on="2024-05-31", compound=None, draws=("A",), terms=None):
    day = date.fromisoformat(on)
    run = run_revolving(
        terms=terms or RevolvingTerms(),
        draws=[Draw(name=name, on=date(2024, 3, 1), amount_minor=4_000_000, rates=TABLE) for name in draws],
        repayments=[Repayment(on=date.fromisoformat(at), amount_minor=minor) for at, minor in repayments],
        on=day,
        interest_days=[due for due in DAYS if due <= day],
    )
    return overdue_interest(run, on=day, compound=compound)


class TestInterestThatFallsDue:
    def test_is_that_of_the_days_since_the_last_payment_day(self):
        assert [(item.due_on, item.due_minor) for item in found()] == list(
            zip(DAYS, [30_400, 49_600, 48_000], strict=True)
        )

    def test_is_unpaid_until_a_repayment_settles_the_oldest_first(self):
        items = found(("2024-04-25", 50_000))
        assert [item.unpaid_minor for item in items] == [0, 30_000, 48_000]

    def test_is_nothing_when_it_was_paid_by_the_day(self):
        assert [item.due_on for item in found(("2024-03-20", 30_400), on="2024-04-19")] == []

    def test_may_be_paid_with_interest_that_is_not_due(self):
        (item,) = found(("2024-04-01", 40_000), on="2024-04-19")
        assert (item.due_minor, item.unpaid_minor) == (30_400, 0)

    def test_is_kept_apart_by_draw(self):
        items = found(("2024-04-25", 30_400), on="2024-05-01", draws=("A", "B"))
        assert [(item.draw, item.unpaid_minor) for item in items] == [
            ("A", 0),
            ("A", 49_600),
            ("B", 30_400),
            ("B", 49_600),
        ]

    def test_bears_nothing_unless_agreed(self):
        assert {item.compound_minor for item in found()} == {0}


class TestCompoundInterest:
    def test_is_charged_at_the_raised_rate_since_it_was_due(self):
        (item, _) = found(on="2024-04-20", compound=CompoundTerms())
        assert item.compound == Fraction(30_400 * 216 * 31, 360 * 1000)
        assert item.compound_minor == 565

    def test_may_be_charged_at_the_contract_rate(self):
        (item, _) = found(on="2024-04-20", compound=CompoundTerms(uplift_e8=0))
        assert item.compound_minor == 377

    def test_of_each_part_ends_when_it_is_paid(self):
        item = found(("2024-04-25", 50_000), compound=CompoundTerms())[1]
        exact = Fraction(216, 360 * 1000) * (19_600 * 5 + 30_000 * 41)
        assert (item.compound, item.compound_minor) == (exact, 797)

    def test_is_none_for_a_part_that_was_paid_within_the_grace(self):
        item = found(("2024-04-25", 50_000), compound=CompoundTerms(grace_days=5))[1]
        assert item.compound == Fraction(216, 360 * 1000) * 30_000 * 41
        late = found(("2024-04-25", 50_000), compound=CompoundTerms(grace_days=4))[1]
        assert late.compound_minor == 797
