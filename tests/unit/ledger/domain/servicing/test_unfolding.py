"""Facts told in value order give the position of a derivation of all of them, however long the life."""

from __future__ import annotations

import pytest

from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.fact_order import FactInvalid, FactRepeated
from ledger.domain.servicing.unfolding import Unfolding
from tests.unit.ledger.domain.servicing.builders import Story, day, draws, loan, plan


def told_one_by_one(story: Story, *, facts):
    """Tell facts after those of the story; each position on the way is the derived one."""
    unfolding, known = Unfolding(story.terms, story.facts), list(story.facts)
    for fact in facts:
        on = fact.effective_date
        assert unfolding.position(on) == derive(story.terms, known, on=on)
        known.append(fact)
        assert unfolding.with_fact(fact) == derive(story.terms, known, on=on)
        unfolding.tell(fact)
    return unfolding, known


def payment(number: int, on: str, amount: int = 50_000):
    return kinds.PaymentReceived(
        id=f"p{number}", effective_date=day(on), sequence=10 + number, amount_minor=amount
    )


class TestAnUnfoldingLife:
    def test_is_the_derived_one_after_each_payment(self):
        days = ["2024-03-20", "2024-04-05", "2024-04-05", "2024-05-01", "2024-07-09"]
        paid = [payment(number, on) for number, on in enumerate(days)]
        unfolding, known = told_one_by_one(Story(loan(plan())), facts=paid)
        later = day("2024-09-30")
        assert unfolding.position(later) == derive(loan(plan()), known, on=later)

    def test_is_replayed_when_a_fact_reaches_into_days_gone_by(self):
        bounced = kinds.PaymentReversed(id="back", effective_date=day("2024-04-20"), sequence=20, of="p0")
        rate = kinds.RateChanged(id="rate", effective_date=day("2024-04-20"), sequence=21, rate_e8=6_000_000)
        facts = [payment(0, "2024-04-01"), payment(1, "2024-04-20"), bounced, rate, payment(2, "2024-04-20")]
        told_one_by_one(Story(loan(draws())), facts=facts)

    def test_puts_what_is_told_last_of_a_day_where_it_belongs_within_it(self):
        charge = kinds.ChargeAdded(
            id="fee",
            effective_date=day("2024-04-05"),
            sequence=30,
            due_on=day("2024-04-05"),
            amount_minor=900,
        )
        told_one_by_one(Story(loan(plan())), facts=[payment(0, "2024-04-05"), charge])

    @pytest.mark.parametrize("amount", [0, -5])
    def test_refuses_what_a_derivation_refuses_and_stays_as_it_was(self, amount):
        story = Story(loan(plan()))
        unfolding, known = told_one_by_one(story, facts=[payment(0, "2024-04-01")])
        with pytest.raises(FactInvalid):
            unfolding.with_fact(payment(1, "2024-04-05", amount))
        with pytest.raises(FactRepeated):
            unfolding.with_fact(payment(0, "2024-04-05"))
        on = day("2024-06-01")
        assert unfolding.position(on) == derive(story.terms, known, on=on)
