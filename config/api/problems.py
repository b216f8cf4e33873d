"""Every error of the API as problem details (RFC 9457).

Owns: the shape of an error's body and the headers that go with it. Refuses to know: why something was
refused, and which status that has (``statuses``).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from config.api import refusals
from config.api.presenting import presented
from config.api.statuses import FIELD_CODES, REFUSAL_OF, STATUS_OF_KIND, TRANSPORT, TRANSPORT_CODE
from ledger.kernel.refusals import REFUSALS, Refusal

CONTENT_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:loanbook:problem:"


@dataclass(frozen=True)
class Problem:
    """One error on its way out."""

    status: int
    code: str
    title: str
    detail: str
    field: str | None = None
    errors: list[dict[str, str]] = dataclasses.field(default_factory=list)
    details: dict[str, Any] = dataclasses.field(default_factory=dict)

    def body(self, *, instance: str) -> dict[str, Any]:
        """Return the members of RFC 9457, and ours: code, field, errors, details."""
        body: dict[str, Any] = {
            "type": TYPE_PREFIX + self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        }
        extras = {"field": self.field, "errors": self.errors, "details": self.details}
        return body | {name: value for name, value in extras.items() if value}


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; a fault is left to Django, which logs it and calls ``fault``."""
    problem = problem_of(exc)
    if problem is None:
        return None
    headers = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = _challenge(problem.code)
    if problem.status in (429, 503):
        headers["Retry-After"] = str(int(getattr(exc, "wait", None) or 1))
    request: HttpRequest = context["request"]
    body = problem.body(instance=request.path)
    return Response(body, status=problem.status, headers=headers, content_type=CONTENT_TYPE)


def problem_of(exc: Exception) -> Problem | None:
    """Return the problem behind an exception, or None for a fault."""
    if isinstance(exc, Refusal):
        return of_refusal(exc)
    if isinstance(exc, exceptions.ValidationError):
        return _of_fields(exc)
    for kind, refusal_class in REFUSAL_OF:
        if isinstance(exc, kind):
            return of_refusal(refusal_class(_said(exc) or title_of(refusal_class)))
    code = TRANSPORT_CODE.get(type(exc))
    return _of_transport(code, detail=_said(exc)) if code else None


def of_refusal(refusal: Refusal) -> Problem:
    """Return the problem that a refusal is."""
    return Problem(
        status=STATUS_OF_KIND[refusal.kind],
        code=refusal.code,
        title=title_of(type(refusal)),
        detail=refusal.message,
        field=refusal.field.removesuffix("_minor") if refusal.field else None,
        details=presented(refusal.details),
    )


def title_of(refusal_class: type[Refusal]) -> str:
    """Return the sentence by which a refusal is known: the first line of its docstring."""
    return (refusal_class.__doc__ or refusal_class.code).strip().splitlines()[0]


def _of_fields(exc: exceptions.ValidationError) -> Problem:
    errors = [
        {"field": str(name), "code": FIELD_CODES.get(code, code), "detail": str(message)}
        for name, message, code in _flat(exc.detail)
    ]
    for error in errors:
        if error["code"] not in REFUSALS:
            error["code"] = refusals.FieldInvalid.code
    only = errors[0] if len(errors) == 1 else None
    named = REFUSALS[only["code"]] if only else refusals.FieldsInvalid
    return Problem(
        status=STATUS_OF_KIND[named.kind],
        code=named.code,
        title=title_of(named),
        detail=only["detail"] if only else f"{len(errors)} fields are wrong.",
        field=only["field"] if only else None,
        errors=errors,
    )


def _flat(detail: Any, *, name: str = "") -> list[tuple[str, str, str]]:
    if isinstance(detail, dict):
        parts = [_flat(value, name=f"{name}.{key}" if name else str(key)) for key, value in detail.items()]
        return [error for part in parts for error in part]
    if isinstance(detail, list):
        return [error for value in detail for error in _flat(value, name=name)]
    return [(name, str(detail), getattr(detail, "code", "invalid"))]


def _of_transport(code: str, *, detail: str = "") -> Problem:
    status, title = TRANSPORT[code]
    return Problem(status, code, title, detail or title)


def _said(exc: Exception) -> str:
    """Return a sentence that was written for the caller; Django's own texts are not."""
    default = getattr(type(exc), "default_detail", None)
    detail = getattr(exc, "detail", None)
    return str(detail) if detail is not None and str(detail) != str(default) else ""


def _challenge(code: str) -> str:
    error = ', error="invalid_token"' if code == refusals.CredentialsInvalid.code else ""
    return f'Bearer realm="loanbook"{error}'


def answer(request: HttpRequest, problem: Problem) -> JsonResponse:
    """Answer outside REST framework: an address that no view has, or a fault."""
    response = JsonResponse(problem.body(instance=request.path), status=problem.status)
    response["Content-Type"] = CONTENT_TYPE
    return response


def fault() -> Problem:
    """Return what is said of a fault: nothing about its cause."""
    return _of_transport("API_FAULT")
