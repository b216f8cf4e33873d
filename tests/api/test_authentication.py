"""Who is calling: tokens of users and of machines, and sessions of staff."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client as MachineClient
from allauth.idp.oidc.models import Token
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from config.identities import AUDITOR, BORROWER, REVIEWER, SERVICE, ensure_service, issue_token
from tests.api.callers import Caller, assert_problem, user_of
from tests.builders.storage import fingerprint

CHALLENGE = 'Bearer realm="loanbook", error="invalid_token"'


class TestAToken:
    def test_acts_as_its_user(self, world):
        assert world[AUDITOR].get("trial-balance").status_code == 200

    def test_is_kept_as_a_hash_only(self, world):
        stored = str(list(Token.objects.values()))
        assert world[AUDITOR].token not in stored

    @pytest.mark.parametrize("value", ["", "nonsense", "ключ", "x" * 10_000, "a b"])
    def test_that_nobody_issued_is_refused(self, world, value):
        response = Caller(value or " ").get("loans")
        assert_problem(response, 401, "API_CREDENTIALS_INVALID")
        assert response.headers["WWW-Authenticate"] == CHALLENGE

    def test_that_has_expired_is_refused(self, world):
        Token.objects.filter(user=user_of(AUDITOR)).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert_problem(world[AUDITOR].get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_that_was_deleted_is_refused(self, world):
        Token.objects.filter(user=user_of(AUDITOR)).delete()
        assert_problem(world[AUDITOR].get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_of_a_user_who_left_is_refused(self, world):
        user = user_of(AUDITOR)
        user.is_active = False
        user.save()
        assert_problem(world[AUDITOR].get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_of_another_type_is_refused(self, world):
        Token.objects.filter(user=user_of(AUDITOR)).update(type=Token.Type.REFRESH_TOKEN)
        assert_problem(world[AUDITOR].get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_for_another_resource_is_refused(self, world):
        token = Token.objects.get(user=user_of(AUDITOR))
        token.set_resources(["https://elsewhere.example/"])
        token.save()
        assert_problem(world[AUDITOR].get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_in_the_address_is_not_looked_at(self, world):
        assert_problem(
            Caller().get("loans", access_token=world[AUDITOR].token), 401, "API_CREDENTIALS_MISSING"
        )

    def test_that_is_bad_is_refused_before_the_body_is_read(self, world):
        response = Caller("bad").post("applications", raw=b"{" * 10)
        assert_problem(response, 401, "API_CREDENTIALS_INVALID")


class TestAMachine:
    @pytest.fixture
    def login(self, world):
        return ensure_service(client_id="bank-1", username="bank-1")

    def fetch(self, client_id, secret):
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        return Client().post(
            "/identity/o/api/token",
            {"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {pair}"},
        )

    def test_fetches_a_token_and_acts_as_its_owner(self, world, login):
        answer = self.fetch(login.client_id, login.client_secret).json()
        assert answer["token_type"] == "Bearer"
        body = {"reference": "E-77", "country": "CN", "currency": "CNY"}
        assert Caller(answer["access_token"]).post("entities", body).status_code == 201

    def test_with_a_wrong_secret_gets_no_token(self, world, login):
        before = fingerprint(attempts=True)
        assert self.fetch(login.client_id, "wrong").status_code == 401
        assert fingerprint(attempts=True) == before

    def test_without_an_owner_is_refused(self, world, login):
        token = self.fetch(login.client_id, login.client_secret).json()["access_token"]
        MachineClient.objects.filter(id=login.client_id).update(owner=None)
        assert_problem(Caller(token).get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_whose_owner_left_is_refused(self, world, login):
        token = self.fetch(login.client_id, login.client_secret).json()["access_token"]
        User.objects.filter(username="bank-1").update(is_active=False)
        assert_problem(Caller(token).get("loans"), 401, "API_CREDENTIALS_INVALID")

    def test_that_is_no_machine_does_not_act_as_its_owner(self, world, login):
        token = self.fetch(login.client_id, login.client_secret).json()["access_token"]
        MachineClient.objects.filter(id=login.client_id).update(grant_types="authorization_code")
        assert_problem(Caller(token).get("loans"), 401, "API_CREDENTIALS_INVALID")


class TestASession:
    def freeze(self, client, world, **headers):
        return client.post(
            f"/api/v1/credit-lines/{world.seller.line_id}/freeze",
            {"reason": "check"},
            content_type="application/json",
            headers={"Idempotency-Key": "session-1", **headers},
        )

    def test_of_staff_reads(self, world):
        client = Client()
        client.force_login(user_of(REVIEWER), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/api/v1/loans").status_code == 200

    def test_of_staff_writes_with_the_csrf_token_only(self, world):
        client = Client(enforce_csrf_checks=True)
        client.force_login(user_of(REVIEWER), backend="django.contrib.auth.backends.ModelBackend")
        before = fingerprint(attempts=True)
        assert_problem(self.freeze(client, world), 403, "API_CSRF_FAILED")
        assert fingerprint(attempts=True) == before
        token = "a" * 32
        client.cookies["csrftoken"] = token
        assert self.freeze(client, world, **{"X-CSRFToken": token}).status_code == 200

    def test_of_a_borrower_is_nobodys(self, world):
        client = Client()
        client.force_login(user_of(BORROWER), backend="django.contrib.auth.backends.ModelBackend")
        assert_problem(client.get("/api/v1/loans"), 401, "API_CREDENTIALS_MISSING")


class TestIssuingAToken:
    def test_is_for_so_many_days(self, world):
        token = issue_token(user=user_of(SERVICE), days=2)
        row = Token.objects.by_value(token).get()
        assert timedelta(days=1, hours=23) < row.expires_at - timezone.now() <= timedelta(days=2)
