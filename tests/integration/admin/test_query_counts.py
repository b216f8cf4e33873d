"""A list asks the database the same few questions however many rows it shows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.admin.links import list_url
from tests.builders.sellers import register_seller, seller_with_line

LISTS = ("lending.legalentity", "lending.shopaccount", "lending.application", "lending.creditline", "ledger.loan",
         "ledger.settlementaccount", "ledger.receiptrecord", "ledger.repaymentrecord", "ledger.journalrecord",
         "ledger.eventrecord", "ledger.esoutbox", "ledger.dayrecord", "collection.overduerecord",
         "collection.noticerecord")  # fmt: skip
# Session, user, two for permissions, two counts, and the rows themselves.
QUERIES_MAX = 7


def queries_of(client, label) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(list_url(label))
    return len(seen), len(answer.context["cl"].result_list)


@pytest.mark.slow
def test_a_list_of_fifty_rows_needs_no_more_queries_than_a_list_of_few(administrator, lent, lend):
    few = {label: queries_of(administrator, label) for label in LISTS}
    for number in range(26):
        seller = seller_with_line(reference=f"more-{number}")
        seller.borrow(100_000)
        seller.borrow(100_000, product="revolving-daily", term=30)
        seller.receive(1_000)
    for number in range(24):
        register_seller(reference=f"idle-{number}", monthly_minor=0)
    for number in range(6):
        lend(f"lent-{number}")
    many = {label: queries_of(administrator, label) for label in LISTS}
    assert {label: queries for label, (queries, _) in many.items()} == {
        label: queries for label, (queries, _) in few.items()
    }
    assert max(queries for queries, _ in many.values()) <= QUERIES_MAX
    # Every seller closes the same days, so the list of days alone does not grow.
    rows = {label: (few[label][1], many[label][1]) for label in LISTS if label != "ledger.dayrecord"}
    assert all(after > before or after == 50 for before, after in rows.values()), rows
    assert all(rows[label][1] == 50 for label in ("ledger.loan", "lending.legalentity", "ledger.eventrecord"))
