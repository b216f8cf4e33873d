"""Logins made on the command line: one role each, secrets shown once."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from config.identities import (
    ADMINISTRATOR,
    AUDITOR,
    BORROWER,
    REVIEWER,
    ROLES,
    SERVICE,
    actor_of,
    ensure_demo_identities,
    ensure_login,
    standing_of,
)
from lending.models import Membership
from tests.builders.sellers import register_seller


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def printed(text):
    return dict(line.split(": ", 1) for line in text.strip().splitlines())


class TestCreateLogin:
    def test_gives_staff_one_role_a_password_and_a_token(self, db):
        shown = printed(run("create_login", "ann", "--role", "auditor"))
        user = User.objects.get(username="ann")
        assert user.is_staff
        assert user.check_password(shown["password"])
        assert actor_of(user).roles == {AUDITOR}
        assert Token.objects.by_value(shown["token"]).get().user == user

    def test_gives_a_service_a_client_that_is_no_staff(self, db):
        shown = printed(run("create_login", "bank-1", "--role", "service"))
        client = Client.objects.get(id=shown["client id"])
        assert client.check_secret(shown["client secret"])
        assert client.get_grant_types() == ["client_credentials"]
        assert not client.owner.is_staff
        assert actor_of(client.owner).roles == {SERVICE}

    def test_ties_a_borrower_to_an_entity(self, books):
        seller = register_seller(reference="E-1", accounts=1)
        run("create_login", "bob", "--role", "borrower", "--entity", "E-1")
        standing = standing_of(User.objects.get(username="bob"))
        assert (standing.entity_id, standing.actor.roles) == (seller.entity_id, {BORROWER})

    @pytest.mark.parametrize(
        "args",
        [
            ("bob", "--role", "borrower"),
            ("bob", "--role", "auditor", "--entity", "E-1"),
            ("bob", "--role", "borrower", "--entity", "nobody"),
        ],
    )
    def test_refuses_a_login_that_would_mean_nothing(self, db, args):
        with pytest.raises(CommandError):
            run("create_login", *args)
        assert not User.objects.filter(username="bob").exists()

    def test_ends_the_tokens_of_an_earlier_secret(self, db):
        run("create_login", "bank-1", "--role", "service")
        client = Client.objects.get(id="bank-1")
        Token.objects.create(type=Token.Type.ACCESS_TOKEN, hash="fetched before", client=client)
        run("create_login", "bank-1", "--role", "service")
        assert not Token.objects.filter(hash="fetched before").exists()

    def test_takes_the_earlier_role_and_token_away(self, db):
        first = printed(run("create_login", "ann", "--role", "administrator"))
        run("create_login", "ann", "--role", "reviewer")
        assert actor_of(User.objects.get(username="ann")).roles == {REVIEWER}
        assert not Token.objects.by_value(first["token"]).exists()


class TestIssueToken:
    def test_prints_the_token_alone(self, db):
        ensure_login(username="ann", role=AUDITOR)
        token = run("issue_token", "--user", "ann", "--days", "3").strip()
        assert Token.objects.by_value(token).get().user.username == "ann"

    @pytest.mark.parametrize(("user", "days"), [("nobody", 3), ("ann", 0), ("ann", 367), ("left", 3)])
    def test_refuses_what_makes_no_sense(self, db, user, days):
        ensure_login(username="ann", role=AUDITOR)
        ensure_login(username="left", role=AUDITOR)
        User.objects.filter(username="left").update(is_active=False)
        before = Token.objects.count()
        with pytest.raises(CommandError):
            run("issue_token", "--user", user, "--days", str(days))
        assert Token.objects.count() == before


class TestDemoIdentities:
    def test_have_every_role_and_can_be_renewed(self, books):
        entities = [register_seller(reference=name, accounts=1).entity_id for name in ("E-1", "E-2")]
        for _ in range(2):
            logins = ensure_demo_identities(entity_ids=entities)
            assert {login.role for login in logins} == ROLES
            assert [login.entity_id for login in logins if login.role == BORROWER] == entities
        assert Membership.objects.count() == 2
        assert User.objects.count() == len(logins)

    def test_do_not_print_their_secrets_by_accident(self, db):
        login = ensure_login(username="ann", role=ADMINISTRATOR)
        assert login.password not in repr(login)
        assert login.token not in repr(login)
