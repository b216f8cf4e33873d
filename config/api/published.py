"""The published description of the API: the schema and a page to read it on.

Owns: that both are open to everybody; they describe addresses and hold nothing of a borrower.
Refuses to know: what is described. The page's scripts come from this server, never from another.
"""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny


class ApiSchema(SpectacularAPIView):
    """The OpenAPI document."""

    authentication_classes = []
    permission_classes = [AllowAny]


class ApiDocumentation(SpectacularSwaggerView):
    """The document as a page."""

    authentication_classes = []
    permission_classes = [AllowAny]
