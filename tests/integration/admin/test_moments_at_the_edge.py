"""Moments and days at the edge of the calendar: a page says that there are none, or shows the books; it never fails."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.admin.links import record_url
from config.identities import ACCOUNTANT
from tests.integration.admin.reading import section, text_of

pytestmark = pytest.mark.django_db
# Moments that exist where they were written, and in UTC lie before the first year or after the last.
OUTSIDE = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
FIRST, LAST = "0001-01-01", "9999-12-31"
AT_THE_EDGES = (
    {"from": FIRST},
    {"from": LAST},
    {"through": FIRST},
    {"through": LAST},
    {"from": FIRST, "through": LAST},
    {"from": LAST, "through": FIRST},
    {"known_at": "0001-01-01T00:00:00Z"},
    {"known_at": "9999-12-31T23:59:59Z"},
)
PAGES = ("trial_balance", "general_ledger", "funding", "postings")


def page(name):
    return reverse(f"admin:ledger_glaccount_{name}", args=["1301"] if name == "postings" else [])


class TestAPageOfBalances:
    @pytest.mark.parametrize("name", PAGES)
    def test_says_that_a_moment_outside_the_calendar_is_none(self, staff, lent, name):
        client = staff(ACCOUNTANT)
        for known_at in OUTSIDE:
            answer = client.get(page(name), {"known_at": known_at})
            assert answer.status_code == 200
            said = f"{known_at} is not a moment; the page is shown without it."
            assert answer.context["asked"].mistakes == [said]
            assert answer.context["tables"]

    @pytest.mark.parametrize("name", PAGES)
    def test_is_shown_at_the_first_and_at_the_last_day(self, staff, lent, name):
        client = staff(ACCOUNTANT)
        for asked in AT_THE_EDGES:
            for by in ("posting", "value"):
                assert client.get(page(name), {**asked, "by": by}).status_code == 200, (asked, by)

    def test_has_no_opening_balances_before_the_first_day(self, staff, lent):
        client = staff(ACCOUNTANT)
        whole, first = (client.get(page("general_ledger"), asked) for asked in ({}, {"from": FIRST}))
        figures = [[row[1:] for table in answer.context["tables"] for row in table["table"].rows]
                   for answer in (whole, first)]  # fmt: skip
        assert figures[0] == figures[1]


class TestTheTimeMachine:
    def answer(self, staff, lent, **asked):
        found = staff(ACCOUNTANT).get(record_url("ledger.loan", lent.loan_id), asked)
        assert found.status_code == 200
        return section(found, "Time machine")

    @pytest.mark.parametrize("known_at", OUTSIDE)
    def test_says_that_a_moment_outside_the_calendar_is_none(self, staff, lent, known_at):
        told = self.answer(staff, lent, known_at=known_at)
        assert told.error == "A day is written YYYY-MM-DD, a moment YYYY-MM-DDThh:mm."

    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ({"as_of": LAST}, "LEDGER_POSITION_DATE_TOO_FAR"),
            ({"known_at": "0001-01-01T00:00"}, "LEDGER_NOT_KNOWN_THEN"),
            ({"known_at": "9999-12-31T23:59:59"}, "LEDGER_KNOWN_AT_IN_FUTURE"),
        ],
    )
    def test_names_what_it_refuses_at_the_edges(self, staff, lent, asked, code):
        assert self.answer(staff, lent, **asked).error.endswith(f"({code})")

    def test_shows_a_loan_on_the_first_day_as_not_paid_out(self, staff, lent):
        client = staff(ACCOUNTANT)
        shown = text_of(client.get(record_url("ledger.loan", lent.loan_id), {"as_of": FIRST}))
        assert "not disbursed" in shown
