"""What other books said of a loan on a day, held against what is derived of it.

Owns: the comparison and its tolerance. Refuses to know: who lived the loan and how its position comes about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.servicing.position import Position
from ledger.kernel.refusals import Refusal, RefusalKind


class ControlBalanceMissing(Refusal):
    """A loan of other books is taken over only with a balance to hold it against."""

    code = "LEDGER_CONTROL_BALANCE_MISSING"
    kind = RefusalKind.INVALID


class ControlBalanceDiffers(Refusal):
    """What is derived from the facts of a loan is not what its old books said of it."""

    code = "LEDGER_CONTROL_BALANCE_DIFFERS"


@dataclass(frozen=True, kw_only=True)
class ControlBalance:
    """What old books say at the end of a day, with everything that counts from that day on; minor units."""

    as_of: date
    outstanding_minor: int
    days_past_due: int
    overdue_minor: int


def require_agreement(position: Position, told: ControlBalance, *, tolerance_minor: int = 0) -> None:
    """Refuse ControlBalanceDiffers with both sides of each figure that differs; days have no tolerance."""
    figures = (
        ("outstanding_minor", told.outstanding_minor, position.outstanding_minor, tolerance_minor),
        ("days_past_due", told.days_past_due, position.days_past_due, 0),
        ("overdue_minor", told.overdue_minor, position.overdue.total_minor, tolerance_minor),
    )
    apart = [(name, old, new) for name, old, new, most in figures if abs(old - new) > most]
    if apart:
        sides = "; ".join(f"{name} told {old}, derived {new}" for name, old, new in apart)
        raise ControlBalanceDiffers(
            f"On {told.as_of}: {sides}.",
            field=apart[0][0],
            as_of=told.as_of.isoformat(),
            told={name: old for name, old, _ in apart},
            derived={name: new for name, _, new in apart},
        )
