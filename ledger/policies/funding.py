"""Who funds the loans of a product, and with which shares.

Owns: an agreement (parties and shares from one product version on), and the exact division of an amount by it.
Refuses to know: balances and loans. A product without an agreement is funded by the lender alone.

| amount | shares          | parts           |
| ------ | --------------- | --------------- |
| 100    | 60%, 40%        | 60, 40          |
| 101    | 50%, 50%        | 51, 50          |
| -101   | 33.3..%, rest   | -34, -67        |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.kernel.money import split_minor_units
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind

FUNDERS_MAX: Final = 10
NAME_LENGTH_MAX: Final = 40
OWN: Final = "own"


class FundingInvalid(Refusal):
    """One to ten parties, each named once, have shares above zero that add up to the whole."""

    code = "LEDGER_FUNDING_INVALID"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class FunderShare:
    """One party and its share, scaled by 10^8."""

    funder: str
    share_e8: int


@dataclass(frozen=True)
class Funding:
    """The parties of one agreement in their order. Refuses FundingInvalid."""

    shares: tuple[FunderShare, ...]

    def __post_init__(self) -> None:
        names = [share.funder for share in self.shares]
        is_name = all(
            1 <= len(name) <= NAME_LENGTH_MAX and name.isascii() and name.isprintable() and " " not in name
            for name in names
        )
        for is_sound, message in (
            (1 <= len(names) <= FUNDERS_MAX, f"There are 1 to {FUNDERS_MAX} funders."),
            (is_name, f"A funder is 1 to {NAME_LENGTH_MAX} ASCII characters without spaces."),
            (len(set(names)) == len(names), "Each funder is named once."),
            (all(share.share_e8 > 0 for share in self.shares), "Each share is above zero."),
            (sum(share.share_e8 for share in self.shares) == RATE_UNIT, "The shares add up to 1."),
        ):
            if not is_sound:
                raise FundingInvalid(message, field="shares")

    def divided(self, amount_minor: int) -> tuple[tuple[str, int], ...]:
        """Return each party's part in minor units by largest remainder; the parts add up to the amount."""
        parts = split_minor_units(amount_minor, ratios=[share.share_e8 for share in self.shares])
        return tuple((share.funder, part) for share, part in zip(self.shares, parts, strict=True))


OWN_FUNDING: Final = Funding((FunderShare(OWN, RATE_UNIT),))


@dataclass(frozen=True)
class Agreement:
    """The funding of a product from one of its versions on."""

    code: str
    from_version: int
    funding: Funding


def funding_of(version: int, *, agreements: Iterable[Agreement]) -> Funding:
    """Return the funding of loans on a version, from one product's agreements."""
    held = [agreed for agreed in agreements if agreed.from_version <= version]
    return max(held, key=lambda agreed: agreed.from_version).funding if held else OWN_FUNDING
