"""A loan that is sold: what the buyer takes, what the price leaves as loss or gain, and what comes to light later.

Figures: 8,000.00 at 14.4% for 30 days from 5 March 2024. On 29 April it is 25 days overdue and owes 8,000.00 of
principal, 96.00 of interest, 120.00 of penalty and 1.44 of compound interest: 8,217.44.
"""

from __future__ import annotations

import pytest

from ledger.domain.loan_growth import accruals_of
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.fact_order import FactInvalid, FactReferenceUnknown
from ledger.domain.servicing.position import Status
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, draws, loan, plan, row, used

DUE, SOLD_ON, LATER = "2024-04-04", "2024-04-29", "2024-05-10"
CLAIM = 800_000 + 9_600 + 12_144


def lent(**terms):
    return Story(loan(bullet(), **terms))


def sell(story, price, *, on=SOLD_ON, **more):
    return story.tell(kinds.Sold, on, price_minor=price, buyer="B-7", **more)


def result(position):
    books = position.books
    return books.sale_price, books.loss, books.sale_gain


class TestASale:
    def test_below_what_the_claim_is_shown_at_is_a_loss(self):
        position = sell(lent(), 500_000).on(SOLD_ON)
        assert result(position) == (500_000, CLAIM - 500_000, 0)
        assert (position.status, position.sold_on) == (Status.SOLD, day(SOLD_ON))
        assert position.books.debits_less_credits == 0

    def test_above_it_is_a_gain(self):
        assert result(sell(lent(), 900_000).on(SOLD_ON)) == (900_000, 0, 900_000 - CLAIM)

    def test_at_exactly_that_is_neither(self):
        assert result(sell(lent(), CLAIM).on(SOLD_ON)) == (CLAIM, 0, 0)

    def test_leaves_no_claim_and_nothing_that_grows(self):
        story = sell(lent(), 500_000)
        for on in (SOLD_ON, "2025-04-29"):
            position = story.on(on)
            books = position.books
            assert (books.principal, books.interest_receivable, books.penalty_receivable) == (0, 0, 0)
            assert (position.outstanding_minor, position.days_past_due, position.payoff) == (0, 0, None)
            assert result(position) == (500_000, CLAIM - 500_000, 0)
            assert accruals_of(position) == ()

    def test_moves_what_a_row_owes_to_the_buyer_and_neither_pays_nor_waives_it(self):
        position = sell(lent().paid(DUE, 9_600), 500_000).on(SOLD_ON)
        first = row(position, "1/1")
        assert (first.paid.total_minor, first.waived.total_minor, first.unpaid.total_minor) == (9_600, 0, 0)
        assert (first.moved.principal_minor, first.moved.penalty_minor) == (800_000, 12_000)
        assert (position.principal_sold_minor, position.principal_given_up_minor) == (800_000, 0)

    def test_of_a_loan_that_is_paid_in_time_takes_interest_to_the_day(self):
        position = sell(lent(), 800_000, on="2024-03-20").on("2024-03-20")
        assert result(position) == (800_000, 4_800, 0)
        assert position.books.interest_income == 4_800

    def test_of_instalments_takes_charges_and_rows_to_come(self):
        story = Story(loan(plan()))
        story.tell(kinds.ChargeAdded, "2024-03-20", due_on=day("2024-06-05"), amount_minor=3_000)
        position = sell(story, 5_000_000, on="2024-03-20").on("2024-12-05")
        # 50,000.00 at 10.8% for 15 days over 360 are 225.00.
        assert result(position) == (5_000_000, 3_000 + 22_500, 0)
        assert position.books.fee_receivable == 0

    def test_of_draws_takes_interest_by_the_day(self):
        position = sell(Story(loan(draws(14_400_000)), amount=800_000), 804_800, on="2024-03-20").on(LATER)
        assert (result(position), position.books.interest_income) == ((804_800, 0, 0), 4_800)

    def test_while_interest_is_no_income_loses_principal_alone_and_empties_the_memo(self):
        story = lent().tell(kinds.NonAccrualStarted, SOLD_ON)
        assert story.on(SOLD_ON).books.memo_nonaccrual_interest == 9_600 + 12_144
        position = sell(story, 500_000).on(LATER)
        assert result(position) == (500_000, 300_000, 0)
        books = position.books
        assert (books.interest_income, books.penalty_income, books.memo_nonaccrual_interest) == (0, 0, 0)

    def test_of_a_loan_that_was_charged_off_is_a_recovery(self):
        position = sell(lent().tell(kinds.ChargedOff, SOLD_ON), 100_000, on=LATER).on(LATER)
        assert result(position) == (100_000, CLAIM, 0)
        assert (position.books.recovery_income, position.books.memo_charged_off) == (100_000, 0)
        assert position.books.debits_less_credits == 0

    def test_is_made_once(self):
        story = sell(sell(lent(), 500_000), 1, on=LATER)
        story.tell(kinds.ChargedOff, LATER).tell(kinds.WrittenOff, LATER)
        position = story.on(LATER)
        assert (result(position), position.sold_on) == ((500_000, CLAIM - 500_000, 0), day(SOLD_ON))
        assert (position.charged_off_on, position.given_up_on) == (None, None)

    @pytest.mark.parametrize(("changes", "field"), [({"price_minor": 0}, "price"), ({"buyer": " "}, "buyer")])
    def test_has_a_price_and_a_buyer(self, changes, field):
        said = {"price_minor": 1, "buyer": "B-7"} | changes
        with pytest.raises(FactInvalid) as refused:
            lent().tell(kinds.Sold, SOLD_ON, **said).on(SOLD_ON)
        assert refused.value.field == field


class TestWhatIsKnownLater:
    def test_of_a_payment_before_the_sale_leaves_the_price_and_makes_the_loss_smaller(self):
        position = sell(lent(), 500_000).paid(DUE, 9_600).on(LATER)
        assert result(position) == (500_000, CLAIM - 500_000 - 9_600 - 144, 0)

    def test_of_a_payment_before_the_sale_can_turn_the_loss_into_a_gain(self):
        position = sell(lent(), 500_000).paid(DUE, 809_600).on(LATER)
        assert (result(position), position.status) == ((500_000, 0, 500_000), Status.SOLD)

    def test_of_a_payment_on_the_day_of_the_sale_counts_before_it(self):
        assert result(sell(lent(), 500_000).paid(SOLD_ON, 1_744).on(LATER)) == (500_000, 320_000, 0)

    def test_of_a_bounce_leaves_the_price_and_makes_the_loss_greater(self):
        story = sell(lent().paid(DUE, 9_600, id="p"), 500_000)
        assert result(story.on(SOLD_ON)) == (500_000, 312_000, 0)
        story.tell(kinds.PaymentReversed, LATER, of="p")
        assert result(story.on(LATER)) == (500_000, CLAIM - 500_000, 0)

    def test_of_money_that_the_payers_bank_took_back_is_lost(self):
        story = sell(lent().paid(DUE, 9_600, id="p"), 500_000)
        position = story.tell(kinds.Chargeback, LATER, of="p", amount_minor=9_600).on(LATER)
        assert (result(position), position.outstanding_minor) == ((500_000, 321_600, 0), 0)

    def test_of_money_taken_back_after_a_charge_off_is_less_recovered(self):
        story = lent().paid(DUE, 9_600, id="p").tell(kinds.ChargedOff, SOLD_ON)
        sell(story, 100_000, on=LATER).tell(kinds.Chargeback, LATER, of="p", amount_minor=9_600)
        position = story.on("2024-05-11")
        assert (position.books.recovery_income, position.books.memo_charged_off) == (100_000 - 9_600, 0)
        assert position.books.debits_less_credits == 0

    def test_leaves_money_of_the_days_after_it_to_whoever_paid(self):
        story = sell(lent().tell(kinds.ChargedOff, DUE), 100_000)
        position = story.paid(LATER, 1_000, id="p").tell(kinds.Recovered, LATER, amount_minor=10).on(LATER)
        assert (used(position, "p").surplus_minor, position.overpaid_minor) == (1_000, 1_010)
        assert position.books.recovery_income == 100_000

    def test_lets_an_overpayment_be_refunded(self):
        story = sell(Story(loan(plan())).paid("2024-03-10", 9_000), 5_000_000, on="2024-03-20")
        before = story.on("2024-03-20")
        after = story.tell(kinds.Refunded, "2024-03-21", amount_minor=9_000).on("2024-03-21")
        assert (before.overpaid_minor, after.overpaid_minor, result(after)) == (9_000, 0, result(before))


class TestAnUndoneSale:
    def test_is_as_if_it_had_never_been(self):
        story = lent()
        before = story.on(LATER)
        sell(story, 500_000, id="sale").tell(kinds.SaleUndone, LATER, of="sale")
        assert story.on("2024-05-09").status is Status.SOLD
        assert story.on(LATER).books == before.books

    def test_gives_its_place_to_payments_that_were_sent_in_between(self):
        story = sell(lent(), 500_000, id="sale").paid("2024-05-02", 9_600, id="p")
        assert used(story.on("2024-05-09"), "p").surplus_minor == 9_600
        story.tell(kinds.SaleUndone, LATER, of="sale")
        assert used(story.on(LATER), "p").surplus_minor == 0

    def test_is_a_sale_and_nothing_else(self):
        story = lent().tell(kinds.ChargedOff, SOLD_ON, id="off").tell(kinds.SaleUndone, LATER, of="off")
        with pytest.raises(FactReferenceUnknown):
            story.on(LATER)
