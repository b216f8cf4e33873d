"""One key, one effect: however often, however simultaneously and with whatever content it is sent.

Method: real commits and real threads behind a barrier. A request that is under way is held at its last
statement, so that its repeat arrives in the middle of it.
"""

from __future__ import annotations

from collections import Counter

from django.db import connection

from ledger.commands.record_receipt import RecordReceipt
from ledger.eventstore.processor import KeyInvalid, KeyReused, execute
from lending.commands.manage_line import ChangeLimit, FreezeLine, ThawLine
from lending.domain.credit_line_refusals import LimitExceeded, LineIsFrozen, LineNotFrozen
from tests.builders.books import assert_books_hold
from tests.builders.sellers import TESTER, Actor, give, one, register_seller, seller_with_line
from tests.builders.storage import fingerprint
from tests.builders.threads import Background, Held, repeated, together

CROWD = 50


def receipt(seller, amount_minor=100_00, reference="R-1"):
    return RecordReceipt(
        account_id=seller.accounts[0],
        amount_minor=amount_minor,
        currency=seller.currency,
        channel="platform",
        reference=reference,
    )


def events_of(key):
    return one("SELECT count(*) FROM es_event WHERE meta->>'key' = %s", key)


class TestTheSameRequestManyTimes:
    def test_at_once_has_one_effect_and_fifty_equal_answers(self, committed_books):
        seller = register_seller(monthly_minor=0)
        outcomes = repeated(lambda: give(receipt(seller), key="same"), CROWD)
        assert Counter(outcome.replayed for outcome in outcomes) == {True: CROWD - 1, False: 1}
        assert all(outcome.value() == outcomes[0].value() for outcome in outcomes)
        # The repeats waited for the first instead of running into it.
        assert {outcome.attempts for outcome in outcomes} == {1}
        assert events_of("same") == 1
        assert one("SELECT count(*) FROM es_command WHERE key = 'same'") == 1
        assert seller.balance() == 100_00
        assert_books_hold()

    def test_at_once_draws_once(self, committed_books):
        seller = seller_with_line()
        outcomes = repeated(lambda: seller.draw(200_000, key="same"), CROWD)
        assert Counter(outcome.replayed for outcome in outcomes) == {True: CROWD - 1, False: 1}
        assert len({outcome.value()["loan_id"] for outcome in outcomes}) == 1
        assert {outcome.attempts for outcome in outcomes} == {1}
        assert (
            one("SELECT count(*) FROM loan")
            == one("SELECT count(*) FROM es_outbox WHERE kind = 'payout'")
            == 1
        )
        assert_books_hold()

    def test_at_once_is_refused_once_and_answered_alike(self, committed_books):
        seller = seller_with_line()
        outcomes = repeated(lambda: seller.draw(99_999_999, key="same"), 20)
        assert Counter(outcome.replayed for outcome in outcomes) == {True: 19, False: 1}
        assert {type(outcome.refusal) for outcome in outcomes} == {LimitExceeded}
        assert all(outcome.refusal.as_json() == outcomes[0].refusal.as_json() for outcome in outcomes)
        assert events_of("same") == 0
        assert_books_hold()

    def test_one_after_the_other_gives_the_stored_answer_even_after_the_balance_moved_on(
        self, committed_books
    ):
        seller = register_seller(monthly_minor=0)
        first = give(receipt(seller), key="same").value()
        seller.receive(5_00)
        again = give(receipt(seller), key="same")
        assert again.replayed
        assert again.value() == first
        assert seller.balance() == 105_00
        assert_books_hold()

    def test_is_another_request_when_another_principal_sends_it(self, committed_books):
        seller = register_seller(monthly_minor=0)
        first = execute(receipt(seller), actor=TESTER, key="same")
        other = execute(receipt(seller, reference="R-2"), actor=Actor("user:other"), key="same")
        assert (first.replayed, other.replayed) == (False, False)
        assert seller.balance() == 200_00
        assert_books_hold()


class TestTheSameKeyWithOtherContent:
    def test_changes_nothing_at_all(self, committed_books):
        seller = register_seller(monthly_minor=0)
        give(receipt(seller, 1_00), key="same").value()
        before = fingerprint(attempts=True)
        assert isinstance(give(receipt(seller, 2_00), key="same").refusal, KeyReused)
        assert fingerprint(attempts=True) == before
        assert_books_hold()

    def test_is_refused_in_both_orders(self, committed_books):
        seller = register_seller(monthly_minor=0)
        for key, amounts in (("a", (1_00, 2_00)), ("b", (2_00, 1_00))):
            first, second = (receipt(seller, amount, f"R-{key}") for amount in amounts)
            give(first, key=key).value()
            assert isinstance(give(second, key=key).refusal, KeyReused)
        assert seller.balance() == 3_00
        assert_books_hold()

    def test_is_refused_while_the_first_is_still_running(self, committed_books):
        seller = register_seller(monthly_minor=0)
        with Held(lambda: give(receipt(seller, 1_00), key="same"), before="es_append") as running:
            repeat = Background(lambda: give(receipt(seller, 2_00), key="same"))
            assert repeat.is_waiting_for_a_lock()
        assert running.finish().refusal is None
        assert isinstance(repeat.finish().refusal, KeyReused)
        assert seller.balance() == 1_00
        assert_books_hold()

    def test_is_refused_when_only_the_kind_of_command_differs(self, committed_books):
        seller = seller_with_line()
        give(FreezeLine(line_id=seller.line_id, reason="audit"), key="same").value()
        assert isinstance(give(ThawLine(line_id=seller.line_id), key="same").refusal, KeyReused)
        assert one("SELECT status FROM credit_line") == "frozen"
        assert_books_hold()

    def test_gets_through_once_when_all_arrive_at_once(self, committed_books):
        seller = register_seller(monthly_minor=0)
        amounts = range(1, 21)
        outcomes = together(
            *(lambda amount=amount: give(receipt(seller, amount), key="same") for amount in amounts)
        )
        accepted = [
            amount for amount, outcome in zip(amounts, outcomes, strict=True) if outcome.refusal is None
        ]
        assert [seller.balance()] == accepted
        assert sum(isinstance(outcome.refusal, KeyReused) for outcome in outcomes) == len(amounts) - 1
        assert_books_hold()


class TestARepeatWhileTheFirstIsRunning:
    def test_waits_and_gets_the_same_answer(self, committed_books):
        seller = register_seller(monthly_minor=0)
        with Held(lambda: give(receipt(seller), key="same"), after="es_append") as running:
            repeat = Background(lambda: give(receipt(seller), key="same"))
            assert repeat.is_waiting_for_a_lock()
        first, second = running.finish(), repeat.finish()
        assert (first.replayed, second.replayed) == (False, True)
        assert first.value() == second.value()
        assert seller.balance() == 100_00
        assert_books_hold()

    def test_does_it_itself_when_the_first_is_rolled_back(self, committed_books):
        seller = register_seller(monthly_minor=0)
        with Held(lambda: give(receipt(seller), key="same", dry_run=True), after="es_append") as preview:
            real = Background(lambda: give(receipt(seller), key="same"))
            assert real.is_waiting_for_a_lock()
        assert preview.finish().value()["balance_minor"] == 100_00
        assert not real.finish().replayed
        assert seller.balance() == 100_00
        assert_books_hold()


class TestADecidedAnswer:
    def test_stays_refused_after_the_limit_was_raised_and_a_new_key_is_accepted(self, committed_books):
        seller = seller_with_line()
        limit = one("SELECT limit_minor FROM credit_line")
        refused = seller.draw(limit + 100, key="first")
        assert isinstance(refused.refusal, LimitExceeded)
        give(ChangeLimit(line_id=seller.line_id, limit_minor=limit * 2, reason="grew")).value()
        again = seller.draw(limit + 100, key="first")
        assert again.replayed
        assert again.refusal.as_json() == refused.refusal.as_json()
        assert seller.draw(limit + 100, key="second").refusal is None
        assert_books_hold()

    def test_stays_refused_after_a_freeze_was_lifted(self, committed_books):
        seller = seller_with_line()
        give(FreezeLine(line_id=seller.line_id, reason="audit")).value()
        assert isinstance(seller.draw(200_000, key="first").refusal, LineIsFrozen)
        give(ThawLine(line_id=seller.line_id)).value()
        assert isinstance(seller.draw(200_000, key="first").refusal, LineIsFrozen)
        assert seller.draw(200_000, key="second").refusal is None
        assert_books_hold()

    def test_stays_accepted_after_the_state_would_refuse_it(self, committed_books):
        seller = seller_with_line()
        first = seller.draw(200_000, key="first").value()
        give(FreezeLine(line_id=seller.line_id, reason="audit")).value()
        assert seller.draw(200_000, key="first").value() == first
        assert_books_hold()

    def test_stays_refused_when_the_database_gave_the_refusal(self, committed_books):
        seller = register_seller(monthly_minor=0)
        give(receipt(seller, 1_00), key="first").value()
        twice = give(receipt(seller, 1_00), key="second")
        assert twice.refusal.code == "LEDGER_RECEIPT_ALREADY_RECORDED"
        again = give(receipt(seller, 1_00), key="second")
        assert again.replayed
        assert again.refusal.as_json() == twice.refusal.as_json()
        assert_books_hold()

    def test_is_given_by_the_class_it_was_refused_with(self, committed_books):
        seller = seller_with_line()
        assert isinstance(give(ThawLine(line_id=seller.line_id), key="thaw").refusal, LineNotFrozen)
        again = give(ThawLine(line_id=seller.line_id), key="thaw").refusal
        assert isinstance(again, LineNotFrozen)
        assert again.kind is LineNotFrozen.kind


class TestAKey:
    def test_of_a_wrong_shape_is_refused_and_not_remembered(self, committed_books):
        seller = register_seller(monthly_minor=0)
        before = fingerprint(attempts=True)
        for key in ("", "x" * 256, "caf\u00e9", "two\nlines", "nul\0"):
            assert isinstance(execute(receipt(seller), actor=TESTER, key=key).refusal, KeyInvalid)
        assert fingerprint(attempts=True) == before

    def test_is_never_matched_by_joining_principal_and_key(self, committed_books):
        """The lock hashes both texts together; the stored answer keeps them apart."""
        seller = register_seller(monthly_minor=0)
        execute(receipt(seller, reference="R-1"), actor=Actor("a"), key="bc").value()
        assert not execute(receipt(seller, reference="R-2"), actor=Actor("ab"), key="c").replayed
        with connection.cursor() as cursor:
            cursor.execute("SELECT principal, key FROM es_command WHERE principal IN ('a', 'ab') ORDER BY 1")
            assert cursor.fetchall() == [("a", "bc"), ("ab", "c")]
        assert_books_hold()
