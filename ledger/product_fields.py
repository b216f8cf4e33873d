"""The fields of a product version as they are written in JSON, and the way between JSON and terms.

Owns: the meaning, kind and bounds of every field; names, defaults and types are those of the records.
Refuses to know: which combinations are sound. Amounts and rates are text; a product without a currency shows
its amounts as counts of minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Final

import msgspec

from ledger.calculators.fields import Amount, Choice, CurrencyCode, Day, Kind, Name, Rate, Switch, Whole
from ledger.calculators.shapes import REQUIRED, Field, Many, Shape
from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import AllocationMode
from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.payout_terms import AVAILABILITY_DAYS_MAX, PARTS_MAX, PayoutTerms
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import (
    AllocationTerms,
    EarlyTerms,
    PaymentSource,
    SourceRules,
    SurplusRule,
)
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis, GraceInterest, Level
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import EVERY_MAX, Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding
from ledger.policies.calendars import CALENDARS
from ledger.policies.classification import Scheme
from ledger.policies.product_pricing import PricingTerms, RateKind
from ledger.policies.product_terms import (
    CODE_LENGTH_MAX,
    PROVISION_MATRICES,
    STEPS_MAX,
    TERMS_MAX,
    OfferTerms,
    ProductTerms,
    QualityTerms,
    public_name,
)
from ledger.policies.rate_ceiling import CeilingKind


class ProductAmount(Amount):
    """An amount in the product's currency, or in minor units where it has none."""

    def show(self, value: int, *, currency: str) -> str:
        """Return the decimal string, or the whole number as text."""
        return super().show(value, currency=currency) if currency else str(value)


def _shape(record: type, described: Mapping[str, tuple[Kind, str]]) -> Shape:
    """Return the shape of a record; what the record has a default for need not be given."""
    made = {}
    for field in fields(record):
        kind, doc = described[field.name]
        default: Any = REQUIRED
        if field.default is not MISSING:
            # What "nothing" stands for has no JSON form: it is what an absent field means.
            # A default amount is in minor units, whatever the currency, and cannot be written as text of one.
            absent = field.default is None or field.default == "" or isinstance(kind, Amount)
            default = None if absent else _plain(kind.show(field.default, currency=""))
        made[public_name(field.name)] = Field(kind, doc, default=default)
    return Shape(made)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


SHARE: Final = Rate(RATE_UNIT)
RATE: Final = Rate(RATE_UNIT)
OFFER: Final = _shape(
    OfferTerms,
    {
        "terms": (
            Many(Whole(1, max(STEPS_MAX, 366)), minimum=1, maximum=TERMS_MAX),
            "Terms offered: steps of the plan, days of a revolving draw, or batches.",
        ),
        "amount_minor_min": (ProductAmount(), "The least that is lent."),
        "amount_minor_max": (ProductAmount(), "The most that is lent."),
        "offered_until": (Day(), "The first day without the product."),
    },
)
PRICING: Final = _shape(
    PricingTerms,
    {
        "kind": (Choice.of(RateKind), "A fixed rate, or the prime rate of the day of signing plus a spread."),
        "annual_rate_e8": (RATE, "The fixed annual rate."),
        "spread_e8": (RATE, "What is added to the prime rate."),
        "ceiling": (Choice.of(CeilingKind), "The ceiling that the licence sets."),
        "own_ceiling_e8": (RATE, "The lender's own ceiling; the lower one counts."),
        "promotion_share_min_e8": (SHARE, "The least share of the rate that a promotion may charge."),
    },
)
REPAYMENT: Final = _shape(
    RepaymentTerms,
    {
        "method": (Choice.of(ContractMethod), "How principal and interest are spread."),
        "basis": (Choice.of(Basis), "Interest by whole steps or by days."),
        "day_count": (Choice.of(DayCount), "How days become part of a year."),
        "level": (Choice.of(Level), "How the equal instalment is set; by exact days where rows are."),
        "equalisation_rounds": (Whole(0, 3), "Rounds that bring the last row closer to the others."),
        "unit": (Choice.of(Unit), "What a step is counted in."),
        "every": (Whole(1, max(EVERY_MAX.values())), "How many units a step has."),
        "fixed_day": (Whole(1, 31), "Due on this day of the month."),
        "first_period_days_min": (
            Whole(0, 62),
            "A shorter first period moves the first due date by a month.",
        ),
        "end_of_month": (Switch(), "From the last day of a month, always the last day."),
        "holiday_rule": (Choice.of(Adjustment), "Where a due date moves that is no business day."),
        "calendar": (Choice(tuple(CALENDARS)), "Business days by name; without it every day is one."),
        "rounding": (Choice.of(Rounding), "How a tie or remainder is rounded."),
        "round_each_piece": (Switch(), "Interest is rounded once a rate piece, not once a row."),
        "first_absorbs": (Switch(), "The first row takes the rounding difference, not the last."),
        "multiple_minor": (ProductAmount(), "Instalments are multiples of this; one minor unit if absent."),
        "balloon_share_e8": (SHARE, "Share of the principal left for the last row."),
        "down_payment_share_e8": (SHARE, "Share of the principal due on the first day."),
        "grace_principal_rows": (Whole(0, 60), "First rows without principal."),
        "grace_interest_rows": (Whole(0, 60), "First rows without interest."),
        "grace_interest": (Choice.of(GraceInterest), "What becomes of that interest."),
        "flat_total_once": (Switch(), "Flat loans: the total interest is rounded once."),
        "min_interest_days": (Whole(0, 30), "Bullets: at least so many days are charged."),
        "batch_gap_days_min": (Whole(1, 366), "Agreed batches: the fewest days between two."),
        "batch_span_days_max": (Whole(1, 3660), "Agreed batches: the most days to the last one."),
        "settlement": (Choice.of(Settlement), "Revolving draws: which interest a repayment settles."),
    },
)
ARREARS: Final = _shape(
    ArrearsTerms,
    {
        "penalty_uplift_e8": (SHARE, "By which share of the rate overdue principal is dearer."),
        "compound": (Choice.of(CompoundMode), "At which rate unpaid interest bears interest."),
        "grace_days": (Whole(0, 30), "Days after the due date without a penalty."),
        "grace_mode": (Choice.of(GraceMode), "Whether a penalty then counts from the due date."),
        "dpd_tolerance_minor": (
            ProductAmount(zero=True),
            "What may stay unpaid on a row; nothing if absent.",
        ),
    },
)
SOURCE_RULES: Final = Shape(
    {
        "source": Field(Choice.of(PaymentSource), "Who pays."),
        "rules": Field(Many(Name(), minimum=1, maximum=10), "Such as past_due.interest, first one first."),
    }
)
ALLOCATION: Final = _shape(
    AllocationTerms,
    {
        "order": (Many(Choice(STANDARD_ORDER), minimum=5, maximum=5), "What is paid first."),
        "mode": (Choice.of(AllocationMode), "Whether each instalment or each component is paid off first."),
        "by_source": (Many(SOURCE_RULES, maximum=len(PaymentSource)), "Other rules by who pays."),
        "principal_first_after_dpd": (Whole(0, 3660), "Beyond so many days past due principal comes first."),
        "surplus": (Choice.of(SurplusRule), "What becomes of money beyond what is due."),
    },
)
EARLY: Final = _shape(
    EarlyTerms,
    {
        "fee_e8": (Rate(RATE_UNIT // 10), "Share of principal repaid early."),
        "modes": (
            Many(Choice.of(Replan), maximum=len(Replan)),
            "What a prepayment may do; none: only the whole.",
        ),
    },
)
QUALITY: Final = _shape(
    QualityTerms,
    {
        "classification": (Choice.of(Scheme), "The table that classifies loans."),
        "provision": (Choice(PROVISION_MATRICES), "The table that provides for them."),
    },
)
PAYOUT: Final = _shape(
    PayoutTerms,
    {
        "parts_max": (Whole(1, PARTS_MAX), "In how many parts a loan may be paid out; 1 is in one sum."),
        "availability_days": (
            Whole(0, AVAILABILITY_DAYS_MAX),
            "For so many days after the draw the rest may be called.",
        ),
    },
)
PARTS: Final = {
    "offer": OFFER,
    "pricing": PRICING,
    "repayment": REPAYMENT,
    "arrears": ARREARS,
    "allocation": ALLOCATION,
    "early": EARLY,
    "quality": QUALITY,
    "payout": PAYOUT,
}
_OPTIONAL: Final = ("arrears", "allocation", "early", "quality", "payout")
PRODUCT: Final = Shape(
    {
        "title": Field(Name(120), "What the product is called."),
        "currency": Field(CurrencyCode(), "The currency of every amount, and the only one it is offered in."),
        "effective_from": Field(Day(), "The first day on which the version can be drawn on."),
        **{
            name: Field(shape, f"See {name}.", default={} if name in _OPTIONAL else REQUIRED)
            for name, shape in PARTS.items()
        },
    }
)


def terms_of(body: Any, *, code: str) -> ProductTerms:
    """Return the terms that a body asks for, as version 1. Refuses by the name of the field."""
    Name(CODE_LENGTH_MAX).read(code, path="code", currency="")
    values = PRODUCT.read(body, path="", currency="")
    record = {name: values[name] for name in ("title", "currency", "effective_from")}
    parts = {name: _record(record_type, values[name]) for name, record_type in _RECORDS.items()}
    return msgspec.convert({"code": code, "version": 1, **record, **parts}, ProductTerms)


def shown(terms: ProductTerms) -> dict[str, Any]:
    """Return the terms as JSON; what is absent in a record is absent here."""
    values = {
        name: {public_name(field.name): _value(getattr(part, field.name)) for field in fields(part)}
        for name in PARTS
        for part in (getattr(terms, name),)
    }
    head = {"title": terms.title, "currency": terms.currency or None, "effective_from": terms.effective_from}
    return PRODUCT.show({**head, **values}, currency=terms.currency)


_RECORDS: Final = {
    "offer": OfferTerms,
    "pricing": PricingTerms,
    "repayment": RepaymentTerms,
    "arrears": ArrearsTerms,
    "allocation": AllocationTerms,
    "early": EarlyTerms,
    "quality": QualityTerms,
    "payout": PayoutTerms,
}


def _record(record: type, values: Mapping[str, Any]) -> dict[str, Any]:
    named = {field.name: values[public_name(field.name)] for field in fields(record)}
    return {name: value for name, value in named.items() if value is not None}


def _value(value: Any) -> Any:
    """Return a field as its kind shows it; an empty text means "nothing", as None does."""
    if isinstance(value, tuple) and value and isinstance(value[0], SourceRules):
        return [{"source": rules.source, "rules": list(rules.rules)} for rules in value]
    return None if value == "" else value
