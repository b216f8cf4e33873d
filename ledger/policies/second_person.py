"""What one person may not decide alone: facts by which the lender gives money away.

Owns: the kinds, and the dated amounts up to which one person may charge a loan off.
Refuses to know: who asks and who agrees. A rule counts from its day on; earlier decisions stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ledger.domain.loan_record import FactKind
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


def needs_second_person(
    kind: FactKind, details: Mapping[str, Any], *, outstanding_minor: int, currency: str, on: date
) -> bool:
    """Say whether a fact needs a second person; ``outstanding_minor`` is the principal at stake."""
    if kind is FactKind.CHARGED_OFF:
        return outstanding_minor > charge_off_alone_minor(currency, on=on)
    if kind is FactKind.PAYMENT_RECEIVED:
        return details.get("payment") == PaymentKind.GOODWILL_CREDIT
    if kind is FactKind.PLAN_CHANGED:
        return details.get("interest") == OpenInterest.FORGIVEN
    return kind in ALWAYS


def charge_off_alone_minor(currency: str, *, on: date) -> int:
    """Return the principal up to which one person may charge a loan off on a day, in minor units."""
    in_force = [limits for since, limits in CHARGE_OFF_ALONE if since <= on]
    return in_force[-1].get(currency, 0) if in_force else 0
