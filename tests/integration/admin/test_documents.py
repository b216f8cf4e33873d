"""Pages of the admin lead to the documents of their record, and the session of the admin opens them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from collection.bureau.reporting import report_month
from config.admin.links import record_url
from config.identities import COLLECTOR
from tests.builders.sellers import seller_with_line
from tests.integration.admin.reading import section

FORMS = ("JSON", "CSV", "PDF")


def links_of(table) -> list[str]:
    anchors = [str(cell) for row in table.rows for cell in row if "href" in str(cell)]
    return [re.search('href="([^"]*)"', anchor)[1].replace("&amp;", "&") for anchor in anchors]


class TestTheDocuments:
    @pytest.mark.parametrize(
        ("label", "key", "title", "documents"),
        [
            ("lending.legalentity", "entity", "Statements", 3),
            ("ledger.settlementaccount", "account", "Statements", 3),
            ("ledger.loan", "loan", "Statements", 3),
            ("ledger.loan", "loan", "Letters", 2),
        ],
    )
    def test_of_a_record_open_from_its_page(self, staff, lent, label, key, title, documents):
        keys = {"entity": lent.seller.entity_id, "account": lent.seller.accounts[0], "loan": lent.loan_id}
        client = staff(COLLECTOR)
        links = links_of(section(client.get(record_url(label, keys[key])), title))
        assert len(links) == documents * len(FORMS)
        answers = [client.get(link) for link in links]
        assert {answer.status_code for answer in answers} == {200}
        types = {answer.headers["Content-Type"] for answer in answers}
        assert types == {"application/json", "text/csv; charset=utf-8", "application/pdf"}

    def test_are_not_offered_for_a_loan_that_was_not_paid_out(self, administrator, books):
        loan_id = seller_with_line(reference="fresh").draw(100_000).value()["loan_id"]
        page = administrator.get(record_url("ledger.loan", loan_id))
        assert "Letters" not in {one.title for one in page.context["sections"]}


class TestReportsToTheBureau:
    def test_are_shown_on_the_page_of_the_loan(self, administrator, lent):
        page = administrator.get(record_url("ledger.loan", lent.loan_id))
        assert "Bureau reports" not in {one.title for one in page.context["sections"]}
        report_month(month=date(2024, 1, 1))
        table = section(administrator.get(record_url("ledger.loan", lent.loan_id)), "Bureau reports")
        assert [row[0] for row in table.rows] == ["2024-01"]
