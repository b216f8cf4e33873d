"""Repeats are answered alike, dry runs change nothing, and a preview is what happens then."""

from __future__ import annotations

from datetime import date

import pytest

from config.identities import ADMINISTRATOR, AUDITOR, BORROWER, REVIEWER, SERVICE
from ledger.models import Receipt
from tests.api.callers import World, assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.sellers import pay_outs
from tests.builders.storage import fingerprint


def draw(world: World, **kwargs):
    where = f"credit-lines/{world.seller.line_id}/drawdowns"
    dry_run = kwargs.pop("dry_run", None)
    return world[BORROWER].post(
        where + (f"?dry_run={dry_run}" if dry_run else ""), world.drawdown(), **kwargs
    )


def repay(world: World, dry_run: str = "false", **changes):
    where = f"loans/{world.instalment}/repayments?dry_run={dry_run}"
    return world[BORROWER].post(where, world.repayment(**changes), key=f"repay-{changes}")


class TestARepeat:
    def test_is_answered_alike_and_marked(self, world):
        first, again = draw(world, key="k-1"), draw(world, key="k-1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert first.headers["Location"] == again.headers["Location"]
        assert "Idempotency-Replayed" not in first.headers
        assert again.headers["Idempotency-Replayed"] == "true"

    def test_changes_nothing_more(self, world):
        draw(world, key="k-2")
        before = fingerprint(attempts=True)
        draw(world, key="k-2")
        assert fingerprint(attempts=True) == before

    def test_of_a_refused_request_is_refused_again_after_the_books_have_changed(self, world):
        body = world.drawdown(amount="104000.01")
        where = f"credit-lines/{world.seller.line_id}/drawdowns"
        assert_problem(world[BORROWER].post(where, body, key="k-3"), 409, "LENDING_LIMIT_EXCEEDED")
        raised = {"limit": "200000.00", "currency": "CNY", "reason": "good year"}
        world[REVIEWER].post(f"credit-lines/{world.seller.line_id}/limit", raised)
        again = world[BORROWER].post(where, body, key="k-3")
        assert_problem(again, 409, "LENDING_LIMIT_EXCEEDED")
        assert again.headers["Idempotency-Replayed"] == "true"

    def test_by_somebody_else_is_another_request(self, world):
        where = f"credit-lines/{world.seller.line_id}/drawdowns"
        mine = world[BORROWER].post(where, world.drawdown(), key="k-4").json()
        theirs = world[SERVICE].post(where, world.drawdown(), key="k-4")
        assert "Idempotency-Replayed" not in theirs.headers
        assert theirs.json() != mine


class TestADryRun:
    def test_answers_200_and_changes_nothing(self, world):
        before = fingerprint(attempts=True)
        response = draw(world, dry_run="true")
        assert response.status_code == 200
        assert "Location" not in response.headers
        assert fingerprint(attempts=True) == before

    def test_is_refused_as_the_request_would_be(self, world):
        before = fingerprint(attempts=True)
        response = repay(world, dry_run="true", amount="20000.01")
        assert_problem(response, 409, "LEDGER_FUNDS_NOT_AVAILABLE", field="amount")
        assert fingerprint(attempts=True) == before

    def test_says_what_happens_then(self, world):
        preview, done = repay(world, dry_run="true"), repay(world)
        assert (preview.status_code, done.status_code) == (200, 201)
        assert preview.json() == done.json()

    def test_leaves_the_key_free(self, world):
        draw(world, dry_run="true", key="k-5")
        assert "Idempotency-Replayed" not in draw(world, key="k-5").headers


class TestARepayment:
    def test_is_explained_to_the_cent(self, world):
        answer = repay(world).json()
        assert answer["applied"] == "100.00"
        assert answer["left_over"] == "0.00"
        assert answer["status"] == "active"
        # On the first day no interest has been earned: all of it is principal of the row that runs.
        assert [(part["number"], part["principal"]) for part in answer["parts"]] == [(1, "100.00")]

    def test_of_the_quote_of_the_day_leaves_nothing(self, world):
        quote = world[BORROWER].get(f"loans/{world.revolving}/payoff-quote").json()
        body = world.repayment(kind="payoff", amount=quote["total"])
        answer = world[BORROWER].post(f"loans/{world.revolving}/repayments", body).json()
        assert (answer["applied"], answer["status"]) == (quote["total"], "settled")
        loan = world[BORROWER].get(f"loans/{world.revolving}").json()
        assert (loan["outstanding"], loan["owed"]) == ("0.00", None)


class TestALine:
    def test_is_frozen_thawed_and_given_another_limit(self, world):
        where = f"credit-lines/{world.seller.line_id}"
        assert world[REVIEWER].post(f"{where}/freeze", {"reason": "check"}).json()["status"] == "frozen"
        assert_problem(draw(world), 409, "LENDING_LINE_FROZEN")
        assert world[BORROWER].get(where).json()["available"] == "0.00"
        assert world[ADMINISTRATOR].post(f"{where}/thaw", {}).json()["status"] == "active"
        changed = world[REVIEWER].post(
            f"{where}/limit", {"limit": "0.00", "currency": "CNY", "reason": "end of season"}
        )
        assert changed.json() == {"line_id": str(world.seller.line_id), "currency": "CNY", "limit": "0.00"}
        assert_problem(draw(world), 409, "LENDING_LIMIT_EXCEEDED")

    def test_takes_no_limit_in_another_currency(self, world):
        before = fingerprint(attempts=True)
        body = {"limit": "150000.00", "currency": "USD", "reason": "slip"}
        response = world[REVIEWER].post(f"credit-lines/{world.seller.line_id}/limit", body)
        assert_problem(response, 422, "LENDING_CURRENCY_MISMATCH", field="currency")
        assert fingerprint(attempts=True) == before

    @pytest.mark.parametrize("reason", ["", " ", "a\nb", "x" * 201, None])
    def test_needs_a_reason_that_can_be_read(self, world, reason):
        before = fingerprint(attempts=True)
        response = world[REVIEWER].post(f"credit-lines/{world.seller.line_id}/freeze", {"reason": reason})
        assert_problem(response, 422, "API_FIELD_INVALID", field="reason")
        assert fingerprint(attempts=True) == before


class TestAReceipt:
    def test_is_credited_once_whoever_reports_it(self, world):
        where = f"settlement-accounts/{world.seller.accounts[0]}/receipts"
        body = {"amount": "10.00", "currency": "CNY", "channel": "alipay", "reference": "A-1"}
        assert world[SERVICE].post(where, body).json()["balance"] == "20010.00"
        before = fingerprint()
        assert_problem(world[SERVICE].post(where, body), 409, "LEDGER_RECEIPT_ALREADY_RECORDED")
        assert fingerprint() == before

    def test_counts_from_its_value_date(self, world):
        where = f"settlement-accounts/{world.seller.accounts[0]}/receipts"
        body = {"amount": "10.00", "currency": "CNY", "channel": "alipay", "reference": "A-1"}
        before = fingerprint()
        unknown = world[SERVICE].post(where, {**body, "value_date": "2024-02-30"})
        assert_problem(unknown, 422, "API_DATE_INVALID", field="value_date")
        future = world[SERVICE].post(where, {**body, "value_date": "2999-01-01"})
        assert_problem(future, 422, "LEDGER_RECEIPT_VALUE_DATE_IN_FUTURE", field="value_date")
        assert fingerprint() == before
        world[SERVICE].post(where, {**body, "value_date": "2023-12-29"})
        assert Receipt.objects.get(reference="A-1").value_date == date(2023, 12, 29)
        assert_books_hold()


class TestAReturnedReceipt:
    def test_leaves_the_account_once(self, world):
        account = f"settlement-accounts/{world.seller.accounts[0]}"
        body = {"amount": "10.00", "currency": "CNY", "channel": "alipay", "reference": "A-1"}
        world[SERVICE].post(f"{account}/receipts", body)
        back = {**body, "reference": "B-1", "of_reference": "A-1"}
        answer = world[SERVICE].post(f"{account}/receipt-returns", back)
        assert answer.status_code == 201
        assert answer.json()["balance"] == "20000.00"
        before = fingerprint()
        again = world[SERVICE].post(f"{account}/receipt-returns", back)
        assert_problem(again, 409, "LEDGER_RECEIPT_ALREADY_RETURNED", field="of_reference")
        assert fingerprint() == before
        assert_books_hold()

    def test_says_as_money_how_much_had_come(self, world):
        world.seller.receive(1_000, reference="A-1").value()
        before = fingerprint()
        response = world[SERVICE].post(
            f"settlement-accounts/{world.seller.accounts[0]}/receipt-returns",
            {
                "amount": "10.01",
                "currency": "CNY",
                "channel": "platform",
                "reference": "B-1",
                "of_reference": "A-1",
            },
        )
        assert_problem(response, 422, "LEDGER_RETURN_EXCEEDS_RECEIPT", field="amount")
        assert response.json()["details"] == {"received": "10.00", "requested": "10.01", "currency": "CNY"}
        assert fingerprint() == before


class TestAWithdrawal:
    def where(self, world):
        return f"settlement-accounts/{world.seller.accounts[0]}/withdrawals"

    def test_is_held_at_once_and_shown_with_the_banks_answer(self, world):
        body = {"amount": "15000.00", "currency": "CNY"}
        answer = world[BORROWER].post(self.where(world), body)
        assert answer.status_code == 201
        shown = answer.json()
        assert (shown["balance"], shown["available"]) == ("20000.00", "5000.00")
        where = f"withdrawals/{shown['withdrawal_id']}"
        assert answer.headers["Location"] == f"/api/v1/{where}"
        assert world[BORROWER].get(where).json()["status"] == "requested"
        pay_outs()
        paid = world[BORROWER].get(where).json()
        assert (paid["status"], paid["amount"], paid["reason"]) == ("paid", "15000.00", "")
        assert paid["bank_reference"]
        assert world[BORROWER].get(self.where(world)).json()["results"] == [paid]
        assert_books_hold()

    def test_is_no_more_than_what_is_free(self, world):
        before = fingerprint()
        response = world[BORROWER].post(self.where(world), {"amount": "20000.01", "currency": "CNY"})
        assert_problem(response, 409, "LEDGER_FUNDS_NOT_AVAILABLE", field="amount")
        assert response.json()["details"] == {
            "available": "20000.00",
            "requested": "20000.01",
            "currency": "CNY",
        }
        assert fingerprint() == before

    def test_can_be_tried_first(self, world):
        before = fingerprint(attempts=True)
        body = {"amount": "15000.00", "currency": "CNY"}
        answer = world[BORROWER].post(f"{self.where(world)}?dry_run=true", body)
        assert (answer.status_code, answer.json()["available"]) == (200, "5000.00")
        assert fingerprint(attempts=True) == before


class TestWhoDidIt:
    def test_stands_in_the_history(self, world):
        from tests.api.callers import user_of

        repay(world)
        events = world[AUDITOR].get(f"loans/{world.instalment}/events").json()["results"]
        repaid = next(event for event in events if event["topic"] == "loan.payment_received")
        assert repaid["actor"] == f"user:{user_of(BORROWER).pk}"
        assert repaid["command"] == "record_repayment"
