"""The highest yearly cost a loan may have, by kind of licence and date.

Owns: the ceilings, the table of the one-year loan prime rate they depend on, and the check.
Refuses to know: how a yearly cost is computed. It is checked at pricing, at signing and whenever a
penalty is charged; the date of signing decides which prime rate counts.
Sources: private lending 4 x LPR (Supreme People's Court, 2020); 24% comprehensive cost of licensed
lenders; 36% the line above which nothing is enforceable. The table is data: 3.45% gives 13.80%.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.kernel.rates import RATE_UNIT, format_rate
from ledger.kernel.refusals import Refusal, RefusalKind

LPR_MULTIPLE: Final = 4
LICENSED_E8: Final = 24_000_000
ABSOLUTE_E8: Final = 36_000_000

# One-year loan prime rate from its first publication; later months repeat the last change. Published by the
# National Interbank Funding Center for the People's Bank of China on the 20th of a month, or the next
# business day (announcement no. 15 of 2019). Day and figure of every row were compared with reports of the
# day's publication, except the second: its figure is the one from which November 2019 was lowered.
LPR_ONE_YEAR: Final[tuple[tuple[date, int], ...]] = (
    (date(2019, 8, 20), 4_250_000),
    (date(2019, 9, 20), 4_200_000),
    (date(2019, 11, 20), 4_150_000),
    (date(2020, 2, 20), 4_050_000),
    (date(2020, 4, 20), 3_850_000),
    (date(2021, 12, 20), 3_800_000),
    (date(2022, 1, 20), 3_700_000),
    (date(2022, 8, 22), 3_650_000),
    (date(2023, 6, 20), 3_550_000),
    (date(2023, 8, 21), 3_450_000),
    (date(2024, 7, 22), 3_350_000),
    (date(2024, 10, 21), 3_100_000),
    (date(2025, 5, 20), 3_000_000),
)
# The last publication that was compared is that of 2026-08-20: unchanged at 3.00%, in force until the next.
LPR_CONFIRMED_UNTIL: Final = date(2026, 9, 19)


class CeilingKind(StrEnum):
    """Whose ceiling applies."""

    PRIVATE_LENDING = "private_lending"
    LICENSED = "licensed"
    ABSOLUTE = "absolute"


class PrimeRateUnknown(Refusal):
    """No prime rate had been published on the date of signing."""

    code = "LEDGER_PRIME_RATE_UNKNOWN"
    kind = RefusalKind.INVALID


class RateAboveCeiling(Refusal):
    """The yearly cost is above what the lender may charge."""

    code = "LEDGER_RATE_ABOVE_CEILING"
    kind = RefusalKind.INVALID


def ceiling_e8(
    kind: CeilingKind, *, signed_on: date, prime_rates: Sequence[tuple[date, int]] = LPR_ONE_YEAR
) -> int:
    """Return the ceiling for a loan signed on a date. Refuses PrimeRateUnknown."""
    if kind is CeilingKind.LICENSED:
        return LICENSED_E8
    if kind is CeilingKind.ABSOLUTE:
        return ABSOLUTE_E8
    published = [rate for on, rate in prime_rates if on <= signed_on]
    if not published:
        raise PrimeRateUnknown("No prime rate had been published yet.", field="signed_on")
    return LPR_MULTIPLE * published[-1]


def is_provisional(kind: CeilingKind, *, signed_on: date) -> bool:
    """Say whether the ceiling repeats a prime rate past the last publication that is in the table."""
    return kind is CeilingKind.PRIVATE_LENDING and signed_on > LPR_CONFIRMED_UNTIL


def require_within_ceiling(rate: Decimal | Fraction, *, ceiling: int) -> None:
    """Refuse a yearly cost above a ceiling; the ceiling itself is allowed."""
    if not is_within_ceiling(rate, ceiling=ceiling):
        raise RateAboveCeiling(
            "The yearly cost is above the ceiling.", field="annual_rate", ceiling=format_rate(ceiling)
        )


def is_within_ceiling(rate: Decimal | Fraction, *, ceiling: int) -> bool:
    """Say whether a yearly cost keeps a ceiling."""
    return Fraction(rate) <= Fraction(ceiling, RATE_UNIT)
