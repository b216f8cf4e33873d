"""The caller as the endpoints see it: an actor for commands, a scope for queries.

Owns: turning a signed-in user into both, once per request. Refuses to know: endpoints and rows.
This is the only place where a borrower's scope is decided.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from rest_framework.request import Request

from config.identities import STAFF, standing_of
from ledger.eventstore.commands import Actor
from ledger.queries import EVERYTHING, Scope


@dataclass(frozen=True)
class Viewer:
    """Who asks, and whose rows the answer may hold."""

    actor: Actor
    scope: Scope

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles of the caller."""
        return self.actor.roles

    @property
    def is_staff(self) -> bool:
        """Say whether internal figures may be shown."""
        return bool(self.roles & STAFF)


def viewer_of(request: Request) -> Viewer:
    """Return the caller of an authenticated request."""
    known = getattr(request, "_viewer", None)
    if known is None:
        assert isinstance(request.user, User)
        standing = standing_of(request.user)
        scope = EVERYTHING if standing.entity_id is None else Scope(standing.entity_id)
        known = Viewer(standing.actor, scope)
        request._viewer = known  # type: ignore[attr-defined]  # noqa: SLF001
    assert isinstance(known, Viewer)
    return known
