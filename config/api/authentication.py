"""Who is calling: a bearer token, or a staff member's session.

Owns: reading the Authorization header and finding the user behind a token.
Refuses to know: what the user may do. Tokens are those of allauth's identity provider, kept as hashes.
Unlike allauth's own class this one answers a bad token with 401, reads the token from the header only,
and never touches the body, so that nobody's body is parsed before the caller is known.
"""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.internal.resources import is_resources_subset
from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.models import User
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from config.api.refusals import CsrfFailed

TOKEN_LENGTH_MAX = 4096


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer TOKEN``; a machine client's token acts as the owner of the client."""

    www_authenticate_realm = "loanbook"

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the user and the token, None without a bearer header; raises AuthenticationFailed."""
        scheme, _, value = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = _lookup(value.strip())
        user = _user_of(token) if token else None
        if token is None or user is None or not user.is_active:
            raise AuthenticationFailed
        if not is_resources_subset([request.build_absolute_uri(request.path)], token.get_resources()):
            raise AuthenticationFailed
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that goes with a 401."""
        del request
        return f'Bearer realm="{self.www_authenticate_realm}"'


class StaffSessionAuthentication(SessionAuthentication):
    """A session of the admin, for staff only; writes need the CSRF token as in the admin itself."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the staff member, or None for everybody else."""
        user = getattr(request._request, "user", None)  # noqa: SLF001
        if user is None or not user.is_active or not user.is_staff:
            return None
        try:
            self.enforce_csrf(request)
        except PermissionDenied as error:
            raise CsrfFailed("The CSRF token is missing or wrong.") from error
        return user, None


def _lookup(value: str) -> Any:
    if not value.isascii() or not 0 < len(value) <= TOKEN_LENGTH_MAX:
        return None
    known = Token.objects.select_related("user", "client__owner")
    return known.lookup(Token.Type.ACCESS_TOKEN, value)


def _user_of(token: Any) -> User | None:
    """Return the token's user; only client credentials, which have no user, act as the client's owner."""
    if token.user is not None or token.client is None:
        user: User | None = token.user
        return user
    if Client.GrantType.CLIENT_CREDENTIALS not in token.client.get_grant_types():
        return None
    owner: User | None = token.client.owner
    return owner
