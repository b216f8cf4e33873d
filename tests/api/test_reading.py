"""What is read is what the books hold, in pages that neither repeat nor skip, and no more than one may see."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from config.identities import ACCOUNTANT, AUDITOR, BORROWER, COLLECTOR, REVIEWER, SERVICE
from ledger.policies.product_catalogue import CATALOGUE
from tests.api.callers import assert_problem
from tests.builders.sellers import register_seller

INSIDE = {"recorded_at", "actor", "command", "payload"}


def pages(caller, path, **params):
    """Yield each page of a list by following ``next`` as a client does."""
    while True:
        page = caller.get(path, **params).json()
        yield page["results"]
        if page["next"] is None:
            return
        params = {name: values[0] for name, values in parse_qs(urlsplit(page["next"]).query).items()}


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 3, 200])
    def test_neither_repeat_nor_skip(self, world, limit):
        for number in range(5):
            register_seller(reference=f"P-{number}", accounts=1, monthly_minor=0)
        everything = world[AUDITOR].get("entities", limit=200).json()["results"]
        assert len(everything) == 7
        found = [row for page in pages(world[AUDITOR], "entities", limit=limit) for row in page]
        assert found == everything

    def test_of_rows_with_a_key_of_several_columns_follow_each_other(self, world):
        whole = world[AUDITOR].get("journal-entries").json()["results"]
        found = [row for page in pages(world[AUDITOR], "journal-entries", limit=1) for row in page]
        assert len(found) > 3
        assert found == whole

    def test_cost_the_same_whatever_their_size(self, world, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            assert len(world[AUDITOR].get("journal-entries").json()["results"]) > 3
        with django_assert_max_num_queries(8):
            path = f"entities/{world.seller.entity_id}/accounts"
            assert len(world[AUDITOR].get(path).json()["results"]) == 2


class TestALoan:
    def test_is_shown_with_its_terms_and_its_debt(self, world):
        loan = world[BORROWER].get(f"loans/{world.instalment}").json()
        assert (loan["principal"], loan["outstanding"], loan["status"]) == ("30000.00", "30000.00", "active")
        assert loan["terms"]["annual_rate"] == "0.144"
        assert loan["owed"]["principal"] == "30000.00"
        assert loan["owed"]["overdue"] == "0.00"

    def test_is_paid_back_by_its_plan(self, world):
        plan = world[BORROWER].get(f"loans/{world.instalment}/schedule").json()["results"]
        assert [row["number"] for row in plan] == [1, 2, 3]
        assert sum(Decimal(row["principal"]) for row in plan) == Decimal("30000.00")
        assert plan[0]["interest"] == "360.00"

    def test_keeps_every_version_of_its_plan(self, world):
        world[BORROWER].post(f"loans/{world.instalment}/repayments", world.repayment())
        where = f"loans/{world.instalment}/schedule"
        current = world[BORROWER].get(where).json()["results"]
        every = world[BORROWER].get(where, versions="all").json()["results"]
        # What was paid ahead of time stays on the row that ran.
        assert {row["schedule_version"] for row in current if row["paid_on"] is None} == {2}
        assert {row["schedule_version"] for row in every} == {1, 2}
        replaced = [row for row in every if row not in current]
        assert {(row["schedule_version"], row["superseded_by"]) for row in replaced} == {(1, 2)}

    def test_is_found_by_status_and_entity(self, world):
        caller = world[AUDITOR]
        assert len(caller.get("loans", status="active").json()["results"]) == 2
        assert caller.get("loans", status="settled").json()["results"] == []
        assert caller.get("loans", entity_id=str(world.other.entity_id)).json()["results"] == []


class TestTheHistoryOfALoan:
    def test_is_told_to_a_borrower_in_plain_words(self, world):
        events = world[BORROWER].get(f"loans/{world.instalment}/events").json()["results"]
        assert [event["topic"] for event in events] == ["loan.requested", "loan.disbursed"]
        assert events[1]["text"] == "The loan, or a part of it, was paid out and the repayment plan was made."
        assert events[1]["amount"] == "30000.00"
        assert not INSIDE & set(events[0])

    @pytest.mark.parametrize(
        ("role", "sees"), [(COLLECTOR, False), (SERVICE, False), (REVIEWER, True), (ACCOUNTANT, True)]
    )
    def test_shows_what_is_stored_to_those_who_may_read_it(self, world, role, sees):
        event = world[role].get(f"loans/{world.instalment}/events").json()["results"][0]
        assert (set(event) >= INSIDE) is sees

    def test_shows_amounts_as_money_in_what_is_stored(self, world):
        event = world[AUDITOR].get(f"loans/{world.instalment}/events").json()["results"][0]
        assert event["payload"]["principal"] == "30000.00"
        assert "principal_minor" not in event["payload"]

    def test_has_words_for_every_fact(self):
        from ledger.api.loan_events import FACTS
        from ledger.domain.loan_events import LOAN_EVENTS

        assert set(FACTS) == set(LOAN_EVENTS)


class TestAStatement:
    def test_adds_up_to_the_balance(self, world):
        account = world.seller.accounts[0]
        world[BORROWER].post(f"loans/{world.instalment}/repayments", world.repayment())
        statement = world[BORROWER].get(f"settlement-accounts/{account}/movements").json()
        moved = sum(Decimal(row["amount"]) for row in statement["movements"])
        assert Decimal(statement["opening"]) + moved == Decimal(statement["closing"])
        assert statement["closing"] == world[BORROWER].get(f"settlement-accounts/{account}").json()["balance"]
        assert statement["closing"] == "19900.00"

    def test_of_a_later_period_opens_with_what_came_before(self, world):
        where = f"settlement-accounts/{world.seller.accounts[0]}/movements"
        params = {"from": "2024-01-03", "until": "2024-01-10"}
        statement = world[BORROWER].get(where, **params).json()
        assert (statement["opening"], statement["closing"]) == ("20000.00", "20000.00")
        assert statement["movements"] == []

    def test_of_an_earlier_period_is_empty(self, world):
        where = f"settlement-accounts/{world.seller.accounts[0]}/movements"
        statement = world[BORROWER].get(where, **{"from": "2023-01-01", "until": "2024-01-02"}).json()
        assert (statement["opening"], statement["closing"]) == ("0.00", "0.00")

    def test_in_pages_names_the_totals_of_the_whole_period(self, world):
        where = f"settlement-accounts/{world.seller.accounts[0]}/movements"
        whole, page = world[BORROWER].get(where).json(), world[BORROWER].get(where, limit=1).json()
        assert len(page["movements"]) == 1
        assert page["next"]
        assert page["closing"] == whole["closing"]

    @pytest.mark.parametrize("until", ["2023-12-31", "2025-01-02"])
    def test_of_a_period_that_is_turned_round_or_too_long_is_refused(self, world, until):
        where = f"settlement-accounts/{world.seller.accounts[0]}/movements"
        response = world[BORROWER].get(where, **{"from": "2024-01-01", "until": until})
        assert_problem(response, 422, "API_FIELD_INVALID", field="until")


class TestTheJournal:
    def test_balances_in_every_entry(self, world):
        entries = world[ACCOUNTANT].get("journal-entries").json()["results"]
        for entry in entries:
            for memo in (False, True):
                lines = [line for line in entry["lines"] if line["account"].startswith("9") is memo]
                signed = [Decimal(line["amount"]) * (1 if line["side"] == "D" else -1) for line in lines]
                assert sum(signed) == 0

    def test_is_found_by_account_loan_and_date(self, world):
        caller = world[ACCOUNTANT]
        of_loan = caller.get("journal-entries", loan_id=str(world.instalment)).json()["results"]
        assert {entry["topic"] for entry in of_loan} == {"loan.disbursed", "line.booked"}
        cash = caller.get("journal-entries", account="1002").json()["results"]
        assert {entry["topic"] for entry in cash} == {"loan.disbursed", "settlement.received"}
        assert caller.get("journal-entries", until="2024-01-02").json()["results"] == []

    def test_sums_to_zero(self, world):
        balance = world[ACCOUNTANT].get("trial-balance").json()
        assert [total["difference"] for total in balance["totals"]] == ["0.00", "0.00"]
        principal = next(row for row in balance["accounts"] if row["account"] == "1301")
        assert principal["balance"] == "40000.00"

    def test_has_nothing_before_its_first_day(self, world):
        assert world[ACCOUNTANT].get("trial-balance", as_of="2024-01-01").json()["accounts"] == []


class TestADecision:
    def test_is_explained_to_a_reviewer(self, world):
        shown = world[REVIEWER].get(f"applications/{world.seller.application_id}").json()
        figures = {figure["name"]: figure["value"] for figure in shown["decision"]["figures"]}
        assert figures["limit_minor"] == "14400000"
        assert shown["limit"] == "144000.00"

    def test_is_told_to_the_borrower_without_the_figures(self, world):
        shown = world[BORROWER].get(f"applications/{world.seller.application_id}").json()
        assert (shown["status"], shown["limit"]) == ("approved", "144000.00")
        assert "decision" not in shown

    def test_of_a_fraud_rule_reads_like_a_low_score(self, world):
        from lending.models import Application

        reasons = [
            {"code": "cash_out", "category": "fraud"},
            {"code": "idle", "category": "operating"},
            {"code": "volatile", "category": "operating"},
        ]
        Application.objects.filter(id=world.seller.application_id).update(reasons=reasons)
        shown = world[BORROWER].get(f"applications/{world.seller.application_id}")
        assert [reason["reason_class"] for reason in shown.json()["reasons"]] == ["score", "operating"]
        assert "fraud" not in shown.content.decode()
        assert "cash_out" not in shown.content.decode()
        inside = world[REVIEWER].get(f"applications/{world.seller.application_id}").json()["reasons"]
        assert [reason["code"] for reason in inside] == ["cash_out", "idle", "volatile"]


class TestAnEntity:
    def test_is_found_by_its_reference(self, world):
        rows = world[SERVICE].get("entities", reference="E-2").json()["results"]
        assert [row["id"] for row in rows] == [str(world.other.entity_id)]

    def test_shows_what_is_available_on_each_account(self, world):
        rows = world[BORROWER].get(f"entities/{world.seller.entity_id}/accounts").json()["results"]
        assert {row["id"]: row["available"] for row in rows} == {
            str(world.seller.accounts[0]): "20000.00",
            str(world.seller.accounts[1]): "0.00",
        }


class TestTheRest:
    def test_names_the_business_date(self, world):
        answer = world[BORROWER].get("business-date").json()
        assert answer == {"open_date": "2024-01-02", "closed_through": "2024-01-01", "shards_behind": 0}

    def test_names_the_products_in_force(self, world):
        products = world[BORROWER].get("products").json()["results"]
        shipped = {product.code for product in CATALOGUE}
        codes = [product["code"] for product in products]
        assert codes == sorted(codes)
        assert {"instalment-monthly", "revolving-daily"} < set(codes) <= shipped
