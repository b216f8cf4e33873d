"""Filling in the forms of proposals, for every test of them."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.urls import reverse

from ledger.domain.loan_record import FactKind
from tests.builders.sellers import seller_with_line
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY

CHANGING = {"proposal", "es_event", "es_shard", "es_command", "es_snapshot"}


def lend_with_charge():
    """Return a seller with a loan that has a charge of 20.00, the loan, and the charge."""
    seller = seller_with_line()
    loan_id = seller.borrow(600_000)
    charge = seller.tell(
        loan_id, FactKind.CHARGE_ADDED, amount_minor=2_000, due_on=FIRST_DAY.replace(month=3), reason="copy"
    )
    return seller, loan_id, charge


def where(lent, kind=""):
    address = reverse("admin:ledger_loan_propose", args=[lent[1]])
    return f"{address}?kind={quote(kind)}" if kind else address


def hidden(page):
    text = page.content.decode()
    return {
        name: re.search(rf'name="{name}"( value="([^"]*)")?', text)[2] or "" for name in ("key", "looked")
    }


def fill_in(client, lent, kind, **said):
    """Open the form, send it once, and return the page that shows what would change."""
    form = hidden(client.get(where(lent, kind)))
    return client.post(where(lent, kind), form | {"reason": "hardship"} | said)


def send_again(client, lent, kind, page, **said):
    return client.post(where(lent, kind), hidden(page) | {"reason": "hardship"} | said, follow=True)


def changed_since(before):
    return {name for name, digest in fingerprint(attempts=True).items() if digest != before[name]}
