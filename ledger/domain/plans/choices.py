"""The names a contract chooses from when it says how a plan is made.

Owns: methods, bases, levels, grace periods and agreed batches. Refuses to know: what follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Method(StrEnum):
    """How principal and interest are spread over the rows."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_ONLY = "interest_only"
    BULLET = "bullet"
    FLAT = "flat"
    CUSTOM = "custom"


class Basis(StrEnum):
    """Whether a row's interest is a whole step (rate / 12) or its days by the day count."""

    PERIODIC = "periodic"
    EXACT = "exact"


class Level(StrEnum):
    """How the equal instalment is set: from whole steps, or from the rows' own days."""

    ANNUITY_PERIODIC = "annuity_periodic"
    LEVEL_EXACT = "level_exact"


class GraceInterest(StrEnum):
    """What becomes of interest in rows that pay none."""

    DEFERRED = "deferred"  # due with the first row after the grace
    CAPITALISED = "capitalised"  # added to the principal on the row's due date
    FORGIVEN = "forgiven"


@dataclass(frozen=True, kw_only=True)
class Grace:
    """How many of the first rows pay no principal, and no interest; both is a full grace period."""

    principal_rows: int = 0
    interest_rows: int = 0
    interest: GraceInterest = GraceInterest.DEFERRED


@dataclass(frozen=True)
class Batch:
    """One agreed repayment of principal."""

    on: date
    principal_minor: int
