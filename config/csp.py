"""The Content-Security-Policy header of every answer.

Owns: what a page may load and run. Everything comes from this server; only the admin, whose interface
evaluates expressions in attributes, gets what that needs. Refuses to know: what the pages contain.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

HEADER = "Content-Security-Policy"
_COMMON = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
STRICT = f"default-src 'self'; {_COMMON}"
ADMIN = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    f" img-src 'self' data:; {_COMMON}"
)


class ContentSecurityPolicyMiddleware:
    """Adds the header unless a view has set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._admin_path = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as before, with the policy of the page's address."""
        response = self._get_response(request)
        self._admin_path = self._admin_path or reverse("admin:index")
        policy = ADMIN if request.path_info.startswith(self._admin_path) else STRICT
        response.headers.setdefault(HEADER, policy)
        return response
