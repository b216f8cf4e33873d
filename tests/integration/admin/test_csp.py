"""The Content-Security-Policy header: strict everywhere, and looser only where the admin needs it."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from config.csp import ADMIN, HEADER, STRICT, ContentSecurityPolicyMiddleware


def policy_of(path: str, **headers: str) -> str:
    middleware = ContentSecurityPolicyMiddleware(lambda _request: HttpResponse(headers=headers))
    return middleware(RequestFactory().get(path)).headers[HEADER]


def test_a_page_of_the_admin_may_evaluate_but_runs_no_inline_script(client, db):
    policy = client.get(reverse("admin:login")).headers[HEADER]
    assert policy == ADMIN
    assert "script-src 'self' 'unsafe-eval';" in policy


def test_any_other_address_runs_only_what_this_server_sends():
    for path in ("/", "/api/v1/loans", "/administration", "/static/admin/x.js"):
        assert policy_of(path) == STRICT
    assert "unsafe" not in STRICT


def test_nobody_may_frame_a_page_or_send_its_forms_elsewhere():
    for policy in (ADMIN, STRICT):
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy


def test_a_view_that_states_its_own_policy_keeps_it():
    assert policy_of("/", **{HEADER: "default-src 'none'"}) == "default-src 'none'"
