"""Statements and letters as a client asks for them: three forms, one truth, and nobody else's."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from config.identities import BORROWER, COLLECTOR, REVIEWER
from ledger.domain.loan_record import FactKind
from ledger.models import Repayment
from tests.api.callers import OTHER_BORROWER, assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.pdf_text import text_of_pdf
from tests.builders.sellers import one

STATEMENTS = (
    "entities/{entity}/statement",
    "settlement-accounts/{account}/statement",
    "loans/{loan}/statement",
)
LETTERS = ("loans/{loan}/contract", "loans/{loan}/payoff-letter")
DOCUMENTS = STATEMENTS + LETTERS


def address(world, template: str) -> str:
    return template.format(
        entity=world.seller.entity_id, account=world.seller.accounts[0], loan=world.instalment
    )


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode())))


class TestADocument:
    @pytest.mark.parametrize("template", DOCUMENTS)
    def test_has_three_forms(self, world, template):
        path, caller = address(world, template), world[BORROWER]
        kinds = {form: caller.get(path, format=form) for form in ("json", "csv", "pdf")}
        assert [answer.status_code for answer in kinds.values()] == [200, 200, 200]
        assert kinds["json"].headers["Content-Type"] == "application/json"
        assert kinds["csv"].headers["Content-Type"] == "text/csv; charset=utf-8"
        assert kinds["pdf"].headers["Content-Type"] == "application/pdf"
        assert kinds["pdf"].content.startswith(b"%PDF-")
        for form in ("csv", "pdf"):
            assert kinds[form].headers["Content-Disposition"].endswith(f'.{form}"')
            assert kinds[form].headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("template", DOCUMENTS)
    def test_names_the_lender_and_the_borrower_by_reference(self, world, template):
        text = text_of_pdf(world[BORROWER].get(address(world, template), format="pdf").content)
        assert settings.LOANBOOK_LENDER in text
        assert "E-1" in text

    @pytest.mark.parametrize("template", DOCUMENTS)
    def test_is_the_same_file_when_it_is_asked_for_again(self, world, template):
        path = address(world, template)
        first, second = (world[BORROWER].get(path, format="pdf").content for _ in range(2))
        assert first == second

    @pytest.mark.parametrize("template", DOCUMENTS)
    @pytest.mark.parametrize("form", ["json", "csv", "pdf"])
    def test_of_somebody_else_does_not_exist(self, world, template, form):
        answer = world[OTHER_BORROWER].get(address(world, template), format=form)
        assert_problem(answer, 404, "LEDGER_NOT_FOUND")

    @pytest.mark.parametrize(
        ("accept", "media_type"),
        [
            ("application/pdf", "application/pdf"),
            ("text/csv", "text/csv; charset=utf-8"),
            ("text/csv;q=0.1, application/pdf", "application/pdf"),
            ("*/*", "application/json"),
            ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ],
    )
    def test_has_the_form_that_the_accept_header_asks_for(self, world, accept, media_type):
        from django.test import Client

        headers = {"Authorization": f"Bearer {world[BORROWER].token}", "Accept": accept}
        answer = Client().get(f"/api/v1/loans/{world.instalment}/statement", headers=headers)
        assert answer.headers["Content-Type"] == media_type
        assert "Accept" in answer.headers["Vary"]

    def test_in_a_form_there_is_not_is_refused(self, world):
        path = address(world, "loans/{loan}/statement")
        assert_problem(world[BORROWER].get(path, format="xml"), 422, "API_FIELD_INVALID", field="format")


class TestAStatement:
    PERIOD = {"from": "2024-01-01", "to": "2024-01-31"}

    def test_says_the_same_in_every_form(self, world):
        path, caller = address(world, "settlement-accounts/{account}/statement"), world[BORROWER]
        values = caller.get(path, **self.PERIOD).json()
        rows = rows_of(caller.get(path, format="csv", **self.PERIOD))
        text = text_of_pdf(caller.get(path, format="pdf", **self.PERIOD).content)
        (sheet,) = values["sheets"]
        assert [move["amount"] for move in sheet["movements"]] == [
            row["amount"] for row in rows if row["row"] == "movement"
        ]
        assert rows[-1]["balance"] == sheet["closing"] == "20000.00"
        for move in sheet["movements"]:
            assert move["what"] in text
            assert f"{float(move['amount'].lstrip('-')):,.2f}" in text
            assert move["reference"] in text

    def test_reproduces_with_the_moment_it_names(self, world):
        path, caller = address(world, "entities/{entity}/statement"), world[BORROWER]
        first = caller.get(path, **self.PERIOD)
        moment = first.json()["known_at"]
        kept = [caller.get(path, format=form, **self.PERIOD).content for form in ("json", "csv", "pdf")]
        world.seller.receive(1_234_500)
        assert caller.get(path, **self.PERIOD).content != first.content
        again = [
            caller.get(path, format=form, known_at=moment, **self.PERIOD).content
            for form in ("json", "csv", "pdf")
        ]
        assert again == kept
        assert_books_hold()

    def test_shows_commands_to_those_who_may_read_the_history(self, world):
        path = address(world, "loans/{loan}/statement")

        def commands(role):
            (sheet,) = world[role].get(path, **self.PERIOD).json()["sheets"]
            return {move["command"] for move in sheet["movements"]}

        assert commands(REVIEWER) == {"confirm_payout"}
        assert commands(BORROWER) == commands(COLLECTOR) == {""}

    @pytest.mark.parametrize(
        ("asked", "code", "field"),
        [
            ({"from": "2024-02-01", "to": "2024-01-31"}, "LEDGER_STATEMENT_PERIOD_INVALID", "to"),
            ({"from": "2000-01-01", "to": "2024-01-31"}, "LEDGER_STATEMENT_PERIOD_INVALID", "to"),
            ({"from": "2024-1-1"}, "API_DATE_INVALID", "from"),
            ({"known_at": "2024-01-01"}, "API_MOMENT_INVALID", "known_at"),
            ({"known_at": "2024-01-01T00:00:00"}, "API_MOMENT_INVALID", "known_at"),
            ({"known_at": "2024-02-30T00:00:00Z"}, "API_MOMENT_INVALID", "known_at"),
            ({"until": "2024-01-31"}, "API_FIELD_UNKNOWN", "until"),
        ],
    )
    @pytest.mark.parametrize("form", ["json", "pdf"])
    def test_of_no_period_or_moment_is_refused_in_json(self, world, asked, code, field, form):
        answer = world[BORROWER].get(address(world, "loans/{loan}/statement"), format=form, **asked)
        assert_problem(answer, 422, code, field=field)


class TestAContractLetter:
    def test_leads_with_the_annual_rate_and_names_the_simple_one(self, world):
        path = address(world, "loans/{loan}/contract")
        values = world[BORROWER].get(path).json()
        lines = text_of_pdf(world[BORROWER].get(path, format="pdf").content).splitlines()
        leading, simple = lines.index("Annual rate (IRR)"), lines.index("Annual rate, simple")
        assert lines[leading + 1] == f"{values['annual_rate_irr_percent']}%"
        assert lines[simple + 1] == f"{values['annual_rate_simple_percent']}%"
        assert leading < simple < lines.index("Contract rate")

    def test_shows_the_plan_and_what_it_costs(self, world):
        """30,000.00 in three instalments of 10,240.95 or so at 14.4%: interest on 30,000, then on what is left."""
        path = address(world, "loans/{loan}/contract")
        values = world[BORROWER].get(path).json()
        assert values["principal"] == "30000.00"
        assert [row["due_on"] for row in values["plan"]] == ["2024-02-02", "2024-03-02", "2024-04-02"]
        assert [row["interest"] for row in values["plan"]] == ["360.00", "241.43", "121.43"]
        assert values["interest"] == "722.86"
        assert values["total"] == "30722.86"
        # By hand: 722.86 over 30,000 x 31 + 20,119.05 x 29 + 10,119.52 x 31 days of 365 is 14.44%.
        assert values["annual_rate_simple_percent"] == "14.44"
        text = text_of_pdf(world[BORROWER].get(path, format="pdf").content)
        assert {"30,000.00 CNY", "722.86 CNY", "30,722.86 CNY", "2024-03-02"} <= set(text.splitlines())

    def test_stays_the_same_when_the_plan_changes(self, world):
        path = address(world, "loans/{loan}/contract")
        before = world[BORROWER].get(path, format="pdf").content
        world.seller.repay(world.instalment, 500_000, kind="prepayment").value()
        assert one("SELECT schedule_version FROM loan WHERE id = %s", world.instalment) > 1
        assert world[BORROWER].get(path, format="pdf").content == before
        assert_books_hold()

    def test_does_not_exist_before_the_payout(self, world):
        loan_id = world.seller.draw(100_000).value()["loan_id"]
        answer = world[BORROWER].get(f"loans/{loan_id}/contract", format="pdf")
        assert_problem(answer, 409, "LENDING_CONTRACT_WITHOUT_PLAN")


class TestAPayoffLetter:
    def test_quotes_what_the_payoff_then_takes(self, world):
        path = address(world, "loans/{loan}/payoff-letter")
        world.seller.receive(5_000_000)
        values = world[BORROWER].get(path).json()
        (quote,) = values["quotes"]
        assert quote["valid_on"] == values["stated_on"] == "2024-01-02"
        world.seller.repay(world.instalment, kind="payoff").value()
        paid = Repayment.objects.get(loan_id=world.instalment)
        assert f"{paid.amount_minor / 100:.2f}" == quote["total"]
        assert one("SELECT status FROM loan WHERE id = %s", world.instalment) == "settled"
        assert_books_hold()

    def test_adds_up_when_a_charge_is_still_to_come(self, world):
        due_on = date(2024, 1, 20)
        world.seller.tell(world.instalment, FactKind.CHARGE_ADDED, amount_minor=1_234, due_on=due_on)
        (quote,) = world[BORROWER].get(address(world, "loans/{loan}/payoff-letter")).json()["quotes"]
        parts = {name: Decimal(text) for name, text in quote.items() if name not in ("valid_on", "total")}
        assert parts["charges_to_come"] == Decimal("12.34")
        assert sum(parts.values()) == Decimal(quote["total"])
        assert_books_hold()

    def test_quotes_each_day_as_the_quote_of_that_day(self, world):
        path = address(world, "loans/{loan}/payoff-letter")
        letter = world[BORROWER].get(path, on="2024-01-05", days="3").json()["quotes"]
        assert [quote["valid_on"] for quote in letter] == ["2024-01-05", "2024-01-06", "2024-01-07"]
        for quote in letter:
            asked = (
                world[BORROWER].get(address(world, "loans/{loan}/payoff-quote"), on=quote["valid_on"]).json()
            )
            assert quote == {name: asked[name] for name in quote}

    def test_says_on_paper_what_it_says_in_json(self, world):
        path = address(world, "loans/{loan}/payoff-letter")
        (quote,) = world[BORROWER].get(path).json()["quotes"]
        text = text_of_pdf(world[BORROWER].get(path, format="pdf").content)
        assert f"{float(quote['total']):,.2f} CNY" in text
        assert "valid on its date and on no other" in text.replace("\n", " ")

    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ({"on": "2023-12-31"}, "LEDGER_QUOTE_DATE_PASSED"),
            ({"on": "2026-12-31"}, "LEDGER_QUOTE_DATE_TOO_FAR"),
            ({"days": "0"}, "API_FIELD_INVALID"),
            ({"days": "32"}, "API_FIELD_INVALID"),
        ],
    )
    def test_for_days_it_cannot_speak_of_is_refused(self, world, asked, code):
        answer = world[BORROWER].get(address(world, "loans/{loan}/payoff-letter"), format="pdf", **asked)
        assert_problem(answer, 422, code)
