"""The credit decision: vetoes first, then the limit; dated versions of the whole policy.

Owns: which version is in force on a date, and the decision with every figure behind it.
Refuses to know: clocks and stored data; all facts come in, and equal facts give equal decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final

from ledger.kernel.refusals import Refusal
from lending.policies.limit import LimitAssessment, assess_limit
from lending.policies.limit_policy import LimitPolicy
from lending.policies.rejection import Category, Reason, Waiting, reapply_from
from lending.policies.seller_facts import NOTHING_KNOWN, SellerFacts
from lending.policies.turnover import six_months_before
from lending.policies.veto import VetoPolicy, vetoes
from lending.policies.veto_facts import VetoFacts


class PolicyNotInForce(Refusal):
    """No version of the credit policy covers the date."""

    code = "LENDING_POLICY_NOT_IN_FORCE"


@dataclass(frozen=True, slots=True)
class CreditPolicy:
    """One version of the policy; it stays in force until a later version begins."""

    version: str
    effective_from: date
    veto: VetoPolicy
    limit: LimitPolicy


@dataclass(frozen=True, slots=True)
class DecisionInputs:
    """The facts of one application. Turnover by month is the whole entity's, in minor units."""

    applied_on: date
    currency: str
    blacklisted: bool
    account_count: int
    trading_since: date | None
    debt_ratio_bps: int
    clean_record: bool
    industry_code: str
    turnover_minor: dict[str, int] = field(default_factory=dict)
    tax_12_months_minor: int | None = None
    invoices_12_months_minor: int | None = None
    idle_days: int | None = None
    seller: SellerFacts = NOTHING_KNOWN

    def figures(self) -> tuple[tuple[str, str], ...]:
        """Return the facts as names and exact values; turnover only for the months that count."""
        window = six_months_before(applied_on=self.applied_on, turnover_minor=self.turnover_minor)
        names = [name for name in self.__slots__ if name not in ("turnover_minor", "seller")]
        facts = [(f"input.{name}", str(getattr(self, name))) for name in names]
        months = [(f"input.turnover.{month}", str(minor)) for month, minor in window.months]
        return (*facts, *self.seller.figures(), *months)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says; ``limit_minor`` is 0 and ``reasons`` are given when it says no."""

    approved: bool
    limit_minor: int
    reasons: tuple[Reason, ...]
    reapply_from: date | None
    policy_version: str
    inputs_sha256: str
    figures: tuple[tuple[str, str], ...]
    assessment: LimitAssessment | None


CREDIT_POLICIES: Final = (
    CreditPolicy(
        version="seller-credit-1",
        effective_from=date(2016, 1, 1),
        veto=VetoPolicy(),
        limit=LimitPolicy(
            industry_factors=(("apparel", 10_000), ("electronics", 9_000), ("food", 11_000), ("home", 10_500))
        ),
    ),
)


def policy_in_force(*, on: date, policies: Sequence[CreditPolicy] = CREDIT_POLICIES) -> CreditPolicy:
    """Return the latest version that has begun. Refusals: PolicyNotInForce."""
    begun = [policy for policy in policies if policy.effective_from <= on]
    if not begun:
        raise PolicyNotInForce(f"no credit policy is in force on {on.isoformat()}", field="applied_on")
    return max(begun, key=lambda policy: policy.effective_from)


def decide(*, inputs: DecisionInputs, policy: CreditPolicy) -> Decision:
    """Return the decision on one application."""
    reasons = vetoes(facts=facts_of(inputs), policy=policy.veto)
    assessment = None if reasons else _assess(inputs, policy.limit)
    if assessment is not None and assessment.limit_minor == 0:
        reasons = (Reason("limit_below_minimum", Category.OPERATING, Waiting.OPERATING),)
    facts = inputs.figures()
    return Decision(
        approved=not reasons,
        limit_minor=assessment.limit_minor if assessment else 0,
        reasons=reasons,
        reapply_from=reapply_from(reasons=reasons, decided_on=inputs.applied_on),
        policy_version=policy.version,
        inputs_sha256=sha256("\n".join(f"{name}={value}" for name, value in facts).encode()).hexdigest(),
        figures=facts + (assessment.figures() if assessment else ()),
        assessment=assessment,
    )


def facts_of(inputs: DecisionInputs) -> VetoFacts:
    """Return what the veto rules look at."""
    return VetoFacts(
        applied_on=inputs.applied_on,
        blacklisted=inputs.blacklisted,
        account_count=inputs.account_count,
        trading_since=inputs.trading_since,
        window=six_months_before(applied_on=inputs.applied_on, turnover_minor=inputs.turnover_minor),
        debt_ratio_bps=inputs.debt_ratio_bps,
        idle_days=inputs.idle_days,
        industry_code=inputs.industry_code,
        seller=inputs.seller,
        turnover_minor=inputs.turnover_minor,
    )


def _assess(inputs: DecisionInputs, policy: LimitPolicy) -> LimitAssessment:
    trading_since = inputs.trading_since or inputs.applied_on
    return assess_limit(
        applied_on=inputs.applied_on,
        currency=inputs.currency,
        turnover_minor=inputs.turnover_minor,
        tax_12_months_minor=inputs.tax_12_months_minor,
        invoices_12_months_minor=inputs.invoices_12_months_minor,
        trading_since=trading_since,
        clean_record=inputs.clean_record,
        industry_code=inputs.industry_code,
        debt_ratio_bps=inputs.debt_ratio_bps,
        policy=policy,
    )
