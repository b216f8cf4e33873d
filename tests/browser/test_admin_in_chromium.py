"""The admin in a real browser: its scripts run, nothing it needs is blocked, nothing is fetched elsewhere.

Each page is opened by a chromium without a window, which prints the page as its scripts left it and
every message of the console. The session is put into each request on its way to the application.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.test.testcases import LiveServerThread
from django.urls import reverse

from config.admin.links import list_url, record_url
from tests.builders.sellers import seller_with_line

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed"),
]


@dataclass(frozen=True)
class Page:
    """A page after its scripts have run, and what the console said."""

    dom: str
    console: list[str]

    def section(self, slug: str) -> str:
        return re.search(rf'<section id="section-{slug}"[^>]*>', self.dom)[0]


@pytest.fixture
def seller(committed_books):
    seller = seller_with_line()
    seller.borrow(1_000_000)
    return seller


@pytest.fixture
def server(seller) -> Iterator[str]:
    """Serve the application to somebody who is signed in with every right."""
    client = Client()
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    def signed_in(application):
        return lambda environ, start: application({**environ, "HTTP_COOKIE": cookie}, start)

    thread = LiveServerThread("127.0.0.1", signed_in)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def look(server, tmp_path):
    def look(address: str) -> Page:
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", server + address]
        seen = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        said = [line for line in seen.stderr.splitlines() if ":CONSOLE" in line]
        return Page(seen.stdout, said)

    return look


def test_pages_of_the_admin_run_their_scripts_without_a_complaint(look, seller):
    loan_id = seller_loan(seller)
    addresses = (
        reverse("admin:index"),
        list_url("ledger.journalrecord"),
        record_url("lending.legalentity", seller.entity_id),
        reverse("admin:lending_creditline_freeze", args=[seller.line_id]),
        reverse("admin:ledger_glaccount_trial_balance"),
        reverse("admin:ledger_glaccount_postings", args=["1301"]),
        reverse("admin:ledger_glaccount_tie_out"),
        reverse("admin:ledger_periodclose_close_month"),
        reverse("admin:ledger_loan_propose", args=[loan_id]),
    )
    complaints = {address: look(address).console for address in addresses}
    assert complaints == {address: [] for address in addresses}
    loan = look(record_url("ledger.loan", loan_id))
    assert loan.console == []
    assert "display: none" not in loan.section("plan")
    assert "display: none" in loan.section("events")


def test_the_form_of_a_proposal_has_its_fields_in_a_browser(look, seller):
    address = reverse("admin:ledger_loan_propose", args=[seller_loan(seller)])
    page = look(f"{address}?kind=payment_received")
    assert page.console == []
    names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page.dom))
    assert {"amount", "value_date", "reason", "key", "looked"} <= names
    assert "Show what it would change" in page.dom


def test_the_overview_loads_nothing_from_anywhere_else(look, server):
    page = look(reverse("admin:index"))
    assert "0.00 CNY" in page.dom
    loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', page.dom)
    assert [address for address in loaded if not address.startswith(server)] == []


def seller_loan(seller) -> object:
    from ledger.models import Loan

    return Loan.objects.get(entity_id=seller.entity_id).pk


class TestTheProgressOfAClose:
    def test_is_asked_for_again_by_the_page_itself_and_nothing_is_blocked(self, look, monkeypatch):
        from ledger.admin import day_close

        asked = []
        sound = day_close.close_state
        monkeypatch.setattr(day_close, "close_state", lambda day: asked.append(day) or sound(day))
        page = look(reverse("admin:ledger_dayrecord_progress"))
        assert "of 256 shards closed" in page.dom
        assert len(asked) >= 2
        assert page.console == []
