"""The first and the last day, and moments outside the calendar: refused by name, or answered; never a fault."""

from __future__ import annotations

import pytest

from config.identities import ACCOUNTANT
from tests.api.callers import assert_problem
from tests.builders.storage import fingerprint

FIRST, LAST = "0001-01-01", "9999-12-31"
# Moments that exist where they were written, and in UTC lie before the first year or after the last.
OUTSIDE = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00Z",
           "2024-01-02T24:00:01Z", "2024-01-02T00:00:60Z", "2024-01-02T00:00:00+24:00")  # fmt: skip
BALANCES = ("trial-balance", "general-ledger", "gl-accounts/1301/postings", "funding-report")
POSITIONS = ("loans/{loan}/position", "credit-lines/{line}/position", "entities/{entity}/position")
STATEMENTS = (
    "loans/{loan}/statement",
    "settlement-accounts/{account}/statement",
    "entities/{entity}/statement",
)
MOVEMENTS = "settlement-accounts/{account}/movements"
INVALID = "LEDGER_STATEMENT_PERIOD_INVALID"


@pytest.fixture
def ask(world):
    """Return a function that asks as an accountant, for whom every address here is open."""
    keys = {
        "loan": world.instalment,
        "line": world.seller.line_id,
        "entity": world.seller.entity_id,
        "account": world.seller.accounts[0],
    }
    return lambda template, **asked: world[ACCOUNTANT].get(template.format(**keys), **asked)


class TestAMoment:
    @pytest.mark.parametrize("template", BALANCES + POSITIONS + STATEMENTS)
    def test_outside_the_calendar_is_refused_by_name(self, ask, template):
        before = fingerprint(attempts=True)
        for known_at in OUTSIDE:
            assert_problem(ask(template, known_at=known_at), 422, "API_MOMENT_INVALID", field="known_at")
        assert fingerprint(attempts=True) == before

    @pytest.mark.parametrize("template", BALANCES)
    def test_at_the_first_of_all_shows_books_without_an_entry(self, ask, template):
        answer = ask(template, known_at="0001-01-01T00:00:00Z")
        assert answer.status_code == 200, answer.content
        assert answer.json()["known_at"] == "0001-01-01T00:00:00Z"

    @pytest.mark.parametrize("template", BALANCES + POSITIONS + STATEMENTS)
    def test_at_the_last_of_all_has_not_come(self, ask, template):
        answer = ask(template, known_at="9999-12-31T23:59:59.999999Z")
        assert_problem(answer, 422, "LEDGER_KNOWN_AT_IN_FUTURE", field="known_at")

    @pytest.mark.parametrize("template", POSITIONS + STATEMENTS)
    def test_at_the_first_of_all_is_no_fault_of_the_server(self, ask, template):
        assert ask(template, known_at="0001-01-01T00:00:00Z").status_code in (200, 404)


class TestADay:
    @pytest.mark.parametrize("template", BALANCES)
    def test_that_is_the_first_or_the_last_is_answered(self, ask, template):
        for day in (FIRST, LAST):
            for by in ("posting", "value"):
                assert ask(template, as_of=day, by=by).status_code == 200, (day, by)

    def test_that_is_the_first_begins_the_general_ledger_with_nothing(self, ask):
        whole, first = ask("general-ledger").json(), ask("general-ledger", **{"from": FIRST}).json()
        assert first["accounts"] == whole["accounts"]
        assert first["accounts"]

    def test_on_which_there_was_no_position_is_answered_or_refused_by_name(self, ask):
        assert ask(POSITIONS[0], as_of=FIRST).json()["status"] == "not_disbursed"
        assert_problem(ask(POSITIONS[1], as_of=FIRST), 404, "LEDGER_NOT_KNOWN_THEN", field="as_of")
        assert ask(POSITIONS[2], as_of=FIRST).json()["loans"] == []
        assert_problem(ask(POSITIONS[0], as_of=LAST), 422, "LEDGER_POSITION_DATE_TOO_FAR", field="as_of")
        assert ask(POSITIONS[1], as_of=LAST).status_code == 200
        assert_problem(ask(POSITIONS[2], as_of=LAST), 422, "LEDGER_POSITION_DATE_TOO_FAR", field="as_of")

    @pytest.mark.parametrize("template", STATEMENTS)
    def test_beyond_which_there_is_none_ends_no_statement(self, ask, template):
        for asked in ({"to": LAST}, {"from": LAST, "to": LAST}, {"from": FIRST, "to": LAST}, {"to": FIRST}):
            assert_problem(ask(template, **asked), 422, INVALID, field="to")

    @pytest.mark.parametrize("template", STATEMENTS)
    def test_that_is_the_first_may_be_a_statement_of_its_own(self, ask, template):
        for form in ("json", "csv", "pdf"):
            assert ask(template, **{"from": FIRST, "to": FIRST, "format": form}).status_code == 200

    def test_at_an_edge_bounds_the_movements_of_an_account(self, ask):
        for asked in ({"from": FIRST}, {"from": LAST}, {"until": FIRST}, {"until": LAST}):
            assert ask(MOVEMENTS, **asked).status_code == 200, asked
        assert ask(MOVEMENTS, until=FIRST).json()["from"] == FIRST
