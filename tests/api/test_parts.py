"""A loan that is paid out in parts, as a borrower asks for it and sees it."""

from __future__ import annotations

import pytest

from config.identities import BORROWER
from tests.api.callers import assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.sellers import offer_parts, pay_outs
from tests.builders.storage import fingerprint


@pytest.fixture
def lent(world):
    """A loan of 3,000.00 that was drawn with a first part of 1,000.00."""
    body = world.drawdown(amount="3000.00", first_part="1000.00", product_code=offer_parts(), term=6)
    answer = world[BORROWER].post(f"credit-lines/{world.seller.line_id}/drawdowns", body)
    assert answer.status_code == 201
    pay_outs()
    return world, f"loans/{answer.json()['loan_id']}"


def payout(world, loan):
    return world[BORROWER].get(loan).json()["payout"]


def shown(world, loan):
    """Return agreed, paid out, under way and still to call."""
    said = payout(world, loan)
    return tuple(said[name] for name in ("agreed", "paid_out", "under_way", "to_call"))


class TestALoanInParts:
    def test_shows_what_is_agreed_paid_out_and_still_to_call(self, lent):
        world, loan = lent
        assert shown(world, loan) == ("3000.00", "1000.00", "0.00", "2000.00")
        said = payout(world, loan)
        assert (said["parts_max"], said["available_until"]) == (3, "2024-04-01")
        assert [(part["part_id"], part["status"], part["amount"]) for part in said["parts"]] == [
            ("payout", "paid", "1000.00")
        ]

    def test_is_paid_out_further_when_a_part_is_called(self, lent):
        world, loan = lent
        answer = world[BORROWER].post(f"{loan}/parts", {"amount": "500.00", "currency": "CNY"})
        assert answer.status_code == 201
        assert shown(world, loan) == ("3000.00", "1000.00", "500.00", "1500.00")
        pay_outs()
        assert shown(world, loan) == ("3000.00", "1500.00", "0.00", "1500.00")
        parts = payout(world, loan)["parts"]
        assert (parts[1]["part_id"], parts[1]["paid_on"]) == (answer.json()["part_id"], "2024-01-02")
        assert world[BORROWER].get(loan).json()["outstanding"] == "1500.00"
        topics = [event["topic"] for event in world[BORROWER].get(f"{loan}/events").json()["results"]]
        assert topics == [
            "loan.requested",
            "loan.parts_agreed",
            "loan.disbursed",
            "loan.part_called",
            "loan.disbursed",
        ]
        assert_books_hold()

    def test_calls_a_part_once_for_one_key(self, lent):
        world, loan = lent
        body = {"amount": "500.00", "currency": "CNY"}
        first, again = (world[BORROWER].post(f"{loan}/parts", body, key="part") for _ in range(2))
        assert first.json() == again.json()
        assert shown(world, loan) == ("3000.00", "1000.00", "500.00", "1500.00")

    def test_gives_the_rest_back_to_the_line(self, lent):
        world, loan = lent
        line = f"credit-lines/{world.seller.line_id}"
        before = world[BORROWER].get(line).json()["held"]
        assert world[BORROWER].post(f"{loan}/rest-cancellation", {}).status_code == 200
        assert shown(world, loan) == ("3000.00", "1000.00", "0.00", "0.00")
        assert payout(world, loan)["available_until"] is None
        assert (before, world[BORROWER].get(line).json()["held"]) == ("2000.00", "0.00")
        assert_books_hold()

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"amount": "2000.01", "currency": "CNY"}, 422, "LEDGER_PART_ABOVE_REST"),
            ({"amount": "1.00", "currency": "USD"}, 422, "LENDING_CURRENCY_MISMATCH"),
            ({"amount": "0.00", "currency": "CNY"}, 422, "API_AMOUNT_NOT_POSITIVE"),
        ],
    )
    def test_refuses_a_part_by_name_and_nothing_changes(self, lent, body, status, code):
        world, loan = lent
        before = fingerprint()
        answer = world[BORROWER].post(f"{loan}/parts", body)
        assert_problem(answer, status, code)
        assert fingerprint() == before

    def test_is_not_drawn_on_a_product_paid_out_in_one_sum(self, world):
        before = fingerprint()
        answer = world[BORROWER].post(
            f"credit-lines/{world.seller.line_id}/drawdowns", world.drawdown(first_part="100.00")
        )
        assert_problem(answer, 422, "LEDGER_PARTS_NOT_OFFERED", field="first_part")
        assert fingerprint() == before

    def test_has_a_contract_that_says_what_is_agreed_and_plans_what_was_paid(self, lent):
        world, loan = lent
        contract = world[BORROWER].get(f"{loan}/contract").json()
        assert contract["principal"] == "1000.00"

    def test_has_one_payout_where_it_was_paid_in_one_sum(self, world):
        loan = f"loans/{world.instalment}"
        assert shown(world, loan) == ("30000.00", "30000.00", "0.00", "0.00")
        assert payout(world, loan)["parts_max"] == 1


class TestAProduct:
    def test_says_in_how_many_parts_it_is_paid_out(self, world):
        offered = {one["code"]: one for one in world[BORROWER].get("products").json()["results"]}
        assert {one["parts_max"] for one in offered.values()} == {1}
        code = offer_parts(parts_max=4, availability_days=60)
        offered = {one["code"]: one for one in world[BORROWER].get("products").json()["results"]}
        assert (offered[code]["parts_max"], offered[code]["availability_days"]) == (4, 60)
        terms = world[BORROWER].get(f"products/{code}/versions/1").json()["terms"]
        assert terms["payout"] == {"parts_max": 4, "availability_days": 60}
