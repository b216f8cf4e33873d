"""The published description of the API: the schema and a page to read it on.

Owns: that both are open to everybody; they describe addresses and hold nothing of a borrower.
Refuses to know: what is described. The page's scripts and styles come from this server, never from
another; its interface sets styles inside its elements and draws its icons from data, and that is all
the page may do beyond the policy of the rest of the product.
"""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.csp import HEADER, STRICT

PAGE_POLICY: Final = f"{STRICT}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


class ApiSchema(SpectacularAPIView):
    """The OpenAPI document."""

    authentication_classes = []
    permission_classes = [AllowAny]


class ApiDocumentation(SpectacularSwaggerSplitView):
    """The document as a page."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer the page, or the script that starts it, under the page's policy."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response[HEADER] = PAGE_POLICY
        return response
