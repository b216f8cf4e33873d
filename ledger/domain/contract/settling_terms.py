"""How payments are used: the order of claims by source of money, and repaying ahead of time.

Owns: the rules in force for a payment, what becomes of a surplus, and which ways of planning again are offered.
Refuses to know: what is due, and how amounts are set against rules (``allocation_rules``).
Sources: Civil Code art. 561 for the order, art. 677 for repaying early.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import (
    AllocationMode,
    AllocationRulesInvalid,
    Rule,
    Timing,
)
from ledger.domain.contract.repayment_terms import ContractMethod, Finding, RepaymentTerms
from ledger.domain.plans.replanning import Replan
from ledger.kernel.rates import RATE_UNIT

DPD_MAX: Final = 3660
EARLY_FEE_MAX_E8: Final = RATE_UNIT // 10


class PaymentSource(StrEnum):
    """Who set a payment of what is due in motion; the word is kept with the payment."""

    BORROWER = "borrower"
    AUTO_DEBIT = "auto_debit"
    LINKED_DEDUCTION = "linked_deduction"


class SurplusRule(StrEnum):
    """What becomes of money beyond what is due."""

    STAYS_ON_ACCOUNT = "stays_on_account"
    PREPAYS = "prepays"  # as far as a partial prepayment is offered and reaches principal


@dataclass(frozen=True, kw_only=True)
class SourceRules:
    """The rules for payments from one source, such as past_due.interest, in their order."""

    source: PaymentSource
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AllocationTerms:
    """The order of buckets inside an instalment, and exceptions by source."""

    order: tuple[str, ...] = STANDARD_ORDER
    mode: AllocationMode = AllocationMode.BY_INSTALMENT
    by_source: tuple[SourceRules, ...] = ()
    principal_first_after_dpd: int = 90
    surplus: SurplusRule = SurplusRule.STAYS_ON_ACCOUNT

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be sound, field by field."""
        each_once = sorted(self.order) == sorted(STANDARD_ORDER)
        yield "order", each_once, "The order names each of the five buckets once."
        yield "principal_first_after_dpd", 0 <= self.principal_first_after_dpd <= DPD_MAX, "0 to 3660 days."
        sources = [exception.source for exception in self.by_source]
        yield "by_source", len(set(sources)) == len(sources), "Each source has one list of rules."
        for exception in self.by_source:
            yield (
                "by_source",
                _reach_everything(exception.rules),
                "Rules pay all that is due, once, nothing ahead.",
            )


@dataclass(frozen=True, kw_only=True)
class EarlyTerms:
    """The fee as a share of principal repaid early, and the modes offered; the first one is the usual one."""

    fee_e8: int = 0
    modes: tuple[Replan, ...] = (Replan.SHORTEN_TERM,)

    def findings(self, repayment: RepaymentTerms) -> Iterator[Finding]:
        """Yield what is to be sound, field by field, for a way of repaying."""
        yield "fee_e8", 0 <= self.fee_e8 <= EARLY_FEE_MAX_E8, "A fee is 0 to 0.1."
        free = self.fee_e8 == 0 or not repayment.is_revolving
        yield "fee_e8", free, "A revolving draw may be repaid on any day without a fee."
        yield "modes", len(set(self.modes)) == len(self.modes), "Each mode is named once."
        whole = repayment.min_interest_days == 0
        yield "modes", whole or not self.modes, "With least interest days only the whole is repaid early."
        in_parts = repayment.method not in (ContractMethod.INTEREST_ONLY, ContractMethod.BULLET)
        shortens = Replan.SHORTEN_TERM in self.modes
        yield "modes", in_parts or not shortens, "Without instalments of principal no term gets shorter."


def _reach_everything(names: tuple[str, ...]) -> bool:
    try:
        rules = [Rule.named(name) for name in names]
    except AllocationRulesInvalid:
        return False
    wanted = {Rule(timing, bucket) for timing in (Timing.PAST_DUE, Timing.DUE) for bucket in STANDARD_ORDER}
    return len(rules) == len(wanted) and set(rules) == wanted
