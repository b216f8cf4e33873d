"""Asking for a withdrawal in the admin: shown first, asked for once, by the roles that may do it over the API."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from config.admin.links import record_url
from config.api.access import WITHDRAWING
from config.identities import ACCOUNTANT, ADMINISTRATOR, AUDITOR, COLLECTOR, REVIEWER, STAFF, actor_of
from config.roles import PERMISSIONS, REQUEST_WITHDRAWAL
from ledger.record_models import EventRecord
from ledger.withdrawal_models import Withdrawal
from lending.models import Membership
from tests.builders.books import assert_books_hold
from tests.builders.sellers import pay_outs, register_seller, seller_with_line
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY

pytestmark = pytest.mark.django_db
CHANGING = {"withdrawal", "settlement_account", "es_event", "es_shard", "es_command", "es_outbox"}


@pytest.fixture
def seller(books):
    """A seller with 10.00 on an account and no debt."""
    seller = register_seller(monthly_minor=0, accounts=1)
    seller.receive(1_000).value()
    return seller


def where(seller):
    return reverse("admin:lending_shopaccount_withdraw", args=[seller.accounts[0]])


def hidden(page):
    text = page.content.decode()
    return {
        name: re.search(rf'name="{name}"( value="([^"]*)")?', text)[2] or "" for name in ("key", "looked")
    }


def look(client, seller, amount="7.00"):
    return client.post(where(seller), hidden(client.get(where(seller))) | {"amount": amount})


def press(client, seller, page, amount="7.00"):
    return client.post(where(seller), hidden(page) | {"amount": amount}, follow=True)


def changed_since(before):
    return {name for name, digest in fingerprint(attempts=True).items() if digest != before[name]} & CHANGING


class TestTheForm:
    def test_shows_what_would_be_held_before_anything_is_asked_for(self, staff, seller):
        client = staff(ACCOUNTANT)
        before = fingerprint(attempts=True)
        page = look(client, seller)
        ((heading, table),) = page.context["parts"]
        assert heading == f"The account on {FIRST_DAY}"
        assert table.rows == [
            ["balance", "10.00 CNY", "10.00 CNY"],
            ["held", "0.00 CNY", "7.00 CNY"],
            ["free", "10.00 CNY", "3.00 CNY"],
        ]
        assert "taobao:E-1-shop-0" in page.content.decode()
        assert not changed_since(before)

    @pytest.mark.parametrize("role", [ACCOUNTANT, ADMINISTRATOR])
    def test_asks_the_bank_in_the_name_of_whoever_is_signed_in(self, staff, seller, role):
        client = staff(role)
        answer = press(client, seller, look(client, seller))
        assert "The withdrawal is asked for" in answer.content.decode()
        row = Withdrawal.objects.get()
        assert answer.redirect_chain == [(record_url("ledger.withdrawal", row.reference), 302)]
        assert (row.amount_minor, row.status, row.requested_on) == (700, "requested", FIRST_DAY)
        (event,) = EventRecord.objects.filter(topic="settlement.withdrawal_requested")
        assert event.actor == actor_of(User.objects.get(username=f"some-{role}")).principal
        assert (seller.balance(), seller.available()) == (1_000, 300)
        pay_outs()
        row.refresh_from_db()
        assert (row.status, seller.balance()) == ("paid", 300)
        assert_books_hold()

    def test_that_is_sent_twice_is_one_withdrawal(self, staff, seller):
        client = staff(ACCOUNTANT)
        page = look(client, seller)
        answers = [press(client, seller, page) for _ in range(2)]
        assert answers[0].redirect_chain == answers[1].redirect_chain != []
        assert Withdrawal.objects.count() == 1
        assert_books_hold()

    def test_is_shown_again_when_the_account_has_moved_or_the_day_has_closed(self, staff, seller):
        client = staff(ACCOUNTANT)
        page = look(client, seller)
        seller.receive(500).value()
        moved = press(client, seller, page)
        assert "Something has happened to the account since this was shown;" in moved.content.decode()
        seller.close_through(FIRST_DAY)
        closed = press(client, seller, moved)
        assert "The business day has closed since this was shown;" in closed.content.decode()
        altered = press(client, seller, closed, amount="8.00")
        assert "This is another request than the one that was shown;" in altered.content.decode()
        assert not Withdrawal.objects.exists()
        press(client, seller, altered, amount="8.00")
        assert Withdrawal.objects.get().amount_minor == 800
        assert_books_hold()


class TestARefusal:
    @pytest.mark.parametrize(
        ("amount", "code"),
        [
            ("10.01", "LEDGER_FUNDS_NOT_AVAILABLE"),
            ("0", "LEDGER_SETTLEMENT_AMOUNT_INVALID"),
            ("-1.00", "LEDGER_SETTLEMENT_AMOUNT_INVALID"),
            ("1.001", "LEDGER_MONEY_TOO_PRECISE"),
            ("1e2", "LEDGER_MONEY_MALFORMED"),
            ("99999999999999999", "LEDGER_MONEY_TOO_LARGE"),
        ],
    )
    def test_stands_at_the_amount_and_changes_nothing(self, staff, seller, amount, code):
        client = staff(ACCOUNTANT)
        before = fingerprint(attempts=True)
        page = look(client, seller, amount)
        (error,) = page.context["form"].errors["amount"]
        assert error.endswith(f"({code})")
        assert error.partition(" (")[0] in page.content.decode()
        assert not changed_since(before)

    def test_by_what_is_due_stands_at_the_head_and_is_asked_anew_when_it_is_paid(self, staff, books):
        seller = seller_with_line()
        loan_id = seller.borrow(500_000, product="revolving-daily", term=30)
        seller.close_through(FIRST_DAY.replace(month=2, day=5))
        seller.receive(1_000).value()
        client = staff(ACCOUNTANT)
        before = fingerprint()
        refused = look(client, seller)
        assert "LENDING_MONEY_DUE" in refused.content.decode()
        assert not {name for name, digest in fingerprint().items() if digest != before[name]} & CHANGING
        seller.receive(600_000).value()
        seller.repay(loan_id, kind="payoff").value()
        press(client, seller, look(client, seller))
        assert Withdrawal.objects.get().amount_minor == 700
        assert_books_hold()

    def test_of_a_form_that_was_shown_ends_its_key(self, staff, seller):
        client = staff(ACCOUNTANT)
        page = look(client, seller)
        seller.withdraw(900).value()
        refused = press(client, seller, page)
        assert "LEDGER_FUNDS_NOT_AVAILABLE" in refused.content.decode()
        assert hidden(refused)["looked"] == ""
        assert hidden(refused)["key"] != hidden(page)["key"]
        assert Withdrawal.objects.count() == 1
        assert_books_hold()


class TestWhoMayAsk:
    def test_is_the_staff_that_may_over_the_api(self):
        assert {role for role, held in PERMISSIONS.items() if REQUEST_WITHDRAWAL in held} == (
            WITHDRAWING & STAFF
        )

    @pytest.mark.parametrize("role", [REVIEWER, COLLECTOR, AUDITOR])
    def test_is_nobody_else(self, staff, seller, role):
        client = staff(role)
        before = fingerprint(attempts=True)
        page = client.get(record_url("ledger.settlementaccount", seller.accounts[0])).content.decode()
        assert where(seller) not in page
        assert client.get(where(seller)).status_code == 403
        assert client.post(where(seller), {"amount": "7.00"}).status_code == 403
        assert not changed_since(before)

    def test_is_no_member_of_an_entity_whatever_the_role(self, staff, seller):
        client = staff(ACCOUNTANT)
        form = hidden(client.get(where(seller))) | {"amount": "7.00"}
        Membership.objects.create(
            user=User.objects.get(username="some-accountant"), entity_id=seller.entity_id
        )
        assert client.post(where(seller), form).status_code == 403
        assert not Withdrawal.objects.exists()

    @pytest.mark.parametrize("page", ["ledger.settlementaccount", "lending.shopaccount"])
    def test_is_led_there_from_the_account(self, staff, seller, page):
        shown = staff(ACCOUNTANT).get(record_url(page, seller.accounts[0])).content.decode()
        assert where(seller) in shown

    @pytest.mark.parametrize("key", ["00000000-0000-0000-0000-000000000000", "nonsense"])
    def test_finds_no_account_that_does_not_exist(self, staff, books, key):
        address = reverse("admin:lending_shopaccount_withdraw", args=[key])
        assert staff(ACCOUNTANT).get(address).status_code == 404
