"""Who may sign in and as what: roles, the actor behind a user, tokens and machine clients.

Owns: the names of the roles, how a user is given one, and the tokens that stand for a user.
Refuses to know: what a role may do; each endpoint names the roles it admits, the admin its permissions.
A member of an entity is a borrower and nothing else, whatever groups the user is in: nobody judges
an own case.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from ledger.eventstore.commands import Actor
from lending.models import Membership

BORROWER: Final = "borrower"
SERVICE: Final = "service"
REVIEWER: Final = "reviewer"
COLLECTOR: Final = "collector"
ACCOUNTANT: Final = "accountant"
AUDITOR: Final = "auditor"
ADMINISTRATOR: Final = "administrator"

STAFF: Final = frozenset({REVIEWER, COLLECTOR, ACCOUNTANT, AUDITOR, ADMINISTRATOR})
ROLES: Final = STAFF | {BORROWER, SERVICE}
DEMO_CLIENT_ID: Final = "demo-service"


@dataclass(frozen=True)
class Login:
    """A sign-in that was just made or renewed; the secrets are shown this once."""

    username: str
    role: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    entity_id: UUID | None = None


@dataclass(frozen=True)
class Standing:
    """A user's roles as an actor, and the entity a borrower acts for."""

    actor: Actor
    entity_id: UUID | None


def standing_of(user: User) -> Standing:
    """Return what a signed-in user is; a member of an entity is a borrower only."""
    membership = Membership.objects.filter(user_id=user.pk).first()
    if membership is not None:
        return Standing(_actor(user, {BORROWER}), membership.entity_id)
    groups = set(user.groups.values_list("name", flat=True)) & (STAFF | {SERVICE})
    return Standing(_actor(user, groups | {ADMINISTRATOR} if user.is_superuser else groups), None)


def actor_of(user: User) -> Actor:
    """Return who a user is to the books."""
    return standing_of(user).actor


def _actor(user: User, roles: set[str]) -> Actor:
    # The number stays for ever; a name may change, and personal data stay out of the events.
    return Actor(principal=f"user:{user.pk}", roles=frozenset(roles))


def issue_token(*, user: User, days: int) -> str:
    """Return a new bearer token for a user; only its hash is kept."""
    value = secrets.token_urlsafe(48)
    Token.objects.create(
        type=Token.Type.ACCESS_TOKEN,
        hash=get_adapter().hash_token(value),
        user=user,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return value


@transaction.atomic
def ensure_login(*, username: str, role: str, entity_id: UUID | None = None, token_days: int = 30) -> Login:
    """Make a user with one role, or renew the password and token of the one there is."""
    user, _ = User.objects.get_or_create(username=username)
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.is_active, user.is_staff = True, role in STAFF
    user.save()
    _give_role(user, role=role, entity_id=entity_id)
    Token.objects.filter(user=user).delete()
    token = issue_token(user=user, days=token_days)
    return Login(username, role, password, token, entity_id=entity_id)


@transaction.atomic
def ensure_service(*, client_id: str, username: str) -> Login:
    """Make a machine client that fetches its tokens with an id and a secret, or renew its secret.

    With the secret every token that was fetched with the old one ends.
    """
    login = ensure_login(username=username, role=SERVICE)
    secret = secrets.token_urlsafe(32)
    client = Client.objects.filter(id=client_id).first() or Client(id=client_id, name=username)
    client.owner = User.objects.get(username=username)
    client.type = Client.Type.CONFIDENTIAL
    client.scopes = client.default_scopes = "loanbook"
    client.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
    client.set_response_types([])
    client.set_secret(secret)
    client.save()
    Token.objects.filter(client=client).delete()
    return Login(username, SERVICE, login.password, login.token, client_id, secret)


def ensure_demo_identities(*, entity_ids: Iterable[UUID] = ()) -> list[Login]:
    """Make one login per staff role, one machine client, and one borrower per entity."""
    logins = [ensure_login(username=f"demo-{role}", role=role) for role in sorted(STAFF)]
    logins.append(ensure_service(client_id=DEMO_CLIENT_ID, username=DEMO_CLIENT_ID))
    for number, entity_id in enumerate(entity_ids, start=1):
        logins.append(ensure_login(username=f"demo-borrower-{number}", role=BORROWER, entity_id=entity_id))
    return logins


def _give_role(user: User, *, role: str, entity_id: UUID | None) -> None:
    """Take away every other role, so that a login never has more than was asked for."""
    Membership.objects.filter(user=user).delete()
    if role == BORROWER:
        if entity_id is None:
            raise ValueError("a borrower acts for an entity")
        user.groups.clear()
        Membership.objects.create(user=user, entity_id=entity_id)
        return
    if role not in ROLES:
        raise ValueError(f"{role} is not one of {', '.join(sorted(ROLES))}")
    group, _ = Group.objects.get_or_create(name=role)
    user.groups.set([group])
