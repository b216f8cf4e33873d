"""Nothing is proposed that was not shown first as it would be: what moves in between has the form shown again."""

from __future__ import annotations

import pytest

from config.identities import COLLECTOR
from ledger.policies import second_person
from ledger.proposal_models import Proposal
from tests.builders.books import assert_books_hold
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY
from tests.integration.admin.proposing import (
    CHANGING,
    changed_since,
    fill_in,
    hidden,
    lend_with_charge,
    send_again,
    where,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lent(books):
    """A seller with a loan that has a charge of 20.00."""
    return lend_with_charge()


def pay(lent, amount_minor):
    """Have the borrower repay early while somebody looks at a form."""
    lent[0].receive(amount_minor)
    lent[0].repay(lent[1], amount_minor, kind="prepayment").value()


class TestWhatMovedSinceItWasShown:
    def test_has_the_form_shown_again_when_the_business_day_has_closed(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2])
        assert f"The loan on {FIRST_DAY}" in page.content.decode()
        lent[0].close_through(FIRST_DAY)
        before = fingerprint(attempts=True)
        again = send_again(client, lent, "charge_waived", page, of=lent[2])
        assert "The business day has closed since this was shown;" in again.content.decode()
        assert f"The loan on {FIRST_DAY.replace(day=3)}" in again.content.decode()
        assert not changed_since(before) & CHANGING
        send_again(client, lent, "charge_waived", again, of=lent[2])
        assert Proposal.objects.get().value_date == FIRST_DAY.replace(day=3)
        assert_books_hold()

    def test_has_the_form_shown_again_when_a_payment_has_arrived(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2])
        pay(lent, 100_000)
        before = fingerprint(attempts=True)
        again = send_again(client, lent, "charge_waived", page, of=lent[2])
        assert "Something has happened to the loan since this was shown;" in again.content.decode()
        assert again.context["parts"]
        assert not changed_since(before) & CHANGING
        send_again(client, lent, "charge_waived", again, of=lent[2])
        assert Proposal.objects.get().status == "pending"
        assert_books_hold()

    def test_is_not_said_of_what_was_altered_nor_at_first(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2], amount="1.00")
        assert "since this was shown" not in page.content.decode()
        altered = send_again(client, lent, "charge_waived", page, of=lent[2], amount="9.00")
        assert "This is another request than the one that was shown;" in altered.content.decode()

    def test_is_asked_again_after_a_form_that_was_not_filled_in(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2])
        faulty = send_again(client, lent, "charge_waived", page, of=lent[2], reason="")
        shown = send_again(client, lent, "charge_waived", faulty, of=lent[2])
        assert shown.context["parts"]
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize("looked", ["x", "::", "x" * 120, "a:2024-01-02:1", "a:yesterday:one"])
    def test_is_told_from_a_mark_that_nobody_made(self, staff, lent, looked):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2])
        form = hidden(page) | {"looked": looked, "reason": "hardship", "of": lent[2]}
        assert client.post(where(lent, "charge_waived"), form).status_code == 200
        assert not Proposal.objects.exists()

    def test_makes_no_second_proposal_of_a_form_that_is_sent_again_on_the_next_day(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2])
        send_again(client, lent, "charge_waived", page, of=lent[2])
        lent[0].close_through(FIRST_DAY)
        again = send_again(client, lent, "charge_waived", page, of=lent[2])
        answer = send_again(client, lent, "charge_waived", again, of=lent[2])
        assert answer.redirect_chain
        assert Proposal.objects.count() == 1
        assert_books_hold()


class TestAfterARefusal:
    def test_the_same_form_proposes_once_the_fact_would_pass(self, staff, lent, monkeypatch):
        seller = lent[0]
        seller.close_through(FIRST_DAY.replace(month=2, day=10))
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charged_off")
        refused = send_again(client, lent, "charged_off", page)
        assert "LEDGER_SECOND_PERSON_NOT_NEEDED" in refused.content.decode()
        assert hidden(refused)["key"] != hidden(page)["key"]
        assert hidden(refused)["looked"] == ""
        monkeypatch.setattr(second_person, "CHARGE_OFF_ALONE", ())
        shown = send_again(client, lent, "charged_off", refused)
        assert shown.context["parts"]
        send_again(client, lent, "charged_off", shown)
        assert Proposal.objects.get().kind == "charged_off"
        assert_books_hold()
