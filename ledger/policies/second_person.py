"""What one person may not decide alone: facts by which the lender gives money away.

Owns: the kinds, what of a loan makes others one of them, and up to which dated amounts one may charge off alone.
Refuses to know: who asks and who agrees. A rule counts from its day on; earlier decisions stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanStatus
from ledger.domain.servicing.facts import OpenInterest, PaymentKind
from ledger.kernel.refusals import Refusal, RefusalKind

# Claims that are not asked for any more, or sold, and money that leaves.
ALWAYS: Final = frozenset(
    {
        FactKind.CHARGE_WAIVED,
        FactKind.CHARGE_ADJUSTED,
        FactKind.INTEREST_WAIVED,
        FactKind.PENALTY_WAIVED,
        FactKind.REFUNDED,
        FactKind.WRITTEN_OFF,
        FactKind.SETTLED_AT_DISCOUNT,
        FactKind.SOLD,
        FactKind.SALE_UNDONE,
    }
)
# What is reversed or taken back then is not owed again: the payer keeps the money.
_LOST: Final = frozenset({LoanStatus.WRITTEN_OFF, LoanStatus.SETTLED_AT_DISCOUNT, LoanStatus.SOLD})
_GIVING_BACK: Final = frozenset({FactKind.PAYMENT_REVERSED, FactKind.CHARGEBACK})
# From a day on: the principal one person may charge off, in minor units; nothing in any other currency.
CHARGE_OFF_ALONE: Final[tuple[tuple[date, Mapping[str, int]], ...]] = (
    (date(2020, 1, 1), {"CNY": 10_000_00, "USD": 1_500_00, "EUR": 1_500_00, "HKD": 12_000_00}),
)


class SecondPersonNeeded(Refusal):
    """This gives money away: one person proposes it and another one approves it."""

    code = "LEDGER_SECOND_PERSON_NEEDED"
    kind = RefusalKind.FORBIDDEN


class SecondPersonNotNeeded(Refusal):
    """One person may record this; there is nothing to propose."""

    code = "LEDGER_SECOND_PERSON_NOT_NEEDED"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class AtStake:
    """What of a loan decides: its principal outstanding, its state, and the kind of the fact that is undone."""

    outstanding_minor: int
    currency: str
    status: LoanStatus
    undone: FactKind | None = None


def needs_second_person(kind: FactKind, details: Mapping[str, Any], *, stake: AtStake, on: date) -> bool:
    """Say whether a fact of a loan needs a second person on a day."""
    if kind is FactKind.CHARGED_OFF:
        return stake.outstanding_minor > charge_off_alone_minor(stake.currency, on=on)
    if kind is FactKind.PAYMENT_RECEIVED:
        return details.get("payment") == PaymentKind.GOODWILL_CREDIT
    if kind is FactKind.PLAN_CHANGED:
        return details.get("interest") == OpenInterest.FORGIVEN
    if kind is FactKind.CHANGE_UNDONE:
        return stake.undone is FactKind.CHARGE_ADDED  # the same as to waive it
    return kind in ALWAYS or (kind in _GIVING_BACK and stake.status in _LOST)


def charge_off_alone_minor(currency: str, *, on: date) -> int:
    """Return the principal up to which one person may charge a loan off on a day, in minor units."""
    in_force = [limits for since, limits in CHARGE_OFF_ALONE if since <= on]
    return in_force[-1].get(currency, 0) if in_force else 0
