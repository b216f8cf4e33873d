"""The currencies the books can hold, and how many decimals each one has.

Owns: the table of scales (ISO 4217 exponents) and the refusal of anything outside it.
Refuses to know: exchange rates; no amount is ever converted here.
"""

from __future__ import annotations

from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

SCALES: Final[dict[str, int]] = {
    "AUD": 2,
    "BHD": 3,
    "BRL": 2,
    "CAD": 2,
    "CHF": 2,
    "CNY": 2,
    "EUR": 2,
    "GBP": 2,
    "HKD": 2,
    "IDR": 2,
    "INR": 2,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "MXN": 2,
    "MYR": 2,
    "NZD": 2,
    "OMR": 3,
    "PHP": 2,
    "SGD": 2,
    "THB": 2,
    "TND": 3,
    "USD": 2,
    "VND": 0,
    "ZAR": 2,
}


class CurrencyUnknown(Refusal):
    """The currency code is not one the books can hold."""

    code = "LEDGER_CURRENCY_UNKNOWN"
    kind = RefusalKind.INVALID


def scale_of(currency: str, *, field: str = "currency") -> int:
    """Return the number of decimals of a currency; refuse a code that is not in the table."""
    scale = SCALES.get(currency) if isinstance(currency, str) else None
    if scale is None:
        raise CurrencyUnknown("The books hold no such currency.", field=field, currency=str(currency)[:12])
    return scale
