"""Made-up borrowing entities for demonstrations: how many shops each has and how well it sells.

Owns: the mix (steady, growing, fading, weak and new sellers), the heavy tail of shops per entity, and
monthly turnover with seasons. Everything follows from the generator that is passed in; whole numbers only,
so that a seed gives the same entities on every machine.
Refuses to know: files, clocks and real sellers.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

ValueT = TypeVar("ValueT")

PLATFORMS: Final = ("taobao", "tmall", "shopee", "amazon", "aliexpress")
REGIONS: Final = ("ZJ", "GD", "FJ", "JS", "SH", "BJ", "SD", "SC")
LARGEST_FROM: Final = 50
SHOPS_MAX: Final = 120

# Percent of an ordinary month: the quiet of the spring festival, the sales of June and November.
_SEASON: Final = (95, 70, 90, 95, 100, 125, 90, 95, 105, 110, 180, 120)
# Share of entities in percent, and the range of shops they have.
_SHOPS: Final = ((46, 1, 1), (26, 2, 3), (18, 4, 8), (8, 9, 18), (2, 25, 45))
# Share in percent, monthly growth in per mille, and the steps of the turnover ladder to choose from.
_KINDS: Final = (
    ("steady", 55, (995, 1_015), (2, 9)),
    ("growing", 18, (1_025, 1_060), (2, 8)),
    ("fading", 9, (900, 960), (2, 7)),
    ("weak", 10, (980, 1_010), (0, 1)),
    ("new", 8, (1_000, 1_080), (2, 7)),
)
_SMALLEST_MINOR: Final = 300_00


@dataclass(frozen=True, slots=True)
class Shop:
    """One seller account on one platform."""

    platform: str
    seller_id: str


@dataclass(frozen=True, slots=True)
class Seller:
    """One entity; ``first_month`` is the index of the first month in which it sells."""

    entity_id: str
    kind: str
    region: str
    shops: tuple[Shop, ...]
    ordinary_minor: int
    growth_per_mille: int
    first_month: int

    def turnover_minor(self, *, index: int, calendar_month: int, rng: Random) -> int:
        """Return what the entity sells in a month, with its season, growth and some luck."""
        if index < self.first_month or (self.kind == "weak" and rng.randrange(100) < 30):
            return 0
        amount = self.ordinary_minor * _SEASON[calendar_month - 1] * rng.randint(80, 120) // 10_000
        for _ in range(index):
            amount = amount * self.growth_per_mille // 1_000
        return amount


def make_sellers(*, entities: int, months: int, rng: Random) -> tuple[Seller, ...]:
    """Return the entities; from fifty on, one of them has 120 shops."""
    kinds = _shared_out([(kind, share) for kind, share, _, _ in _KINDS], entities, rng)
    ranges = _shared_out([((least, most), share) for share, least, most in _SHOPS], entities, rng)
    sizes = [rng.randint(*bounds) for bounds in ranges]
    if entities >= LARGEST_FROM:
        place = kinds.index("steady")
        sizes[place] = SHOPS_MAX
    return tuple(
        _seller(number, kind, size, months, rng)
        for number, (kind, size) in enumerate(zip(kinds, sizes, strict=True), start=1)
    )


def _seller(number: int, kind: str, shops: int, months: int, rng: Random) -> Seller:
    growth, steps = next((growth, steps) for name, _, growth, steps in _KINDS if name == kind)
    step = max(rng.randint(*steps), 5 if shops >= SHOPS_MAX else 0)
    return Seller(
        entity_id=f"ENT-{number:05d}",
        kind=kind,
        region=rng.choice(REGIONS),
        shops=tuple(
            Shop(rng.choice(PLATFORMS), f"S{number:05d}{shop:03d}{rng.getrandbits(16):04x}")
            for shop in range(shops)
        ),
        ordinary_minor=_SMALLEST_MINOR * 2**step * rng.randint(100, 199) // 100,
        growth_per_mille=rng.randint(*growth),
        first_month=max(0, months - rng.randint(2, 5)) if kind == "new" else 0,
    )


def _shared_out(shares: list[tuple[ValueT, int]], count: int, rng: Random) -> list[ValueT]:
    pool = [value for value, share in shares for _ in range(-(-share * count // 100))]
    rng.shuffle(pool)
    return pool[:count]
