"""Proposing a fact from a loan's page: the kind, the form, what it would change, and the proposal."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from config.identities import ACCOUNTANT, AUDITOR, COLLECTOR, REVIEWER, actor_of
from ledger.admin.proposal_forms import WISHES
from ledger.domain.loan_fact_fields import FIELDS
from ledger.domain.loan_record import FactKind
from ledger.policies.second_person import ALWAYS
from ledger.proposal_models import Proposal
from tests.builders.books import assert_books_hold
from tests.builders.sellers import seller_with_line
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY
from tests.integration.admin.proposing import (
    CHANGING,
    changed_since,
    fill_in,
    lend_with_charge,
    send_again,
    where,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lent(books):
    """A seller with a loan that has a charge of 20.00."""
    return lend_with_charge()


@pytest.fixture
def revolving(books):
    seller = seller_with_line()
    return seller, seller.borrow(600_000, product="revolving-daily", term=30), ""


class TestTheKindsOnOffer:
    def test_are_those_that_need_two_people_and_have_the_fields_of_their_kind(self):
        offered = {wish.kind for wish in WISHES.values()}
        judged = {
            FactKind.PAYMENT_RECEIVED,
            FactKind.PLAN_CHANGED,
            FactKind.CHARGED_OFF,
            FactKind.CHANGE_UNDONE,
            FactKind.PAYMENT_REVERSED,
            FactKind.CHARGEBACK,
        }
        assert offered == ALWAYS | judged
        for wish in WISHES.values():
            needs, may_have = FIELDS[wish.kind]
            given = {"plan" if name in ("annual_rate", "term") else name for name in wish.fields}
            assert set(needs) <= given | set(wish.said)
            assert given | set(wish.said) <= {*needs, *may_have}

    def test_lead_from_the_loans_page_to_their_forms(self, staff, lent):
        client = staff(COLLECTOR)
        loan = client.get(reverse("admin:ledger_loan_change", args=[lent[1]])).content.decode()
        assert where(lent) in loan
        offered = client.get(where(lent)).content.decode()
        for kind in WISHES:
            assert where(lent, kind) in offered
            assert client.get(where(lent, kind)).status_code == 200


class TestAForm:
    def test_shows_what_would_change_before_anything_is_proposed(self, staff, lent):
        client = staff(COLLECTOR)
        before = fingerprint(attempts=True)
        shown = fill_in(client, lent, "charge_waived", of=lent[2], amount="12.50").content.decode()
        assert "Rows that would differ" in shown
        assert "12.50 CNY" in shown
        assert "waiver expense" in shown
        assert not changed_since(before) & CHANGING

    def test_proposes_what_was_shown_in_the_name_of_whoever_is_signed_in(self, staff, lent):
        client = staff(COLLECTOR)
        said = {"of": lent[2], "amount": "12.50", "value_date": FIRST_DAY.isoformat()}
        page = fill_in(client, lent, "charge_waived", **said)
        answer = send_again(client, lent, "charge_waived", page, **said)
        assert "waits for another person" in answer.content.decode()
        row = Proposal.objects.get()
        assert answer.redirect_chain[-1][0] == reverse("admin:ledger_proposal_change", args=[row.pk])
        person = actor_of(User.objects.get(username=f"some-{COLLECTOR}")).principal
        assert (row.kind, row.amount_minor, row.value_date, row.reason, row.proposed_by, row.status) == (
            "charge_waived", 1_250, FIRST_DAY, "hardship", person, "pending",
        )  # fmt: skip
        assert row.fact["details"]["of"] == lent[2]
        assert_books_hold()

    def test_that_is_sent_twice_is_one_proposal(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2])
        for _ in range(2):
            send_again(client, lent, "charge_waived", page, of=lent[2])
        assert Proposal.objects.count() == 1
        assert_books_hold()

    def test_that_was_altered_after_it_was_shown_is_shown_again(self, staff, lent):
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charge_waived", of=lent[2], amount="1.00")
        altered = send_again(client, lent, "charge_waived", page, of=lent[2], amount="9.00")
        assert "9.00 CNY" in altered.content.decode()
        assert not Proposal.objects.exists()
        send_again(client, lent, "charge_waived", altered, of=lent[2], amount="9.00")
        assert Proposal.objects.get().amount_minor == 900
        assert_books_hold()

    @pytest.mark.parametrize(
        ("kind", "said", "field", "code"),
        [
            ("charge_waived", {"amount": "20.01"}, "amount", "LEDGER_WAIVER_ABOVE_OWED"),
            ("charge_waived", {"amount": "1.001"}, "amount", "LEDGER_MONEY_TOO_PRECISE"),
            ("refunded", {"amount": "5.00"}, "amount", "LEDGER_REFUND_ABOVE_OVERPAYMENT"),
            ("payment_received", {"amount": "1.00", "value_date": "2023-12-01"}, "value_date",
             "LEDGER_VALUE_DATE_BEFORE_PAYOUT"),
            ("refunded", {}, "amount", "LEDGER_FACT_FIELD_MISSING"),
            ("plan_changed", {"change": "restructure", "annual_rate": "0.1", "term": "0"}, "term",
             "LEDGER_CALCULATOR_OUT_OF_BOUNDS"),
        ],
    )  # fmt: skip
    def test_names_the_field_and_the_rule_of_a_refusal(self, staff, lent, kind, said, field, code):
        client = staff(COLLECTOR)
        before = fingerprint()
        page = fill_in(client, lent, kind, of=lent[2], **said)
        (error,) = page.context["form"].errors[field]
        assert error.endswith(f"({code})")
        assert error.partition(" (")[0] in page.content.decode().replace("&#x27;", "'")
        assert fingerprint() == before

    def test_says_a_refusal_that_means_no_field_at_its_head(self, staff, lent):
        page = fill_in(staff(COLLECTOR), lent, "written_off")
        assert "LEDGER_LOAN_NOT_OVERDUE" in page.content.decode()
        assert not Proposal.objects.exists()

    def test_is_no_proposal_where_one_person_may_decide(self, staff, lent):
        seller = lent[0]
        seller.close_through(FIRST_DAY.replace(month=2, day=10))
        client = staff(COLLECTOR)
        page = fill_in(client, lent, "charged_off")
        answer = send_again(client, lent, "charged_off", page)
        assert "LEDGER_SECOND_PERSON_NOT_NEEDED" in answer.content.decode()
        assert not Proposal.objects.exists()
        assert_books_hold()

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("penalty_waived", {}),
            ("interest_waived", {}),
            ("settled_at_discount", {}),
            ("written_off", {}),
            ("plan_changed", {"change": "restructure", "annual_rate": "0.1", "term": "6", "takes_overdue": "on"}),
            ("payment_received", {"amount": "3.00"}),
        ],
    )  # fmt: skip
    def test_of_every_other_kind_proposes_as_well(self, staff, lent, kind, said):
        lent[0].close_through(FIRST_DAY.replace(month=2, day=20))
        client = staff(REVIEWER)
        page = fill_in(client, lent, kind, **said)
        assert page.context["form"].errors == {}
        send_again(client, lent, kind, page, **said)
        assert Proposal.objects.get().kind == kind
        assert_books_hold()

    def test_undoes_a_charge(self, staff, lent):
        page = fill_in(staff(REVIEWER), lent, "change_undone", of=lent[2])
        send_again(staff(REVIEWER), lent, "change_undone", page, of=lent[2])
        assert Proposal.objects.get().fact["details"] == {"of": lent[2]}
        assert_books_hold()

    @pytest.mark.parametrize(
        ("end", "kind", "said"),
        [
            ({"kind": FactKind.WRITTEN_OFF}, "payment_reversed", {}),
            ({"kind": FactKind.SOLD, "price_minor": 1, "buyer": "B-1"}, "chargeback", {"amount": "9.00"}),
        ],
        ids=["written off", "sold"],
    )
    def test_gives_money_of_a_lost_loan_back(self, staff, lent, end, kind, said):
        seller, loan_id, _ = lent
        seller.receive(10_000).value()
        paid = seller.repay(loan_id, 10_000, kind="prepayment").value()["payment_id"]
        seller.close_through(FIRST_DAY.replace(month=2, day=20))
        seller.tell(loan_id, **end)
        client = staff(REVIEWER)
        page = fill_in(client, lent, kind, of=paid, **said)
        send_again(client, lent, kind, page, of=paid, **said)
        assert Proposal.objects.get(status="pending").kind == kind
        assert_books_hold()

    def test_of_a_draw_asks_for_a_day_instead_of_a_plan(self, staff, revolving):
        client = staff(REVIEWER)
        said = {"change": "deferral", "due_on": "2024-03-15"}
        page = fill_in(client, revolving, "plan_changed", **said)
        assert {"due_on", "change"} < set(page.context["form"].fields)
        assert page.context["form"].errors == {}
        send_again(client, revolving, "plan_changed", page, **said)
        assert Proposal.objects.get().fact["details"]["due_on"] == "2024-03-15"
        assert_books_hold()


class TestWhoMayPropose:
    def test_is_not_somebody_who_only_reads(self, staff, lent):
        client = staff(AUDITOR)
        loan = client.get(reverse("admin:ledger_loan_change", args=[lent[1]])).content.decode()
        assert where(lent) not in loan
        assert client.get(where(lent)).status_code == 403
        assert client.post(where(lent, "penalty_waived"), {"reason": "x"}).status_code == 403
        assert not Proposal.objects.exists()

    def test_has_another_person_approve_it(self, staff, lent):
        maker, checker = staff(COLLECTOR), staff(ACCOUNTANT)
        page = fill_in(maker, lent, "charge_waived", of=lent[2])
        send_again(maker, lent, "charge_waived", page, of=lent[2])
        row = Proposal.objects.get()
        address = reverse("admin:ledger_proposal_approve", args=[row.pk])
        form = checker.get(address).content.decode()
        checker.post(address, dict(re.findall(r'name="(key|seen)" value="([^"]+)"', form)))
        row.refresh_from_db()
        assert row.status == "approved"
        assert_books_hold()
