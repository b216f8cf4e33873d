"""Looking at a loan around a value date, once or several times, never changes what is seen."""

from __future__ import annotations

from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.deriving import derive_around
from ledger.domain.servicing.facts import PaymentReceived
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, loan, row

CHARGED, TAKEN_BACK = "2024-03-06", "2024-03-10"


class TestAChargebackOnTheValueDate:
    def around(self):
        story = Story(loan(bullet()))
        story.tell(kinds.ChargeAdded, CHARGED, due_on=day(CHARGED), amount_minor=2_000)
        story.paid(CHARGED, 2_000, id="paid").tell(
            kinds.Chargeback, TAKEN_BACK, of="paid", amount_minor=2_000, id="back"
        )
        on = day(TAKEN_BACK)
        return story, derive_around(story.terms, story.facts, value_date=on, on=on)

    def test_is_split_the_same_each_time_it_is_looked_at(self):
        story, around = self.around()
        seen = [around.then(), around.now(), around.now()]
        assert [row(one, "back").due.fee_minor for one in seen] == [2_000] * 3
        assert {one.books for one in seen} == {story.on(TAKEN_BACK).books}

    def test_is_split_the_same_after_one_more_payment(self):
        _, around = self.around()
        around.then()
        payment = PaymentReceived(id="more", effective_date=day(TAKEN_BACK), sequence=9, amount_minor=500)
        back = row(around.with_payment(payment), "back")
        assert (back.due.fee_minor, back.due.principal_minor) == (2_000, 0)
