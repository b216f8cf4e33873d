"""What administrators may change of people, machines and schedules, and what stays out of their reach."""

from __future__ import annotations

import pytest
from allauth.idp.oidc.models import Client as MachineClient
from allauth.idp.oidc.models import Token
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.admin.links import list_url, record_url
from config.identities import AUDITOR, issue_token
from config.roles import set_role_permissions
from config.schedules import AT_MINUTES, EVERY_SECONDS, ensure_schedules
from lending.models import Membership
from tests.builders.sellers import register_seller


class TestUsers:
    def test_are_given_a_role_by_an_administrator(self, administrator):
        user = User.objects.create(username="newcomer", is_staff=True)
        group = Group.objects.get(name=AUDITOR)
        form = {"username": "newcomer", "is_active": "on", "is_staff": "on", "groups": [group.pk]}
        assert administrator.post(record_url("auth.user", user.pk), form).status_code == 302
        assert [held.name for held in user.groups.all()] == [AUDITOR]

    def test_are_not_made_superusers_by_an_administrator(self, administrator):
        user = User.objects.create(username="newcomer")
        form = {"username": "newcomer", "is_active": "on", "is_superuser": "on"}
        administrator.post(record_url("auth.user", user.pk), form)
        user.refresh_from_db()
        assert not user.is_superuser

    def test_who_are_superusers_keep_their_password(self, administrator, admin_user):
        form = {"password1": "another-long-word", "password2": "another-long-word"}
        before = admin_user.password
        answer = administrator.post(reverse("admin:auth_user_password_change", args=[admin_user.pk]), form)
        admin_user.refresh_from_db()
        assert (answer.status_code, admin_user.password) == (403, before)

    def test_are_only_looked_at_by_an_auditor(self, staff):
        user = User.objects.create(username="newcomer")
        assert staff(AUDITOR).post(record_url("auth.user", user.pk), {"username": "other"}).status_code == 403
        user.refresh_from_db()
        assert user.username == "newcomer"


class TestRoles:
    def test_cannot_be_changed_by_hand(self, administrator):
        group = Group.objects.get(name=AUDITOR)
        assert administrator.post(record_url("auth.group", group.pk), {"name": "x"}).status_code == 403

    def test_lose_what_was_added_elsewhere_at_the_next_migration(self, roles):
        from django.contrib.auth.models import Permission

        group = Group.objects.get(name=AUDITOR)
        before = set(group.permissions.all())
        group.permissions.add(Permission.objects.get(codename="delete_loan"))
        set_role_permissions(using="default")
        assert set(group.permissions.all()) == before


class TestSchedules:
    @pytest.fixture(autouse=True)
    def schedules(self, db):
        ensure_schedules(using="default")

    def test_start_with_every_task_that_has_to_run(self):
        names = set(PeriodicTask.objects.filter(enabled=True).values_list("name", flat=True))
        assert names == {*EVERY_SECONDS, *AT_MINUTES}

    def test_name_tasks_that_exist(self):
        from config.celery import app

        app.loader.import_default_modules()
        assert set(PeriodicTask.objects.values_list("task", flat=True)) <= set(app.tasks)

    def test_are_paused_and_retimed_by_an_administrator_and_stay_so(self, administrator):
        task = PeriodicTask.objects.get(task="ledger.follow")
        slow = IntervalSchedule.objects.create(every=1, period="hours")
        form = {
            "name": task.name,
            "regtask": "",
            "task": task.task,
            "interval": slow.pk,
            "args": "[]",
            "kwargs": "{}",
        }
        assert (
            administrator.post(record_url("django_celery_beat.periodictask", task.pk), form).status_code
            == 302
        )
        ensure_schedules(using="default")
        task.refresh_from_db()
        assert (task.enabled, task.interval) == (False, slow)

    def test_are_paused_together(self, administrator):
        keys = list(PeriodicTask.objects.values_list("pk", flat=True))
        form = {"action": "pause", "_selected_action": keys}
        assert administrator.post(list_url("django_celery_beat.periodictask"), form).status_code == 302
        assert not PeriodicTask.objects.filter(enabled=True).exists()

    def test_are_only_looked_at_by_an_auditor(self, staff):
        client = staff(AUDITOR)
        task = PeriodicTask.objects.get(task="ledger.follow")
        assert client.post(record_url("django_celery_beat.periodictask", task.pk), {}).status_code == 403
        client.post(
            list_url("django_celery_beat.periodictask"), {"action": "pause", "_selected_action": [task.pk]}
        )
        task.refresh_from_db()
        assert task.enabled


class TestMachines:
    def test_are_added_with_a_secret_that_is_shown_once(self, administrator):
        form = {"id": "bank", "name": "Bank", "type": "confidential", "grant_types": "client_credentials",
                "response_types": "code", "scopes": "loanbook", "default_scopes": "loanbook"}  # fmt: skip
        answer = administrator.post(reverse("admin:allauth_idp_oidc_client_add"), form, follow=True)
        assert MachineClient.objects.filter(id="bank").exists()
        assert "only shown once" in answer.content.decode()

    def test_lose_a_token_that_is_withdrawn(self, administrator):
        user = User.objects.create(username="machine")
        issue_token(user=user, days=1)
        token = Token.objects.get(user=user)
        answer = administrator.post(
            reverse("admin:allauth_idp_oidc_token_delete", args=[token.pk]), {"post": "yes"}
        )
        assert answer.status_code == 302
        assert not Token.objects.filter(user=user).exists()

    def test_never_have_a_token_shown(self, administrator):
        user = User.objects.create(username="machine")
        issue_token(user=user, days=1)
        token = Token.objects.get(user=user)
        page = administrator.get(record_url("allauth_idp_oidc.token", token.pk)).content.decode()
        assert token.hash not in page


class TestLocks:
    def test_are_lifted_by_an_administrator_and_not_by_an_auditor(self, administrator, staff):
        attempt = AccessAttempt.objects.create(
            username="x", failures_since_start=5, attempt_time=timezone.now()
        )
        address = reverse("admin:axes_accessattempt_delete", args=[attempt.pk])
        assert staff(AUDITOR).post(address, {"post": "yes"}).status_code == 403
        assert AccessAttempt.objects.exists()
        assert administrator.post(address, {"post": "yes"}).status_code == 302
        assert not AccessAttempt.objects.exists()


class TestMemberships:
    def test_tie_a_user_to_a_registered_entity(self, administrator, books):
        seller = register_seller(monthly_minor=0)
        user = User.objects.create(username="borrower")
        form = {"user": user.pk, "entity_id": str(seller.entity_id)}
        assert administrator.post(reverse("admin:lending_membership_add"), form).status_code == 302
        assert Membership.objects.get(user=user).entity_id == seller.entity_id

    def test_name_no_entity_that_nobody_registered(self, administrator, books):
        user = User.objects.create(username="borrower")
        form = {"user": user.pk, "entity_id": "00000000-0000-0000-0000-000000000000"}
        answer = administrator.post(reverse("admin:lending_membership_add"), form)
        assert "There is no legal entity" in answer.content.decode()
        assert not Membership.objects.exists()
