"""Annual rates as whole numbers of 1e-8: 0.144 a year is 14_400_000.

Owns: how a rate is read from text and written as text, and the unit every rate is held in.
Refuses to know: what the rate is charged on, and floating-point numbers.
"""

from __future__ import annotations

import re
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

RATE_UNIT: Final = 10**8
RATE_E8_MAX: Final = 10 * RATE_UNIT
_DECIMALS: Final = 8
_RATE: Final = re.compile(r"(0|[1-9][0-9]?)(?:\.([0-9]+))?")


class RateNotText(Refusal):
    """A rate arrived as something other than a decimal string."""

    code = "LEDGER_RATE_NOT_TEXT"
    kind = RefusalKind.INVALID


class RateMalformed(Refusal):
    """The text is not a plain decimal fraction, zero or positive."""

    code = "LEDGER_RATE_MALFORMED"
    kind = RefusalKind.INVALID


class RateTooPrecise(Refusal):
    """A rate has at most eight decimals."""

    code = "LEDGER_RATE_TOO_PRECISE"
    kind = RefusalKind.INVALID


class RateTooLarge(Refusal):
    """A rate above 1,000% a year is taken for a mistake, such as 14.4 for 0.144."""

    code = "LEDGER_RATE_TOO_LARGE"
    kind = RefusalKind.INVALID


def parse_rate(text: object, *, field: str = "annual_rate") -> int:
    """Read an annual fraction such as ``0.144``; refuse other types, notations, decimals and size."""
    if not isinstance(text, str):
        raise RateNotText("A rate is written as a decimal string.", field=field)
    found = _RATE.fullmatch(text)
    if found is None:
        raise RateMalformed("A rate is a plain decimal fraction such as 0.144.", field=field)
    fraction = found[2] or ""
    if len(fraction) > _DECIMALS:
        raise RateTooPrecise("A rate has at most eight decimals.", field=field, decimals=_DECIMALS)
    rate_e8 = int(found[1] + fraction.ljust(_DECIMALS, "0"))
    if rate_e8 > RATE_E8_MAX:
        raise RateTooLarge("A rate is a fraction of one, at most 10: 14.4% is 0.144.", field=field)
    return rate_e8


def format_rate(rate_e8: int) -> str:
    """Return the rate as a decimal string without needless zeros: 14_400_000 is ``0.144``."""
    whole, fraction = divmod(rate_e8, RATE_UNIT)
    decimals = str(fraction).rjust(_DECIMALS, "0").rstrip("0")
    return f"{whole}.{decimals}" if decimals else str(whole)
