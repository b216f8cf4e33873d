"""The rules that reject an application whatever the limit would be (D-103 .. D-105, D-114, D-123 .. D-125).

Owns: each rule, its reason, and the dated thresholds; a policy record says which rules are switched on.
Refuses to know: how facts are found, and how a limit is computed. A rule whose fact is missing says
nothing: the rule that demands the fact does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.kernel.periods import months_after
from lending.policies.limit_policy import BPS
from lending.policies.rejection import Category, Reason, Waiting
from lending.policies.turnover import TurnoverWindow


@dataclass(frozen=True, slots=True)
class VetoFacts:
    """What the rules look at; ``idle_days`` is the longest run of days without trade, if it is known."""

    applied_on: date
    blacklisted: bool
    account_count: int
    trading_since: date | None
    window: TurnoverWindow
    debt_ratio_bps: int
    idle_days: int | None = None


@dataclass(frozen=True, slots=True)
class VetoPolicy:
    """Thresholds, all of them allowed values: the veto begins beyond them."""

    enabled: tuple[str, ...] = ("blacklist", "business_scene", "months_in_business", "debt_ratio", "turnover")
    months_in_business_min: int = 6
    debt_ratio_max_bps: int = 7_000
    idle_days_max: int = 15
    volatility_max_bps: int = 5_000

    def __post_init__(self) -> None:
        unknown = [name for name in self.enabled if name not in RULES]
        if unknown:
            raise ValueError(f"no such veto rules: {', '.join(unknown)}")


def blacklist_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:  # noqa: ARG001
    """Reject a blacklisted entity; nobody can override this."""
    return Reason("veto:blacklist", Category.CREDIT, Waiting.CREDIT_SERIOUS) if facts.blacklisted else None


def business_scene_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:  # noqa: ARG001
    """Reject an entity without any shop."""
    missing = facts.account_count == 0
    return Reason("no_business_scene", Category.OPERATING, Waiting.OPERATING) if missing else None


def months_in_business_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject a shop that is too new: opened 2024-01-15, six months are full on 2024-07-15."""
    if facts.trading_since is None:
        return None
    full_on = months_after(facts.trading_since, months=policy.months_in_business_min)
    too_new = facts.applied_on < full_on
    return Reason("months_in_business", Category.OPERATING, Waiting.OPERATING) if too_new else None


def debt_ratio_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject debt above the threshold: 70.00% passes, 70.01% does not."""
    too_high = facts.debt_ratio_bps > policy.debt_ratio_max_bps
    return Reason("debt_ratio", Category.CREDIT, Waiting.CREDIT_MINOR) if too_high else None


def turnover_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:  # noqa: ARG001
    """Reject an entity without sales in the six months that count."""
    return Reason("no_turnover", Category.DATA, Waiting.DATA) if facts.window.total_minor == 0 else None


def volatility_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject turnover that jumps by more than the threshold around its average."""
    volatility = facts.window.volatility
    wild = volatility is not None and volatility * BPS > policy.volatility_max_bps
    return Reason("volatility", Category.OPERATING, Waiting.OPERATING) if wild else None


def idle_days_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject a shop that stood still for too many days in a row: 15 pass, 16 do not."""
    idle = facts.idle_days is not None and facts.idle_days > policy.idle_days_max
    return Reason("idle_days", Category.OPERATING, Waiting.OPERATING) if idle else None


RULES: Final[Mapping[str, Callable[..., Reason | None]]] = {
    "blacklist": blacklist_veto,
    "business_scene": business_scene_veto,
    "months_in_business": months_in_business_veto,
    "debt_ratio": debt_ratio_veto,
    "turnover": turnover_veto,
    "volatility": volatility_veto,
    "idle_days": idle_days_veto,
}


def vetoes(*, facts: VetoFacts, policy: VetoPolicy) -> tuple[Reason, ...]:
    """Return the reasons of every switched-on rule that says no, in the policy's order."""
    found = (RULES[name](facts=facts, policy=policy) for name in policy.enabled)
    return tuple(reason for reason in found if reason is not None)
