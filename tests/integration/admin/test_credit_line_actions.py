"""Freezing and thawing a credit line in the admin: one command, once, by those who may."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from config.admin.links import record_url
from config.identities import ACCOUNTANT, ADMINISTRATOR, AUDITOR, COLLECTOR, REVIEWER, actor_of
from ledger.record_models import EventRecord
from lending.models import CreditLine, Membership
from tests.builders.books import assert_books_hold
from tests.builders.sellers import seller_with_line
from tests.builders.storage import fingerprint

pytestmark = pytest.mark.django_db
KEY = "3f0c1f9e-4b6f-4f58-9a53-0d0f9d1c9b11"


@pytest.fixture
def line(books):
    return CreditLine.objects.get(pk=seller_with_line().line_id)


def address(line, verb):
    return reverse(f"admin:lending_creditline_{verb}", args=[line.pk])


def events(line, topic):
    return list(EventRecord.objects.filter(originator_id=line.pk, topic=topic))


class TestFreezing:
    @pytest.mark.parametrize("role", [REVIEWER, ADMINISTRATOR])
    def test_stops_the_line_with_the_reason_and_the_name_of_the_person(self, staff, line, role):
        form = {"key": str(uuid4()), "reason": "identity under review"}
        answer = staff(role).post(address(line, "freeze"), form, follow=True)
        assert answer.redirect_chain == [(record_url("lending.creditline", line.pk), 302)]
        assert "The credit line is frozen." in answer.content.decode()
        line.refresh_from_db()
        assert (line.status, line.blocked_reason) == ("frozen", "identity under review")
        (event,) = events(line, "line.frozen")
        assert event.actor == actor_of(User.objects.get(username=f"some-{role}")).principal
        assert_books_hold()

    def test_happens_once_when_the_form_is_sent_twice(self, staff, line):
        form = {"key": str(uuid4()), "reason": "identity under review"}
        client = staff(REVIEWER)
        for _ in range(2):
            answer = client.post(address(line, "freeze"), form, follow=True)
            assert "The credit line is frozen." in answer.content.decode()
        assert len(events(line, "line.frozen")) == 1

    def test_of_a_frozen_line_is_refused_and_changes_nothing(self, staff, line):
        client = staff(REVIEWER)
        client.post(address(line, "freeze"), {"key": str(uuid4()), "reason": "first"})
        before = fingerprint()
        answer = client.post(address(line, "freeze"), {"key": str(uuid4()), "reason": "second"}, follow=True)
        assert "LENDING_LINE_FROZEN" in answer.content.decode()
        assert "Nothing has changed" in answer.content.decode()
        assert changed(before) <= {"django_session"}

    @pytest.mark.parametrize(
        "form",
        [
            {"reason": "a form without its key"},
            {"key": KEY},
            {"key": KEY, "reason": " "},
            {"key": KEY, "reason": "x" * 201},
            {"key": "1' --", "reason": "a key nobody made"},
        ],
    )
    def test_needs_a_reason_and_the_key_of_the_form(self, staff, line, form):
        before = fingerprint()
        answer = staff(REVIEWER).post(address(line, "freeze"), form)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert changed(before) <= SIGNING_IN

    def test_asks_before_it_does_anything(self, staff, line):
        before = fingerprint()
        answer = staff(REVIEWER).get(address(line, "freeze"))
        assert answer.context["form"].initial["key"]
        assert changed(before) <= SIGNING_IN

    @pytest.mark.parametrize("role", [COLLECTOR, ACCOUNTANT, AUDITOR])
    def test_is_refused_to_other_roles_and_changes_nothing(self, staff, line, role):
        client = staff(role)
        before = fingerprint()
        for verb in ("freeze", "thaw"):
            form = {"key": str(uuid4()), "reason": "because"}
            assert client.post(address(line, verb), form).status_code == 403
            assert client.get(address(line, verb)).status_code == 403
        assert changed(before) <= {"django_session"}

    def test_is_refused_to_a_member_of_an_entity_whatever_the_role(self, staff, line):
        client = staff(REVIEWER)
        Membership.objects.create(user=User.objects.get(username="some-reviewer"), entity_id=line.entity_id)
        form = {"key": str(uuid4()), "reason": "my own line"}
        assert client.post(address(line, "freeze"), form).status_code == 403
        assert events(line, "line.frozen") == []

    @pytest.mark.parametrize("key", ["00000000-0000-0000-0000-000000000000", "nonsense"])
    def test_of_a_line_that_does_not_exist_is_not_found(self, staff, books, key):
        answer = staff(REVIEWER).post(
            reverse("admin:lending_creditline_freeze", args=[key]), {"key": str(uuid4()), "reason": "x"}
        )
        assert answer.status_code == 404


class TestThawing:
    def test_makes_the_line_active_again(self, staff, line):
        client = staff(REVIEWER)
        client.post(address(line, "freeze"), {"key": str(uuid4()), "reason": "review"})
        answer = client.post(address(line, "thaw"), {"key": str(uuid4())}, follow=True)
        assert "active again" in answer.content.decode()
        line.refresh_from_db()
        assert (line.status, line.blocked_reason) == ("active", None)

    def test_of_an_active_line_is_refused(self, staff, line):
        answer = staff(REVIEWER).post(address(line, "thaw"), {"key": str(uuid4())}, follow=True)
        assert "LENDING_LINE_NOT_FROZEN" in answer.content.decode()
        assert events(line, "line.thawed") == []


class TestTheButtons:
    def offered(self, client, line):
        page = client.get(record_url("lending.creditline", line.pk)).content.decode()
        return {verb for verb in ("freeze", "thaw") if address(line, verb) in page}

    def test_offer_what_the_status_admits(self, staff, line):
        client = staff(REVIEWER)
        assert self.offered(client, line) == {"freeze"}
        client.post(address(line, "freeze"), {"key": str(uuid4()), "reason": "review"})
        assert self.offered(client, line) == {"thaw"}

    def test_are_not_there_for_those_who_may_only_look(self, staff, line):
        assert self.offered(staff(AUDITOR), line) == set()


SIGNING_IN = {"django_session", "auth_user", "auth_user_groups"}


def changed(before: dict[str, str]) -> set[str]:
    after = fingerprint()
    return {table for table, digest in after.items() if before[table] != digest}
