"""The rules that reject an application whatever the limit would be (D-101 .. D-105, D-114, D-120 .. D-130).

Owns: each rule, its reason, and the dated thresholds; a policy record says which rules are switched on.
Refuses to know: how facts are found, and how a limit is computed. A rule whose fact is missing says
nothing: the rule that demands the fact does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ledger.kernel.periods import months_after
from lending.policies.admission_rules import (
    FEBRUARY_28,
    age_reason,
    identity_reason,
    inquiries_reason,
    overdue_months_reason,
    overdue_now_reason,
    settled_overdue_reason,
)
from lending.policies.rejection import Category, Reason, Waiting
from lending.policies.veto_facts import VetoFacts
from lending.policies.volatility import VolatilityFormula, exceeds


@dataclass(frozen=True, slots=True)
class VetoPolicy:
    """Thresholds, all of them allowed values: the veto begins beyond them.

    Only ``overdue_in_a_row`` and ``overdue_in_total`` are counts at which the veto begins.
    """

    enabled: tuple[str, ...] = ("blacklist", "business_scene", "months_in_business", "debt_ratio", "turnover")
    months_in_business_min: int = 6
    debt_ratio_max_bps: int = 7_000
    idle_days_max: int = 15
    volatility_max_bps: int = 5_000
    volatility_formula: VolatilityFormula = VolatilityFormula.MAX_DEVIATION
    seasonal: bool = False
    age_min: int = 18
    age_max: int = 65
    leap_birthday: str = FEBRUARY_28
    inquiries_max: int = 6
    overdue_in_a_row: int = 3
    overdue_in_total: int = 6
    overdue_window_months: int = 24
    settled_months_min: int = 6
    restricted_industries: tuple[str, ...] = ("p2p", "virtual_currency")

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
    """Reject turnover that jumps by more than the threshold: 0.5 passes."""
    wild = exceeds(
        facts.months(seasonal=policy.seasonal),
        formula=policy.volatility_formula,
        max_bps=policy.volatility_max_bps,
    )
    return Reason("volatility", Category.OPERATING, Waiting.OPERATING) if wild else None


def idle_days_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject a shop that stood still for too many days in a row: 15 pass, 16 do not."""
    idle = facts.idle_days is not None and facts.idle_days > policy.idle_days_max
    return Reason("idle_days", Category.OPERATING, Waiting.OPERATING) if idle else None


def identity_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:  # noqa: ARG001
    """Reject an identity that does not belong to one person."""
    return identity_reason(facts.seller.identity_matches)


def age_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject an age outside the bounds, in completed years on the day of the application."""
    return age_reason(
        facts.applied_on,
        born_on=facts.seller.born_on,
        least=policy.age_min,
        most=policy.age_max,
        leap_birthday=policy.leap_birthday,
    )


def industry_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject an industry on the list; only another business can help."""
    listed = facts.industry_code in policy.restricted_industries
    return Reason("restricted_industry", Category.OPERATING, Waiting.OPERATING) if listed else None


def overdue_months_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject three months overdue in a row, or six altogether, within 24 months."""
    return overdue_months_reason(
        facts.seller.overdue_months,
        on=facts.applied_on,
        consecutive=policy.overdue_in_a_row,
        total=policy.overdue_in_total,
        window=policy.overdue_window_months,
    )


def overdue_now_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:  # noqa: ARG001
    """Reject whoever is overdue anywhere today."""
    return overdue_now_reason(facts.seller.overdue_now_minor)


def old_overdue_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject an old overdue that was settled too recently."""
    return settled_overdue_reason(
        facts.applied_on, settled_on=facts.seller.overdue_settled_on, months=policy.settled_months_min
    )


def inquiries_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:
    """Reject many inquiries in three months."""
    return inquiries_reason(facts.seller.inquiries_3_months, most=policy.inquiries_max)


def operating_veto(*, facts: VetoFacts, policy: VetoPolicy) -> Reason | None:  # noqa: ARG001
    """Reject a shop under a penalty of its platform or of a regulator."""
    if not facts.seller.penalty_active:
        return None
    return Reason("operating_abnormal", Category.OPERATING, Waiting.OPERATING)


RULES: Final[Mapping[str, Callable[..., Reason | None]]] = {
    "blacklist": blacklist_veto,
    "business_scene": business_scene_veto,
    "months_in_business": months_in_business_veto,
    "debt_ratio": debt_ratio_veto,
    "turnover": turnover_veto,
    "volatility": volatility_veto,
    "idle_days": idle_days_veto,
    "identity": identity_veto,
    "age": age_veto,
    "industry": industry_veto,
    "overdue_months": overdue_months_veto,
    "overdue_now": overdue_now_veto,
    "old_overdue": old_overdue_veto,
    "inquiries": inquiries_veto,
    "operating": operating_veto,
}


def vetoes(*, facts: VetoFacts, policy: VetoPolicy) -> tuple[Reason, ...]:
    """Return the reasons of every switched-on rule that says no, in the policy's order."""
    found = (RULES[name](facts=facts, policy=policy) for name in policy.enabled)
    return tuple(reason for reason in found if reason is not None)
