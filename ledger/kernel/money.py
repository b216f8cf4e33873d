"""Amounts of money: whole minor units of one named currency.

Owns: how an amount is read from text, written as text, added, and split without losing a unit.
Refuses to know: floating-point numbers, exchange rates, interest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from ledger.kernel.currencies import scale_of
from ledger.kernel.refusals import Refusal, RefusalKind

MINOR_UNITS_MAX: Final = 10**15
_DECIMAL: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_TEXT_LENGTH_MAX: Final = 40


class MoneyNotText(Refusal):
    """An amount arrived as something other than a decimal string."""

    code = "LEDGER_MONEY_NOT_TEXT"
    kind = RefusalKind.INVALID


class MoneyMalformed(Refusal):
    """The text is not a plain decimal number (no exponent, sign +, space, NaN or leading zero)."""

    code = "LEDGER_MONEY_MALFORMED"
    kind = RefusalKind.INVALID


class MoneyTooPrecise(Refusal):
    """The text has more decimals than the currency."""

    code = "LEDGER_MONEY_TOO_PRECISE"
    kind = RefusalKind.INVALID


class MoneyTooLarge(Refusal):
    """The amount is beyond anything the books are meant to hold."""

    code = "LEDGER_MONEY_TOO_LARGE"
    kind = RefusalKind.INVALID


class MoneyNotWhole(Refusal):
    """Minor units must be a whole number."""

    code = "LEDGER_MONEY_NOT_WHOLE"
    kind = RefusalKind.INVALID


class CurrencyMismatch(Refusal):
    """Two amounts of different currencies cannot be added or subtracted."""

    code = "LEDGER_CURRENCY_MISMATCH"
    kind = RefusalKind.INVALID


class SplitImpossible(Refusal):
    """An amount needs at least one part, and ratios that are whole, not negative and not all zero."""

    code = "LEDGER_SPLIT_IMPOSSIBLE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, slots=True)
class Money:
    """A whole number of minor units of one currency: ``Money(234, "CNY")`` is 2.34 yuan."""

    minor_units: int
    currency: str

    def __post_init__(self) -> None:
        scale_of(self.currency)
        if type(self.minor_units) is not int:
            raise MoneyNotWhole("Minor units are a whole number.", field="amount")
        if abs(self.minor_units) > MINOR_UNITS_MAX:
            raise MoneyTooLarge("The amount is too large for the books.", field="amount")

    @classmethod
    def parse(cls, text: object, *, currency: str, field: str = "amount") -> Self:
        """Read a decimal string; refuse other types, other notations, excess decimals and size."""
        scale = scale_of(currency)
        sign, whole, fraction = _decimal_parts(text, field=field)
        if len(fraction) > scale:
            raise MoneyTooPrecise(f"{currency} has {scale} decimals.", field=field, decimals=scale)
        minor_units = int(whole + fraction.ljust(scale, "0"))
        if minor_units > MINOR_UNITS_MAX:
            raise MoneyTooLarge("The amount is too large for the books.", field=field)
        return cls(-minor_units if sign else minor_units, currency)

    def as_text(self) -> str:
        """Return the decimal string with exactly the currency's decimals."""
        scale = scale_of(self.currency)
        digits = str(abs(self.minor_units)).rjust(scale + 1, "0")
        sign = "-" if self.minor_units < 0 else ""
        return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"

    def __add__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor_units + other.minor_units, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.minor_units - other.minor_units, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor_units, self.currency)

    def split(self, *, parts: int | None = None, ratios: Sequence[int] | None = None) -> tuple[Money, ...]:
        """Share the amount out in equal parts or by ratios; the shares always sum to the whole."""
        if (parts is None) == (ratios is None):
            raise SplitImpossible("State either a number of parts or ratios.", field="parts")
        if parts is not None and (type(parts) is not int or parts < 1):
            raise SplitImpossible("There must be at least one part.", field="parts")
        weights = (1,) * parts if parts is not None else tuple(ratios or ())
        shares = split_minor_units(self.minor_units, ratios=weights)
        return tuple(Money(share, self.currency) for share in shares)

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(
                "Amounts of different currencies cannot be combined.",
                field="currency",
                currencies=[self.currency, other.currency],
            )


def split_minor_units(whole: int, *, ratios: Sequence[int]) -> tuple[int, ...]:
    """Share a whole number out by largest remainder; equal remainders go to the earlier part.

    A negative amount is shared like its opposite, so a reversal mirrors what it reverses.
    """
    if not ratios or any(type(ratio) is not int or ratio < 0 for ratio in ratios) or sum(ratios) == 0:
        raise SplitImpossible("Ratios are whole numbers, not negative and not all zero.", field="ratios")
    total = sum(ratios)
    shares = [abs(whole) * ratio // total for ratio in ratios]
    remainders = [abs(whole) * ratio % total for ratio in ratios]
    by_remainder = sorted(range(len(ratios)), key=lambda part: (-remainders[part], part))
    for part in by_remainder[: abs(whole) - sum(shares)]:
        shares[part] += 1
    return tuple(-share if whole < 0 else share for share in shares)


def _decimal_parts(text: object, *, field: str) -> tuple[str, str, str]:
    if not isinstance(text, str):
        raise MoneyNotText("An amount is written as a decimal string.", field=field)
    if len(text) > _TEXT_LENGTH_MAX:
        raise MoneyTooLarge("The amount is too long to be an amount.", field=field)
    found = _DECIMAL.fullmatch(text)
    if found is None:
        raise MoneyMalformed("An amount is a plain decimal number such as 1250.00.", field=field)
    return found[1], found[2], found[3] or ""
