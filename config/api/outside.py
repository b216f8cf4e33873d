"""Errors that no view of the API answers: unknown addresses, faults, requests Django turns down.

Owns: choosing problem details for the API and the plain pages of Django for everything else.
Refuses to know: what went wrong; a fault is in the log and never in an answer.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.views import defaults

from config.api.problems import answer, fault, problem_of

API_PREFIXES: Final = ("/api/", "/livez", "/readyz")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what Django itself turns down, such as a body that is too large."""
    problem = problem_of(exception)
    if is_for_machines(request) and problem is not None:
        return answer(request, problem)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer a refusal that a middleware gave."""
    problem = problem_of(exception)
    if is_for_machines(request) and problem is not None:
        return answer(request, problem)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that nothing stands behind."""
    problem = problem_of(exception)
    if is_for_machines(request) and problem is not None:
        return answer(request, problem)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer a fault."""
    if is_for_machines(request):
        return answer(request, fault())
    return defaults.server_error(request)


def is_for_machines(request: HttpRequest) -> bool:
    """Say whether problem details are expected at this address."""
    return request.path.startswith(API_PREFIXES)
