"""Which roles an endpoint admits.

Owns: the one permission class of the API. Refuses to know: whose rows may be seen (the viewer's scope).
An endpoint states its roles per method; a method without a statement is refused to everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.api.viewer import viewer_of

if TYPE_CHECKING:
    # REST framework loads this module while it is still loading its views.
    from rest_framework.views import APIView


class DeniedByDefault(BasePermission):
    """Admits a signed-in caller whose roles meet ``view.roles[method]``, and nobody else."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether one of the caller's roles is admitted; a method nobody has is left to be a 405."""
        if not request.user or not request.user.is_authenticated:
            return False
        if request.method not in view.allowed_methods:
            return True
        method = "GET" if request.method == "HEAD" else request.method
        admitted: frozenset[str] = getattr(view, "roles", {}).get(method, frozenset())
        return bool(admitted & viewer_of(request).roles)
