"""What the API says of a seller who stopped paying: notices, the blacklist, and no more money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from config.identities import BORROWER, COLLECTOR, ensure_login
from tests.api.callers import OTHER_BORROWER, Caller, assert_problem
from tests.builders.lives import troubled_life
from tests.builders.sellers import register_seller
from tests.builders.storage import fingerprint


@pytest.fixture
def life(books):
    """A seller on the blacklist, another one, and three callers."""
    other = register_seller(reference="E-2", accounts=1)
    seller, loan, _ = troubled_life()
    tokens = {
        BORROWER: ensure_login(username=BORROWER, role=BORROWER, entity_id=seller.entity_id),
        OTHER_BORROWER: ensure_login(username=OTHER_BORROWER, role=BORROWER, entity_id=other.entity_id),
        COLLECTOR: ensure_login(username=COLLECTOR, role=COLLECTOR),
    }
    return seller, loan, {name: Caller(login.token) for name, login in tokens.items()}


class TestASellerWhoStoppedPaying:
    def test_is_told_is_listed_and_gets_nothing_more(self, life):
        seller, loan, callers = life

        notices = callers[BORROWER].get("notices").json()["results"]
        assert {"instalment_overdue", "linked_account_debited"} <= {notice["kind"] for notice in notices}
        dates = [notice["effective_date"] for notice in notices]
        assert dates == sorted(dates)
        assert callers[OTHER_BORROWER].get("notices").json()["results"] == []

        listed = callers[COLLECTOR].get("blacklist").json()["results"]
        assert {row["entity_id"] for row in listed} == {str(seller.entity_id)}
        assert len(listed) == 1 + len(seller.accounts)
        assert_problem(callers[BORROWER].get("blacklist"), 403, "API_ROLE_NOT_ALLOWED")

        shown = callers[BORROWER].get(f"loans/{loan}").json()
        assert shown["status"] == "overdue"
        assert shown["owed"]["days_past_due"] == 80
        assert Decimal(shown["owed"]["penalty"]) > 0

        before = fingerprint()
        body = {
            "amount": "500.00",
            "currency": "CNY",
            "account_id": str(seller.accounts[0]),
            "product_code": "revolving-daily",
            "term": 30,
        }
        draw = callers[BORROWER].post(f"credit-lines/{seller.line_id}/drawdowns", body)
        assert_problem(draw, 403, "LENDING_ENTITY_BLACKLISTED")
        applied = callers[BORROWER].post(
            "applications",
            {
                "entity_id": str(seller.entity_id),
                "industry_code": "home",
                "debt_ratio_bps": 0,
                "clean_record": True,
            },
        )
        assert_problem(applied, 403, "LENDING_ENTITY_BLACKLISTED")
        assert fingerprint() == before
