"""What the rows of a position say of arrears, and what several charges do together."""

from __future__ import annotations

import pytest

from ledger.domain.servicing import facts as kinds
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, draws, loan, plan, row

FIRST, SECOND = "2024-03-06", "2024-03-10"


def charged_twice() -> Story:
    story = Story(loan(bullet()))
    for on, name, amount in ((FIRST, "first", 2_000), (SECOND, "second", 3_000)):
        story.tell(kinds.ChargeAdded, on, due_on=day(on), amount_minor=amount, id=name)
    return story


class TestDaysPastDueOfARow:
    def test_are_none_on_the_due_date_and_one_on_the_next_day(self):
        story = charged_twice()
        assert row(story.on(FIRST), "first").days_past_due == 0
        assert row(story.on("2024-03-07"), "first").days_past_due == 1

    def test_are_none_once_the_row_is_paid(self):
        position = charged_twice().paid(SECOND, 2_000).on("2024-03-12")
        assert [row(position, name).days_past_due for name in ("first", "second")] == [0, 2]

    def test_are_never_less_than_none(self):
        assert {one.days_past_due for one in charged_twice().on(FIRST).rows} == {0}


class TestSeveralCharges:
    def test_are_all_income(self):
        assert charged_twice().on(SECOND).books.fee_income == 5_000

    def test_are_all_earned(self):
        assert charged_twice().on(SECOND).earned.fee_minor == 5_000


class TestWaiversOfCharges:
    def test_are_told_each_by_its_own_name(self):
        story = charged_twice()
        for name in ("first", "second"):
            story.tell(kinds.ChargeWaived, SECOND, of=name, id=f"no {name}")
        waived = [(one.id, one.waived_minor) for one in story.on(SECOND).waivers]
        assert waived == [("no first", 2_000), ("no second", 3_000)]


class TestAChargeOnALoanThatIsOverpaid:
    def overpaid(self) -> Story:
        return Story(loan(bullet())).paid("2024-03-08", 900_000, payment=kinds.PaymentKind.PAYOFF)

    def test_is_paid_from_the_overpayment_when_it_is_due(self):
        story = self.overpaid()
        left = story.on("2024-03-09").overpaid_minor
        story.tell(kinds.ChargeAdded, "2024-03-10", due_on=day("2024-03-10"), amount_minor=2_000, id="late")
        position = story.on("2024-03-10")
        assert row(position, "late").paid.fee_minor == 2_000
        assert position.overpaid_minor == left - 2_000
        assert [use.kind for use in position.money][-1] == "from_overpayment"

    def test_waits_for_its_due_date(self):
        story = self.overpaid()
        left = story.on("2024-03-09").overpaid_minor
        story.tell(kinds.ChargeAdded, "2024-03-10", due_on=day("2024-03-20"), amount_minor=2_000, id="late")
        assert story.on("2024-03-19").overpaid_minor == left
        assert story.on("2024-03-20").overpaid_minor == left - 2_000


class TestAnOverpaymentThatWaits:
    """90.00 paid while nothing is due waits, and pays what becomes due on a day, whatever made it due."""

    def test_pays_what_an_acceleration_makes_due_on_the_day(self):
        story = Story(loan(bullet())).paid("2024-03-10", 9_000)
        story.tell(kinds.Accelerated, "2024-03-10", due_on=day("2024-03-10"))
        position = story.on("2024-03-10")
        # 8,000.00 at 14.4% for five days is 16.00.
        assert (position.overpaid_minor, position.due.total_minor) == (0, 801_600 - 9_000)
        assert [(use.kind, use.amount_minor) for use in position.money][-1] == ("from_overpayment", 9_000)

    def test_pays_an_accelerated_loan_on_its_later_day(self):
        story = Story(loan(bullet())).paid("2024-03-10", 9_000)
        story.tell(kinds.Accelerated, "2024-03-10", due_on=day("2024-03-15"))
        assert story.on("2024-03-14").overpaid_minor == 9_000
        assert story.on("2024-03-15").overpaid_minor == 0

    def test_pays_draws_that_an_acceleration_makes_due_on_the_day(self):
        story = Story(loan(draws(0)), amount=50_000).paid("2024-03-06", 59_000)
        story.disbursed("2024-03-07", 100_000)
        assert story.on("2024-03-08").overpaid_minor == 9_000
        story.tell(kinds.Accelerated, "2024-03-08", due_on=day("2024-03-08"))
        position = story.on("2024-03-08")
        assert (position.overpaid_minor, position.due.principal_minor) == (0, 91_000)

    def test_pays_the_down_payment_of_a_new_plan(self):
        # Of the same day the plan would come first.
        story = Story(loan(bullet())).paid("2024-03-09", 9_000)
        terms = plan(start=day("2024-03-10"), down_payment_minor=20_000)
        story.tell(kinds.PlanChanged, "2024-03-10", change=kinds.ChangeKind.RESTRUCTURE, terms=terms)
        position = story.on("2024-03-10")
        # 200.00 are paid down, and the interest of five days, 16.00, comes with it.
        assert (position.overpaid_minor, position.due.total_minor) == (0, 20_000 + 1_600 - 9_000)

    @pytest.mark.parametrize("how", [kinds.WrittenOff, kinds.SettledAtDiscount])
    def test_pays_before_what_is_left_is_given_up(self, how):
        position = Story(loan(bullet())).paid("2024-03-10", 9_000).tell(how, "2024-03-10").on("2024-03-10")
        assert (position.overpaid_minor, position.outstanding_minor) == (0, 0)
        assert position.books.loss == 801_600 - 9_000

    def test_is_still_the_payers_where_the_claim_is_sold(self):
        story = Story(loan(bullet())).paid("2024-03-10", 9_000)
        position = story.tell(kinds.Sold, "2024-03-10", price_minor=700_000, buyer="B-1").on("2024-03-10")
        assert position.overpaid_minor == 9_000
