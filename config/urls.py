"""Every address of the product.

Owns: where each part is mounted, and what is answered where nothing is.
Refuses to know: what stands behind an address.
"""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.api.health import livez, readyz
from config.api.published import ApiDocumentation, ApiSchema

API_ROOT = "api/v1/"

# Whoever opens the bare address is led to the page that explains the rest.
to_the_documentation = RedirectView.as_view(url=f"/{API_ROOT}docs/")

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lending.api.urls")),
    path("", include("ledger.api.urls")),
    path("", include("collection.api.urls")),
    path("schema", ApiSchema.as_view(), name="schema"),
    path("docs/", ApiDocumentation.as_view(url_name="schema"), name="docs"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", to_the_documentation),
    path(API_ROOT, to_the_documentation),
    path("admin/", admin.site.urls),
    path("livez", livez),
    path("readyz", readyz),
    path(API_ROOT, include(api_urlpatterns)),
    # Tokens: /identity/o/api/token takes client credentials, /.well-known/openid-configuration describes it.
    path("", include("allauth.idp.urls")),
]

handler400 = "config.api.outside.bad_request"
handler403 = "config.api.outside.permission_denied"
handler404 = "config.api.outside.page_not_found"
handler500 = "config.api.outside.server_error"
