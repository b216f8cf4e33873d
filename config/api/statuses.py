"""Which HTTP status every refusal has, and which refusal stands behind every exception of the frameworks.

Owns: the tables; there is no other place that turns a refusal into a status. 400 means that the request
could not be read, 422 that it was read and is wrong in itself, 409 that the books as they stand do not
allow it. Refuses to know: how an error is written (``problems``).
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions

from config.api import refusals
from ledger.kernel.refusals import Refusal, RefusalKind

STATUS_OF_KIND: Final[dict[RefusalKind, int]] = {
    RefusalKind.MALFORMED: 400,
    RefusalKind.UNAUTHENTICATED: 401,
    RefusalKind.FORBIDDEN: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.TOO_LARGE: 413,
    RefusalKind.INVALID: 422,
    RefusalKind.UNAVAILABLE: 503,
}
# Errors of the transport, which no command or rule can give.
TRANSPORT: Final[dict[str, tuple[int, str]]] = {
    "API_METHOD_NOT_ALLOWED": (405, "The address does not take this method."),
    "API_NOT_ACCEPTABLE": (406, "Answers are JSON; nothing else can be asked for."),
    "API_MEDIA_TYPE_UNSUPPORTED": (415, "The body is not of a content type that this address takes."),
    "API_TOO_MANY_REQUESTS": (429, "The caller has sent too many requests."),
    "API_FAULT": (500, "The server failed; nothing was decided unless a later answer says so."),
}
# What REST framework calls a field's error, and what this API calls it.
FIELD_CODES: Final = {"required": refusals.FieldMissing.code}
REFUSAL_OF: Final[tuple[tuple[type[Exception], type[Refusal]], ...]] = (
    (exceptions.NotAuthenticated, refusals.CredentialsMissing),
    (exceptions.AuthenticationFailed, refusals.CredentialsInvalid),
    (exceptions.PermissionDenied, refusals.RoleNotAllowed),
    (PermissionDenied, refusals.RoleNotAllowed),
    (exceptions.NotFound, refusals.ResourceNotFound),
    (Http404, refusals.ResourceNotFound),
    (exceptions.ParseError, refusals.BodyMalformed),
    (RequestDataTooBig, refusals.BodyTooLarge),
    (SuspiciousOperation, refusals.BodyMalformed),
)
TRANSPORT_CODE: Final[dict[type[Exception], str]] = {
    exceptions.MethodNotAllowed: "API_METHOD_NOT_ALLOWED",
    exceptions.NotAcceptable: "API_NOT_ACCEPTABLE",
    exceptions.UnsupportedMediaType: "API_MEDIA_TYPE_UNSUPPORTED",
    exceptions.Throttled: "API_TOO_MANY_REQUESTS",
}
