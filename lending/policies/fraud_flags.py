"""Signs that ask for a second look: they reject nobody, most of them end the automatic way (D-126 .. D-135).

Owns: each sign with its threshold. Refuses to know: what a reviewer makes of it, and the applicant's score.
A sign whose fact is missing is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from lending.policies.seller_facts import SellerFacts


@dataclass(frozen=True, slots=True)
class FlagPolicy:
    """Thresholds; each sign is seen from its threshold on, except logistics, where it is allowed.

    Night hours reach from ``night_from`` to the hour before ``night_until``, over midnight if need be.
    """

    top_5_share_bps: int = 8_000
    orders_without_logistics_max_bps: int = 2_000
    equal_transfers: int = 10
    night_from: int = 0
    night_until: int = 6
    key_changes: int = 3
    device_signals: int = 2
    device_applicants: int = 3


@dataclass(frozen=True, slots=True)
class Flag:
    """One sign; ``manual`` says that a person has to look before money moves."""

    code: str
    manual: bool


USUAL_FLAGS: Final = FlagPolicy()


def flags_of(facts: SellerFacts, *, policy: FlagPolicy = USUAL_FLAGS) -> tuple[Flag, ...]:
    """Return every sign that is seen, in a fixed order."""
    seen = (
        ("concentration", _reaches(facts.top_5_share_bps, policy.top_5_share_bps), True),
        (
            "fake_trade",
            (facts.orders_without_logistics_bps or 0) > policy.orders_without_logistics_max_bps,
            True,
        ),
        ("cash_out", _is_regular(facts.transfers, count=policy.equal_transfers), True),
        ("key_changes", _reaches(facts.key_changes_7_days, policy.key_changes), True),
        ("shared_device", _reaches(facts.device_applicants_24_hours, policy.device_applicants), True),
        ("device", bool(facts.device_signals), len(set(facts.device_signals)) >= policy.device_signals),
        ("night_application", _is_night(facts.applied_hour, policy), False),
    )
    unusual = (Flag(f"unusual:{held.name}", manual=True) for held in facts.comparisons if held.is_unusual)
    return (*(Flag(code, manual) for code, is_seen, manual in seen if is_seen), *unusual)


def _reaches(value: int | None, threshold: int) -> bool:
    return value is not None and value >= threshold


def _is_night(hour: int | None, policy: FlagPolicy) -> bool:
    if hour is None:
        return False
    if policy.night_from <= policy.night_until:
        return policy.night_from <= hour < policy.night_until
    return hour >= policy.night_from or hour < policy.night_until


def _is_regular(transfers: Sequence[tuple[date, int]], *, count: int) -> bool:
    """Say whether one amount moved so often in a row at equal intervals of days."""
    for amount in {minor for _, minor in transfers}:
        days = sorted({on for on, minor in transfers if minor == amount})
        run, gap = 1, 0
        for earlier, later in pairwise(days):
            run = run + 1 if (later - earlier).days == gap else 2
            gap = (later - earlier).days
            if run >= count:
                return True
    return False
