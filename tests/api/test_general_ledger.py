"""The general ledger over HTTP: balances at a moment, the postings behind them, tie-out, funding, closed months."""

from __future__ import annotations

import pytest
from django.utils import timezone

from config.identities import ACCOUNTANT, ADMINISTRATOR
from tests.api.callers import assert_problem
from tests.builders.books import assert_books_hold


class TestBalances:
    def test_are_given_as_known_at_a_moment_and_say_so(self, world):
        now = timezone.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
        asked = {"as_of": "2024-01-02", "known_at": now, "by": "value"}
        answer = world[ACCOUNTANT].get("trial-balance", **asked).json()
        assert {name: answer[name] for name in asked} == asked
        assert answer["accounts"] == world[ACCOUNTANT].get("trial-balance").json()["accounts"]
        early = world[ACCOUNTANT].get("trial-balance", known_at="2024-01-01T00:00:00+08:00").json()
        assert early["accounts"] == []

    def test_of_a_period_lead_from_opening_to_closing(self, world):
        answer = world[ACCOUNTANT].get("general-ledger", **{"from": "2024-01-02"}).json()
        principal = next(row for row in answer["accounts"] if row["account"] == "1301")
        assert (principal["opening"], principal["debit"], principal["closing"]) == (
            "0.00",
            "40000.00",
            "40000.00",
        )
        assert {total["difference"] for total in answer["totals"]} == {"0.00"}

    @pytest.mark.parametrize(
        ("asked", "code", "field"),
        [
            ({"known_at": "2024-01-01"}, "API_MOMENT_INVALID", "known_at"),
            ({"known_at": "2024-01-01T00:00:00"}, "API_MOMENT_INVALID", "known_at"),
            ({"known_at": "2024-02-30T00:00:00Z"}, "API_MOMENT_INVALID", "known_at"),
            ({"known_at": "0001-01-01T00:00:00+14:00"}, "API_MOMENT_INVALID", "known_at"),
            ({"known_at": "2999-01-01T00:00:00Z"}, "LEDGER_KNOWN_AT_IN_FUTURE", "known_at"),
            ({"as_of": "2024-02-30"}, "API_DATE_INVALID", "as_of"),
            ({"by": "effective"}, "API_FIELD_INVALID", "by"),
        ],
    )
    def test_are_refused_by_the_name_of_the_parameter(self, world, asked, code, field):
        assert_problem(world[ACCOUNTANT].get("trial-balance", **asked), 422, code, field=field)


class TestPostings:
    def test_explain_a_balance_page_by_page(self, world):
        address = "gl-accounts/1002/postings"
        whole = world[ACCOUNTANT].get(address).json()
        assert whole["next"] is None
        assert whole["results"][-1]["balance"] == whole["totals"][0]["closing"]
        first = whole["results"][0]
        assert first["command"]
        assert first["actor"]
        assert first["command_key"]
        found, cursor = [], {}
        while True:
            page = world[ACCOUNTANT].get(address, limit="1", **cursor).json()
            found.extend(page["results"])
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"].partition("cursor=")[2].partition("&")[0].replace("%3D", "=")}
        assert found == whole["results"]

    def test_of_one_loan_are_its_own(self, world):
        asked = {"loan_id": str(world.instalment)}
        answer = world[ACCOUNTANT].get("gl-accounts/1301/postings", **asked).json()
        assert {row["loan_id"] for row in answer["results"]} == {str(world.instalment)}
        assert {(row["product_code"], row["product_version"]) for row in answer["results"]} == {
            ("instalment-monthly", 1)
        }

    def test_of_an_account_that_is_not_there_are_not_found(self, world):
        assert_problem(
            world[ACCOUNTANT].get("gl-accounts/4711/postings"), 404, "LEDGER_NOT_FOUND", field="code"
        )

    @pytest.mark.parametrize("cursor", ["x", "WzFd", "WyIyMDI0LTAxLTAyIiwgMSwgMSwgInkiLCAiIl0="])
    def test_after_a_cursor_that_was_never_given_out_are_refused(self, world, cursor):
        answer = world[ACCOUNTANT].get("gl-accounts/1301/postings", cursor=cursor)
        assert_problem(answer, 422, "API_CURSOR_INVALID", field="cursor")


class TestTheTieOut:
    def test_says_that_everything_ties(self, world):
        answer = world[ACCOUNTANT].get("tie-out").json()
        assert answer["ties"]
        assert {row["difference"] for row in answer["accounts"]} == {"0.00"}
        (one,) = world[ACCOUNTANT].get("tie-out", account="1301").json()["accounts"]
        assert (one["ledger"], one["sub_ledger"], one["differences"]) == ("40000.00", "40000.00", [])


class TestFunding:
    def test_is_agreed_shown_and_reported(self, world):
        shares = [{"funder": "own", "share": "0.6"}, {"funder": "bank-a", "share": "0.4"}]
        address = "products/instalment-monthly/funding"
        answer = world[ADMINISTRATOR].post(address, {"shares": shares})
        assert answer.json() == {"code": "instalment-monthly", "from_version": 2}
        assert world[ACCOUNTANT].get(address).json() == {"results": [{"from_version": 2, "shares": shares}]}
        report = world[ACCOUNTANT].get("funding-report").json()
        assert [(part["funder"], part["principal"]) for part in report["funders"]] == [("own", "40000.00")]
        assert_books_hold()

    @pytest.mark.parametrize(
        ("shares", "code"),
        [
            ([{"funder": "own", "share": "0.9"}], "LEDGER_FUNDING_INVALID"),
            ([{"funder": "own", "share": "1"}, {"funder": "own", "share": "0"}], "LEDGER_FUNDING_INVALID"),
            ([{"funder": "own", "share": "0.123456789"}], "LEDGER_RATE_TOO_PRECISE"),
        ],
    )
    def test_that_is_not_the_whole_is_refused(self, world, shares, code):
        answer = world[ADMINISTRATOR].post("products/instalment-monthly/funding", {"shares": shares})
        assert_problem(answer, 422, code, field="shares")


class TestMonths:
    def test_are_closed_once_and_listed(self, world):
        answer = world[ACCOUNTANT].post("periods", {"month": "2023-12"})
        assert answer.status_code == 201
        digest = answer.json()["trial_balance_hash"]
        listed = {"closed_through": "2023-12-31", "trial_balance_hash": digest, "closed_on": "2024-01-02"}
        assert world[ACCOUNTANT].get("periods").json() == {"results": [listed]}
        assert_problem(world[ACCOUNTANT].post("periods", {"month": "2023-12"}), 409, "LEDGER_PERIOD_CLOSED")
        assert_problem(world[ACCOUNTANT].post("periods", {"month": "2024-02"}), 409, "LEDGER_PERIOD_NOT_NEXT")
        assert_problem(world[ACCOUNTANT].post("periods", {"month": "2024-01"}), 409, "LEDGER_PERIOD_NOT_OVER")
        assert_problem(world[ACCOUNTANT].post("periods", {"month": "2024-13"}), 422, "LEDGER_MONTH_INVALID")
        assert_books_hold()
