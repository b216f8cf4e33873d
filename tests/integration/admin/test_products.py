"""The pages of products: saved versions, their terms and changes, and the whole catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from config.admin.links import list_url, record_url
from config.identities import ACCOUNTANT, ADMINISTRATOR, AUDITOR, COLLECTOR, REVIEWER
from ledger.commands.agree_funding import AgreeFunding
from ledger.commands.save_product import SaveProductVersion
from ledger.policies.funding import FunderShare
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_pricing import PricingTerms
from tests.builders.sellers import give
from tests.conftest import FIRST_DAY
from tests.integration.admin.reading import section, text_of

CHEAPER = replace(
    CATALOGUE[0],
    title="Cheaper",
    currency="CNY",
    effective_from=FIRST_DAY,
    pricing=PricingTerms(annual_rate_e8=12_000_000),
)


@pytest.fixture
def saved(books):
    give(SaveProductVersion(terms=CHEAPER)).value()
    return "instalment-monthly:2"


class TestASavedVersion:
    def test_is_listed_and_shown_with_every_term(self, administrator, saved):
        rows = administrator.get(list_url("ledger.productrecord")).context["cl"].result_list
        assert [(row.id, row.title) for row in rows] == [(saved, "Cheaper")]
        shown = dict(section(administrator.get(record_url("ledger.productrecord", saved)), "Terms").rows)
        assert shown["pricing.annual_rate"] == "0.12"
        assert shown["offer.amount_min"] == "1000.00"
        assert shown["offer.terms"] == "3, 6, 12"

    def test_is_compared_with_the_one_before(self, administrator, saved):
        table = section(administrator.get(record_url("ledger.productrecord", saved)), "Changes")
        changed = {row[0]: row[1:] for row in table.rows}
        assert changed["pricing.annual_rate"] == ["0.144", "0.12"]
        assert changed["title"] == ["Equal monthly instalments", "Cheaper"]
        assert "repayment.method" not in changed
        assert table.note == "Compared with version 1."

    def test_says_who_funds_it(self, administrator, books):
        shares = (FunderShare("own", 60_000_000), FunderShare("bank-a", 40_000_000))
        give(AgreeFunding(code="instalment-monthly", shares=shares)).value()
        give(SaveProductVersion(terms=CHEAPER)).value()
        page = administrator.get(record_url("ledger.productrecord", "instalment-monthly:2"))
        assert section(page, "Funding").rows == [["own", "60%"], ["bank-a", "40%"]]


class TestTheCatalogue:
    def test_has_shipped_and_saved_versions(self, administrator, saved):
        page = text_of(administrator.get(reverse("admin:ledger_productrecord_catalogue")))
        assert "instalment-monthly, version 2: Cheaper" in page
        for product in CATALOGUE:
            assert f"{product.code}, version 1" in page

    @pytest.mark.parametrize("role", [REVIEWER, COLLECTOR, ACCOUNTANT, AUDITOR, ADMINISTRATOR])
    def test_opens_for_staff(self, staff, books, role):
        assert staff(role).get(reverse("admin:ledger_productrecord_catalogue")).status_code == 200

    def test_stays_closed_to_others(self, client, books):
        assert client.get(reverse("admin:ledger_productrecord_catalogue")).status_code == 302
