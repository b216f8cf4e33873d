"""A seller's life through the API alone: registered, rated, granted, drawn, repaid, and the books hold."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from config.identities import ACCOUNTANT, AUDITOR, BORROWER, REVIEWER, SERVICE, ensure_login
from ledger.eventstore.shards import entity_id_for
from tests.api.callers import Caller, assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.sellers import pay_outs

HEADER = "seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state,entity_id"


def orders() -> bytes:
    """A year of steady sales, one order every third day."""
    days = (date(2023, 1, 2) + timedelta(days=3 * number) for number in range(121))
    lines = [f"S-1,O-{number},1,{day},6000.00,10.00,ZJ,SELLER-1" for number, day in enumerate(days)]
    return "\n".join([HEADER, *lines]).encode()


def login(role, **kwargs):
    return Caller(ensure_login(username=role, role=role, **kwargs).token)


class TestASeller:
    def test_applies_draws_and_repays(self, books):
        service, reviewer = login(SERVICE), login(REVIEWER)
        form = {"file": SimpleUploadedFile("orders.csv", orders()), "as_of": "2024-01-02", "currency": "CNY"}
        report = service.upload("order-imports", form).json()
        assert (report["taken"], report["refused"]) == (121, 0)

        entity_id = entity_id_for("SELLER-1")
        seller = login(BORROWER, entity_id=entity_id)
        declared = {"industry_code": "home", "debt_ratio_bps": 3000, "clean_record": True}
        applied = seller.post("applications", {"entity_id": str(entity_id), **declared})
        assert applied.status_code == 201
        second = seller.post("applications", {"entity_id": str(entity_id), **declared})
        assert_problem(second, 409, "LENDING_APPLICATION_IN_PROGRESS")
        pay_outs()
        decided = seller.get(f"applications/{applied.json()['application_id']}").json()
        assert decided["status"] == "approved"

        line = seller.get(f"credit-lines/{decided['line_id']}").json()
        assert line["available"] == line["limit"] == decided["limit"]
        account = seller.get(f"entities/{entity_id}/accounts").json()["results"][0]
        body = {
            "amount": "5000.00",
            "currency": "CNY",
            "account_id": account["id"],
            "product_code": "instalment-monthly",
            "term": 3,
        }
        loan_id = seller.post(f"credit-lines/{line['id']}/drawdowns", body).json()["loan_id"]
        assert seller.get(f"loans/{loan_id}").json()["status"] == "requested"
        assert seller.get(f"credit-lines/{line['id']}").json()["held"] == "5000.00"
        pay_outs()
        assert seller.get(f"loans/{loan_id}").json()["status"] == "active"

        receipt = {"amount": "6000.00", "currency": "CNY", "channel": "bank", "reference": "B-1"}
        service.post(f"settlement-accounts/{account['id']}/receipts", receipt)
        quote = seller.get(f"loans/{loan_id}/payoff-quote").json()["total"]
        paid = seller.post(
            f"loans/{loan_id}/repayments",
            {"kind": "payoff", "amount": quote, "currency": "CNY", "source_account_id": account["id"]},
        )
        assert paid.json()["status"] == "settled"
        assert seller.get(f"credit-lines/{line['id']}").json()["available"] == line["limit"]
        assert reviewer.get("loans", status="settled").json()["results"][0]["id"] == loan_id

        totals = login(ACCOUNTANT).get("trial-balance").json()["totals"]
        assert {total["difference"] for total in totals} == {"0.00"}
        assert login(AUDITOR).get("journal-entries", loan_id=loan_id).json()["results"]
        assert_books_hold()
