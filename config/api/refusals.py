"""The ways the API itself says no, before any command is given.

Owns: one named refusal per way in which a request can be unreadable, incomplete or not allowed.
Refuses to know: HTTP statuses (``problems``) and the rules of the business.
"""

from __future__ import annotations

from ledger.kernel.refusals import Refusal, RefusalKind


class BodyMalformed(Refusal):
    """The body is not one JSON object in UTF-8 without repeated names."""

    code = "API_BODY_MALFORMED"
    kind = RefusalKind.MALFORMED


class BodyTooDeep(Refusal):
    """The body nests values more deeply than any request of this API."""

    code = "API_BODY_TOO_DEEP"
    kind = RefusalKind.MALFORMED


class BodyTooLarge(Refusal):
    """The body is larger than the API takes."""

    code = "API_BODY_TOO_LARGE"
    kind = RefusalKind.TOO_LARGE


class LengthMissing(Refusal):
    """A body in chunks does not say how long it is, and would be read as empty."""

    code = "API_LENGTH_MISSING"
    kind = RefusalKind.MALFORMED


class IdempotencyKeyMissing(Refusal):
    """A request that changes something names itself in the Idempotency-Key header."""

    code = "API_IDEMPOTENCY_KEY_MISSING"
    kind = RefusalKind.MALFORMED


class FieldMissing(Refusal):
    """A field that is required was not sent."""

    code = "API_FIELD_MISSING"
    kind = RefusalKind.INVALID


class FieldUnknown(Refusal):
    """The request has a field or parameter that this endpoint does not know."""

    code = "API_FIELD_UNKNOWN"
    kind = RefusalKind.INVALID


class FieldInvalid(Refusal):
    """A field holds a value of the wrong type or outside its bounds."""

    code = "API_FIELD_INVALID"
    kind = RefusalKind.INVALID


class FieldsInvalid(Refusal):
    """Several fields are wrong; each of them is named in the list of errors."""

    code = "API_FIELDS_INVALID"
    kind = RefusalKind.INVALID


class DateInvalid(Refusal):
    """The value is not a date that exists, written as YYYY-MM-DD."""

    code = "API_DATE_INVALID"
    kind = RefusalKind.INVALID


class MomentInvalid(Refusal):
    """A moment does not exist, has no offset, or is written in another form."""

    code = "API_MOMENT_INVALID"
    kind = RefusalKind.INVALID


class AmountNotPositive(Refusal):
    """An amount in a request is greater than zero."""

    code = "API_AMOUNT_NOT_POSITIVE"
    kind = RefusalKind.INVALID


class CursorInvalid(Refusal):
    """The cursor of a list is not one that the API gave out for this list."""

    code = "API_CURSOR_INVALID"
    kind = RefusalKind.INVALID


class CredentialsMissing(Refusal):
    """The request carries no token and no staff session."""

    code = "API_CREDENTIALS_MISSING"
    kind = RefusalKind.UNAUTHENTICATED


class CredentialsInvalid(Refusal):
    """The token is unknown, expired, revoked, or belongs to nobody who may sign in."""

    code = "API_CREDENTIALS_INVALID"
    kind = RefusalKind.UNAUTHENTICATED


class CsrfFailed(Refusal):
    """A write in a staff session carries the token that the admin's pages carry."""

    code = "API_CSRF_FAILED"
    kind = RefusalKind.FORBIDDEN


class RoleNotAllowed(Refusal):
    """The role of the caller does not admit this request."""

    code = "API_ROLE_NOT_ALLOWED"
    kind = RefusalKind.FORBIDDEN


class ResourceNotFound(Refusal):
    """There is no such address or object, or it is not the caller's to see."""

    code = "API_NOT_FOUND"
    kind = RefusalKind.NOT_FOUND
