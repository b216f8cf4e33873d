"""Products: what can be borrowed, at which price and under which rules, by version.

Owns: the record of one version, made of records for price, repayment, arrears, use of payments, early
repayment, payout, quality and offer, and that each of its fields is sound.
Refuses to know: any borrower and any loan, and the plans that follow from it (``product_check``). A loan
keeps the version it was drawn on. Amounts are minor units of the product's currency; a product without a
currency is offered in the currency of the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.contract.repayment_terms import ContractMethod, Finding, RepaymentTerms
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms
from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.plans.choices import Basis, Batch
from ledger.kernel.currencies import SCALES
from ledger.kernel.day_count import DayCount
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.policies.calendars import CALENDARS
from ledger.policies.classification import Scheme
from ledger.policies.product_pricing import PricingTerms

METHODS: Final = tuple(method.value for method in ContractMethod)
CODE_LENGTH_MAX: Final = 60
TERMS_MAX: Final = 24
# The longest term that is offered, in the steps, days or batches that a term counts.
TERM_MAX: Final = {ContractMethod.REVOLVING_DAILY: 366, ContractMethod.CUSTOM: 60}
STEPS_MAX: Final = 360
AMOUNT_MAX: Final = 10**13
PROVISION_MATRICES: Final = ("five_categories", "expected_loss")


class ProductTermsInvalid(Refusal):
    """A product parameter contradicts the rules or another parameter."""

    code = "LEDGER_PRODUCT_TERMS_INVALID"
    kind = RefusalKind.INVALID


class TermNotOffered(Refusal):
    """The product is not offered for this term."""

    code = "LEDGER_TERM_NOT_OFFERED"
    kind = RefusalKind.INVALID


class AmountOutsideProduct(Refusal):
    """The amount is below the product's minimum or above its maximum."""

    code = "LEDGER_AMOUNT_OUTSIDE_PRODUCT"
    kind = RefusalKind.INVALID


class ProductCurrencyDiffers(Refusal):
    """The product is offered in another currency."""

    code = "LEDGER_PRODUCT_CURRENCY_DIFFERS"
    kind = RefusalKind.INVALID


class PartsNotOffered(Refusal):
    """The first part is not what the product allows: in parts at all, not below the least amount, not above all."""

    code = "LEDGER_PARTS_NOT_OFFERED"
    kind = RefusalKind.INVALID


class BatchesNotOffered(Refusal):
    """The batches of a draw are missing, out of place, or outside what the product allows."""

    code = "LEDGER_BATCHES_NOT_OFFERED"
    kind = RefusalKind.INVALID


def public_name(field: str) -> str:
    """Return a field's name as it is known outside, where amounts and rates are text without a unit."""
    return field.replace("_minor", "").removesuffix("_e8")


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """What may be asked for: a term counts steps, days of a revolving draw, or batches.

    ``offered_until`` is the first day without the product, as a promotion has one.
    """

    terms: tuple[int, ...]
    amount_minor_min: int
    amount_minor_max: int
    offered_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class QualityTerms:
    """By which tables loans of the product are classified and provided for."""

    classification: Scheme = Scheme.DECREE_2023
    provision: str = PROVISION_MATRICES[0]


@dataclass(frozen=True, kw_only=True)
class ProductTerms:
    """One version of a product. Refuses ProductTermsInvalid, naming the field.

    Days past due are calendar days since the oldest unpaid due date; the grace days do not stop them.
    """

    code: str
    version: int
    effective_from: date
    offer: OfferTerms
    pricing: PricingTerms
    repayment: RepaymentTerms
    title: str = ""
    currency: str = ""
    arrears: ArrearsTerms = field(default_factory=ArrearsTerms)
    allocation: AllocationTerms = field(default_factory=AllocationTerms)
    early: EarlyTerms = field(default_factory=EarlyTerms)
    quality: QualityTerms = field(default_factory=QualityTerms)
    payout: PayoutTerms = field(default_factory=PayoutTerms)

    def __post_init__(self) -> None:
        for name, is_sound, message in self._findings():
            if not is_sound:
                raise ProductTermsInvalid(message, field=public_name(name), product=self.code)

    @property
    def method(self) -> str:
        """Return the method's name."""
        return self.repayment.method.value

    def is_offered(self, on: date) -> bool:
        """Say whether the version can be drawn on, as far as its own dates say."""
        until = self.offer.offered_until
        return self.effective_from <= on and (until is None or on < until)

    def require_term(self, term: int) -> None:
        """Refuse a term the product is not offered for."""
        if term not in self.offer.terms:
            raise TermNotOffered(
                "The product is not offered for this term.", field="term", offered=list(self.offer.terms)
            )

    def require_amount(self, amount_minor: int) -> None:
        """Refuse an amount outside the product's bounds."""
        if not self.offer.amount_minor_min <= amount_minor <= self.offer.amount_minor_max:
            raise AmountOutsideProduct(
                "The amount is outside what the product allows.",
                field="amount",
                minimum_minor=self.offer.amount_minor_min,
                maximum_minor=self.offer.amount_minor_max,
            )

    def require_currency(self, currency: str) -> None:
        """Refuse another currency than the product's own, if it has one."""
        if self.currency not in ("", currency):
            raise ProductCurrencyDiffers(f"The product is offered in {self.currency}.", field="currency")

    def require_batches(
        self, batches: tuple[Batch, ...], *, amount_minor: int, term: int, start: date
    ) -> None:
        """Refuse batches of another method, or that break a bound the product sets."""
        if self.repayment.method is not ContractMethod.CUSTOM:
            if batches:
                raise BatchesNotOffered("Only the method of agreed batches has batches.", field="batches")
            return
        terms, dates = self.repayment, [start, *(batch.on for batch in batches)]
        gap, span = terms.batch_gap_days_min, terms.batch_span_days_max
        for is_kept, message in (
            (len(batches) == term, "There are as many batches as the term says."),
            (all((b - a).days >= gap for a, b in pairwise(dates)), f"Batches lie at least {gap} days apart."),
            ((dates[-1] - start).days <= span, f"The last batch lies at most {span} days away."),
            (all(batch.principal_minor >= 1 for batch in batches), "Each batch repays some principal."),
            (sum(b.principal_minor for b in batches) == amount_minor, "Batches add up to the amount."),
        ):
            if not is_kept:
                raise BatchesNotOffered(message, field="batches")

    def require_first_part(self, first_part_minor: int | None, *, amount_minor: int) -> None:
        """Refuse a first part that the product does not allow; None is a payout in one sum."""
        if first_part_minor is None:
            return
        for is_kept, message in (
            (self.payout.in_parts, "The product is paid out in one sum."),
            (first_part_minor >= self.offer.amount_minor_min, "The first part is below the least amount."),
            (first_part_minor < amount_minor, "The first part is less than the whole amount."),
        ):
            if not is_kept:
                raise PartsNotOffered(message, field="first_part")

    def conventions(self, batches: tuple[Batch, ...] = ()) -> LoanConventions | None:
        """Return what a loan keeps beyond its core terms; None when those say everything."""
        if self._is_plain():
            return None
        return LoanConventions(
            repayment=self.repayment,
            arrears=self.arrears,
            allocation=self.allocation,
            early=self.early,
            batches=batches,
        )

    def _is_plain(self) -> bool:
        by_days = RepaymentTerms(method=ContractMethod.REVOLVING_DAILY, day_count=self.repayment.day_count)
        by_months = RepaymentTerms(
            method=ContractMethod.EQUAL_INSTALMENT, basis=Basis.PERIODIC, day_count=self.repayment.day_count
        )
        arrears, allocation = self.arrears, self.allocation
        return (
            self.repayment in (by_days, by_months)
            and self.repayment.day_count in (DayCount.ACT_360, DayCount.ACT_365F)
            and arrears.compound is not CompoundMode.CONTRACT_UNTIL_MATURITY
            and arrears.grace_mode is ArrearsTerms.grace_mode
            and arrears.dpd_tolerance_minor == 0
            and (allocation.mode, allocation.by_source, allocation.surplus)
            == (AllocationTerms.mode, AllocationTerms.by_source, AllocationTerms.surplus)
            and len(self.early.modes) == 1
        )

    def _findings(self) -> Iterator[Finding]:
        yield from self._of_the_offer()
        for name, findings in (
            ("repayment", self.repayment.findings()),
            ("pricing", self.pricing.findings(self.effective_from)),
            ("arrears", self.arrears.findings()),
            ("allocation", self.allocation.findings()),
            ("early", self.early.findings(self.repayment)),
            ("payout", self.payout.findings(self.repayment)),
        ):
            yield from ((f"{name}.{part}", is_sound, message) for part, is_sound, message in findings)
        yield "quality.provision", self.quality.provision in PROVISION_MATRICES, "There is no such matrix."

    def _of_the_offer(self) -> Iterator[Finding]:
        offer, repayment = self.offer, self.repayment
        is_name = 1 <= len(self.code) <= CODE_LENGTH_MAX and self.code.isascii() and self.code.isprintable()
        yield "code", is_name and " " not in self.code, "A code is 1 to 60 ASCII characters without spaces."
        yield "version", self.version >= 1, "Versions count from 1."
        yield "currency", self.currency in ("", *SCALES), "The books hold no such currency."
        longest = TERM_MAX.get(repayment.method, STEPS_MAX)
        terms = offer.terms
        yield "offer.terms", 1 <= len(terms) <= TERMS_MAX, "There are 1 to 24 terms."
        yield "offer.terms", all(1 <= term <= longest for term in terms), f"A term is 1 to {longest}."
        yield "offer.terms", list(terms) == sorted(set(terms)), "Terms rise."
        yield "offer.amount_minor_min", offer.amount_minor_min >= 1, "A loan has at least one minor unit."
        bounds = offer.amount_minor_min <= offer.amount_minor_max <= AMOUNT_MAX
        yield "offer.amount_minor_max", bounds, "The maximum is not below the minimum, nor absurdly large."
        ends = offer.offered_until is None or offer.offered_until > self.effective_from
        yield "offer.offered_until", ends, "An offer ends after it begins."
        yield "repayment.calendar", repayment.calendar in ("", *CALENDARS), "There is no such calendar."
        for name in ("grace_principal_rows", "grace_interest_rows"):
            rows = getattr(repayment, name) < min(terms)
            yield f"repayment.{name}", rows, "At least one row comes after the grace period."
