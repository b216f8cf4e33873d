"""A loan that is paid out in parts, through the commands, the bank and the day close."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from ledger.commands.save_product import SaveProductVersion
from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind
from ledger.domain.servicing.disbursing import FactImpossible
from ledger.eventstore.unit_of_work import replay
from ledger.policies.product_catalogue import CATALOGUE
from lending.commands.drawdown import RequestDrawdown
from lending.commands.further_part import ConfirmPart, FailPart
from lending.commands.manage_line import FreezeLine, ThawLine
from lending.positions import line_position
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, offer_parts, one, pay_outs, seller_with_line
from tests.builders.storage import fingerprint

DAY = timedelta(days=1)
AGREED, FIRST = 3_000_000, 1_000_000
# Of the draw below, as it was before a draw could say anything of parts.
FINGERPRINT = "2576893fc304f1461f466f62e99a9e5b30d3baf5b2888d823921ee259217a50a"


@pytest.fixture
def lent(books):
    """A seller and a loan of 30,000.00 of which 10,000.00 were paid out."""
    return borrowed()


def borrowed(**offer):
    seller = seller_with_line()
    code = offer_parts(**offer)
    loan = seller.borrow(AGREED, product=code, term=6, first_part_minor=FIRST)
    return seller, loan


def parts_of(loan_id):
    return replay(LoanAccount, loan_id).state.parts


def outstanding(loan_id):
    return one("SELECT outstanding_minor FROM loan WHERE id = %s", loan_id)


def line_of(seller):
    at = line_position(line_id=seller.line_id)
    return at.reserved_minor, at.drawn_minor, at.limit_minor - at.available_minor


def undrawn(seller):
    """Return what the memo account of undrawn commitments holds for the seller."""
    return one(
        "SELECT sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint FROM journal_line"
        " WHERE account = '9001' AND entity_id = %s",
        seller.entity_id,
    )


def paid_to_bank():
    return one("SELECT sum(amount_minor)::bigint FROM sandbox_payment WHERE outcome = 'paid'")


def put_back(message):
    """Have a dead message delivered once more, as the runbook says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE es_outbox SET state = 'pending', attempts = 1, next_attempt_at = now()"
            " WHERE id = %s AND state = 'dead'",
            (message,),
        )


def refused(outcome, code):
    assert outcome.refusal is not None
    assert outcome.refusal.code == code


class TestADrawInParts:
    def test_reserves_all_and_draws_the_first_part(self, lent):
        seller, loan = lent
        assert line_of(seller) == (AGREED - FIRST, FIRST, AGREED)
        assert outstanding(loan) == paid_to_bank() == FIRST
        assert undrawn(seller) == one("SELECT limit_minor FROM credit_line") - FIRST
        assert_books_hold()

    def test_draws_a_further_part_and_plans_again(self, lent):
        seller, loan = lent
        seller.close_through(seller.today() + 9 * DAY)
        seller.call_part(loan, 500_000).value()
        assert line_of(seller) == (AGREED - FIRST, FIRST, AGREED)
        assert outstanding(loan) == FIRST
        pay_outs()
        assert line_of(seller) == (AGREED - FIRST - 500_000, FIRST + 500_000, AGREED)
        assert outstanding(loan) == paid_to_bank() == FIRST + 500_000
        assert one("SELECT schedule_version FROM loan WHERE id = %s", loan) == 2
        assert undrawn(seller) == one("SELECT limit_minor FROM credit_line") - FIRST - 500_000
        assert_books_hold()

    def test_is_refused_by_a_product_in_one_sum_and_nothing_changes(self, books):
        seller = seller_with_line()
        before = fingerprint()
        refused(seller.draw(AGREED, first_part_minor=FIRST), "LEDGER_PARTS_NOT_OFFERED")
        assert fingerprint() == before
        assert_books_hold()

    def test_may_be_paid_out_in_one_sum_all_the_same(self, books):
        seller = seller_with_line()
        loan = seller.borrow(AGREED, product=offer_parts(), term=6)
        assert (line_of(seller), parts_of(loan)) == ((0, AGREED, AGREED), None)
        refused(seller.call_part(loan, 1), "LEDGER_NOTHING_TO_CALL")
        assert_books_hold()

    def test_asked_for_in_one_sum_keeps_the_digest_it_had(self):
        asked = RequestDrawdown(
            line_id=UUID(int=1),
            account_id=UUID(int=2),
            amount_minor=AGREED,
            currency="CNY",
            product_code="instalment-monthly",
            term=3,
        )
        assert asked.fingerprint() == FINGERPRINT
        assert replace(asked, first_part_minor=FIRST).fingerprint() != asked.fingerprint()

    def test_whose_first_part_fails_gives_everything_back(self, books):
        seller = seller_with_line(external_ids=["shop-fail", "shop-2"])
        loan = seller.borrow(AGREED, product=offer_parts(), term=6, first_part_minor=FIRST)
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "cancelled"
        assert line_of(seller) == (0, 0, 0)
        assert_books_hold()


class TestAPart:
    def test_is_called_once_for_one_key(self, lent):
        seller, loan = lent
        first = seller.call_part(loan, 500_000, key="call-1").value()
        again = seller.call_part(loan, 500_000, key="call-1")
        assert (again.replayed, again.value()) == (True, first)
        pay_outs()
        assert outstanding(loan) == FIRST + 500_000
        assert_books_hold()

    @pytest.mark.parametrize("behaviour", ["timeout-before", "timeout-after", "twice", "slow"])
    def test_is_paid_once_whatever_the_bank_does(self, books, behaviour):
        seller = seller_with_line(external_ids=[f"shop-{behaviour}", "shop-2"])
        loan = seller.borrow(AGREED, product=offer_parts(), term=6, first_part_minor=FIRST)
        seller.call_part(loan, 500_000).value()
        pay_outs()
        assert outstanding(loan) == paid_to_bank() == FIRST + 500_000
        assert one("SELECT count(*) FROM es_event WHERE topic = 'loan.disbursed'") == 2
        assert_books_hold()

    def test_that_could_not_be_booked_is_booked_once_the_cause_is_removed(self, lent, monkeypatch):
        seller, loan = lent
        seller.call_part(loan, 500_000).value()

        def has_no_room(_loan, **_asked):
            raise FactImpossible("There is no room for it.", field="amount")

        with monkeypatch.context() as fault:
            fault.setattr(LoanAccount, "confirm_part", has_no_room)
            pay_outs()
        message = f"payout:{parts_of(loan).under_way}"
        assert one("SELECT state FROM es_outbox WHERE id = %s", message) == "dead"
        assert (paid_to_bank(), outstanding(loan)) == (FIRST + 500_000, FIRST)
        put_back(message)
        pay_outs()
        assert (paid_to_bank(), outstanding(loan)) == (FIRST + 500_000, FIRST + 500_000)
        assert line_of(seller) == (AGREED - FIRST - 500_000, FIRST + 500_000, AGREED)
        assert_books_hold()

    def test_that_fails_can_be_called_again(self, lent):
        seller, loan = lent
        part = seller.call_part(loan, 500_000).value()["part_id"]
        answer = {"loan_id": loan, "line_id": seller.line_id, "part_id": part}
        give(FailPart(**answer, reason="account closed")).value()
        assert (outstanding(loan), line_of(seller)) == (FIRST, (AGREED - FIRST, FIRST, AGREED))
        late = ConfirmPart(**answer, bank_reference="late", paid_minor=500_000)
        before = fingerprint()
        refused(give(late), "LEDGER_PART_NOT_UNDER_WAY")
        assert fingerprint() == before
        one("UPDATE es_outbox SET state = 'done' WHERE reference = %s RETURNING 1", part)
        seller.call_part(loan, AGREED - FIRST).value()
        pay_outs()
        assert (outstanding(loan), line_of(seller)) == (AGREED, (0, AGREED, AGREED))
        assert_books_hold()

    def test_is_refused_while_draws_are_stopped_and_allowed_again_afterwards(self, lent):
        seller, loan = lent
        give(FreezeLine(line_id=seller.line_id, reason="audit")).value()
        before = fingerprint()
        refused(seller.call_part(loan, 500_000), "LENDING_LINE_FROZEN")
        assert fingerprint() == before
        give(ThawLine(line_id=seller.line_id)).value()
        assert seller.call_part(loan, 500_000).refusal is None
        assert_books_hold()

    def test_is_refused_while_another_loan_of_the_line_is_overdue(self, lent):
        seller, loan = lent
        seller.borrow(100_000, product="revolving-daily", term=30)
        seller.close_through(seller.today() + 30 * DAY)
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "active"
        before = fingerprint()
        refused(seller.call_part(loan, 500_000), "LENDING_ENTITY_OVERDUE")
        assert fingerprint() == before
        seller.close_through(seller.today())
        before = fingerprint()
        refused(seller.call_part(loan, 500_000), "LEDGER_LOAN_OVERDUE")
        assert fingerprint() == before
        assert_books_hold()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"currency": "USD"}, "LENDING_CURRENCY_MISMATCH"),
            ({"line_id": UUID(int=5)}, "LEDGER_NOT_FOUND"),
            ({"amount_minor": AGREED - FIRST + 1}, "LEDGER_PART_ABOVE_REST"),
        ],
    )
    def test_is_refused_by_name_and_nothing_changes(self, lent, changes, code):
        seller, loan = lent
        before = fingerprint()
        refused(seller.call_part(loan, **{"amount_minor": 1, **changes}), code)
        assert fingerprint() == before
        assert_books_hold()

    def test_that_came_back_leaves_the_line_and_the_plan_as_before_it(self, lent):
        seller, loan = lent
        part = seller.call_part(loan, 500_000).value()["part_id"]
        pay_outs()
        seller.close_through(seller.today() + 3 * DAY)
        seller.tell(loan, FactKind.DISBURSEMENT_REVERSED, of=part)
        assert outstanding(loan) == FIRST
        rest = AGREED - FIRST - 500_000
        assert line_of(seller) == (rest, FIRST, FIRST + rest)
        assert_books_hold()

    def test_still_arrives_when_the_first_one_came_back(self, lent):
        seller, loan = lent
        seller.call_part(loan, 500_000).value()
        seller.tell(loan, FactKind.DISBURSEMENT_REVERSED, of="payout")
        assert line_of(seller) == (500_000, 0, 500_000)
        pay_outs()
        assert (outstanding(loan), line_of(seller)) == (500_000, (0, 500_000, 500_000))
        assert_books_hold()


class TestTheRest:
    def test_given_up_can_be_drawn_otherwise(self, lent):
        seller, loan = lent
        seller.give_up_rest(loan).value()
        assert line_of(seller) == (0, FIRST, FIRST)
        before = fingerprint()
        refused(seller.give_up_rest(loan), "LEDGER_NOTHING_TO_CALL")
        refused(seller.call_part(loan, 1), "LEDGER_NOTHING_TO_CALL")
        assert fingerprint() == before
        assert_books_hold()

    def test_lapses_by_the_day_close(self, books):
        seller, loan = borrowed(availability_days=10)
        seller.close_through(seller.today() + 9 * DAY)
        assert parts_of(loan).rest_minor == AGREED - FIRST
        seller.close_through(seller.today())
        assert (parts_of(loan).rest_minor, line_of(seller)) == (0, (0, FIRST, FIRST))
        ended = "SELECT state->>'cause' FROM es_event WHERE topic = 'loan.rest_ended'"
        assert one(ended) == "lapsed"
        seller.close_through(seller.today() + 5 * DAY)
        assert one("SELECT count(*) FROM es_event WHERE topic = 'loan.rest_ended'") == 1
        assert_books_hold()

    def test_ends_with_a_loan_that_is_paid_off(self, lent):
        seller, loan = lent
        seller.receive(2_000_000)
        seller.repay(loan, kind="payoff").value()
        assert (line_of(seller), outstanding(loan)) == ((0, 0, 0), 0)
        assert_books_hold()

    def test_ends_when_the_loan_is_called_in(self, lent):
        seller, loan = lent
        seller.tell(loan, FactKind.ACCELERATED, due_on=seller.today() + 5 * DAY)
        assert line_of(seller) == (0, FIRST, FIRST)
        assert_books_hold()

    def test_outlives_arrears_and_ends_with_the_charge_off(self, lent):
        seller, loan = lent
        seller.close_through(seller.today() + 40 * DAY)
        assert line_of(seller)[0] == AGREED - FIRST
        seller.tell(loan, FactKind.CHARGED_OFF)
        assert line_of(seller)[0] == 0
        assert_books_hold()

    def test_of_a_loan_paid_off_while_a_part_is_under_way_is_a_new_debt(self, lent):
        seller, loan = lent
        seller.call_part(loan, 500_000).value()
        seller.receive(2_000_000)
        seller.repay(loan, kind="payoff").value()
        assert line_of(seller) == (500_000, 0, 500_000)
        pay_outs()
        assert (outstanding(loan), line_of(seller)) == (500_000, (0, 500_000, 500_000))
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "active"
        assert_books_hold()

    def test_is_what_the_product_said_on_the_day_of_the_draw(self, lent):
        seller, loan = lent
        later = replace(
            CATALOGUE[0],
            code="stock-in-parts",
            effective_from=seller.today(),
            payout=PayoutTerms(),
        )
        give(SaveProductVersion(terms=later)).value()
        assert seller.call_part(loan, 500_000).refusal is None
        pay_outs()
        assert outstanding(loan) == FIRST + 500_000
        assert_books_hold()
