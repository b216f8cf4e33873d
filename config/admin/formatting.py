"""How values are written on admin pages: amounts, dates, rates, codes and payloads.

Owns: the written form. Refuses to know: what the values mean.
An amount always carries its currency and all of the currency's decimals: ``1,234.50 CNY``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ledger.kernel.currencies import SCALES
from ledger.kernel.money import Money
from ledger.kernel.rates import RATE_UNIT

NOTHING: Final = "\N{EN DASH}"
_SHORT_ID_LENGTH: Final = 8


def amount_text(minor: int | None, currency: str | None) -> str:
    """Return an amount with grouped digits and its currency."""
    if minor is None:
        return NOTHING
    if currency is None or currency not in SCALES:
        return f"{minor:,} minor units"
    whole, point, fraction = Money(minor, currency).as_text().partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{fraction} {currency}"


def amount(minor: int | None, currency: str | None) -> SafeString:
    """Return an amount in figures of equal width that never break over two lines."""
    return format_html('<span class="figure">{}</span>', amount_text(minor, currency))


def exact_amount_text(minor: Fraction, currency: str) -> str:
    """Return an amount that may have a fraction of a minor unit, such as an unrounded limit."""
    if minor.denominator == 1:
        return amount_text(int(minor), currency)
    whole = Decimal(minor.numerator) / Decimal(minor.denominator * 10 ** SCALES.get(currency, 0))
    return f"{whole:,.6f} {currency}"


def totals_text(totals: Mapping[str, int] | None) -> str:
    """Return amounts of several currencies, one after the other."""
    return " · ".join(amount_text(minor, currency) for currency, minor in sorted((totals or {}).items()))


def percent_text(rate_e8: int) -> str:
    """Return an annual rate as a percentage: 14400000 is 14.4%."""
    return f"{(Decimal(rate_e8 * 100) / RATE_UNIT).normalize():f}%"


def day(value: date | None) -> str:
    """Return a date as ISO writes it."""
    return value.isoformat() if value else NOTHING


def moment(value: datetime | None) -> str:
    """Return a point in time in UTC, to the second."""
    return value.strftime("%Y-%m-%d %H:%M:%S UTC") if value else NOTHING


def words(code: object) -> str:
    """Return a code in words: ``linked_account_debited`` becomes "linked account debited"."""
    return str(code).replace("_", " ").replace(".", " ") if code else NOTHING


def short_id(identifier: object) -> str:
    """Return the beginning of an identifier, enough to tell it from its neighbours."""
    return str(identifier)[:_SHORT_ID_LENGTH] if identifier else NOTHING


def code(value: object) -> SafeString:
    """Return an identifier or a checksum in letters of equal width."""
    return format_html('<span class="code">{}</span>', value if value not in (None, "") else NOTHING)


def payload(value: Any) -> SafeString:
    """Return a JSON value laid out over lines."""
    text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False)
    return format_html('<pre class="payload">{}</pre>', text)


def decimal_text(number: Fraction) -> str:
    """Return a fraction as a decimal of at most six places: 17/20 is 0.85."""
    value = (
        (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.000001")).normalize()
    )
    return f"{value:f}"
