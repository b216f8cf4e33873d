"""Named refusals: the ways the product says no.

Owns: the base class, the kinds of refusal and the register of codes.
Refuses to know: HTTP. One place at the edge maps a kind to a status.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

REFUSALS: dict[str, type[Refusal]] = {}


class RefusalKind(StrEnum):
    """Why a request was turned down, as far as the caller can act on it."""

    MALFORMED = "malformed"  # the request cannot be read at all
    INVALID = "invalid"  # the request itself is wrong; another request may be right
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"  # right in form, refused by the present state of the books
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"  # try again: nothing was decided


class Refusal(Exception):
    """A decision not to do what was asked; nothing has changed.

    Subclasses state a stable ``code`` and live beside the rule they guard. ``field`` names the
    offending input where there is one; ``details`` are JSON values that help the caller.
    """

    code: ClassVar[str] = "REFUSED"
    kind: ClassVar[RefusalKind] = RefusalKind.CONFLICT

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in cls.__dict__:
            known = REFUSALS.setdefault(cls.code, cls)
            if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
                raise ValueError(f"refusal code {cls.code} is already taken by {known.__qualname__}")

    def __init__(self, message: str, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details

    def as_json(self) -> dict[str, Any]:
        """Return the refusal as plain JSON values, the form in which an outcome is stored."""
        return {"code": self.code, "message": self.message, "field": self.field, "details": self.details}

    @staticmethod
    def from_json(data: dict[str, Any]) -> Refusal:
        """Return the refusal that was stored by :meth:`as_json`, as its own class."""
        cls = REFUSALS.get(data["code"], Refusal)
        refusal = cls.__new__(cls)
        Refusal.__init__(refusal, data["message"], field=data["field"], **data["details"])
        return refusal
