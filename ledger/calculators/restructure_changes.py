"""From the fields of a change to the next version of a plan.

Owns: the defaults of each kind, and words that only some kinds know.
Refuses to know: what a change does to the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from ledger.calculators.quoted_rates import require_one_of
from ledger.calculators.refusals import InputContradictory, InputFieldInvalid
from ledger.domain.plan_changes.acceleration import CURE_DAYS, Ground, Notice, accelerate
from ledger.domain.plan_changes.deferral import DeferralInterest, defer, extend, interest_only, skip
from ledger.domain.plan_changes.earned_interest import Earned
from ledger.domain.plan_changes.interest_relief import capitalise, forgive
from ledger.domain.plan_changes.payments import PartPaid, Payments
from ledger.domain.plan_changes.rate_changes import change_rate, pause
from ledger.domain.plan_changes.re_ageing import Placing, ReAge, re_age, re_amortise
from ledger.domain.plan_changes.repricing import Floating, RepricingDay, repriced_steps
from ledger.domain.plan_changes.rows_to_come import Remake
from ledger.domain.plan_changes.tranches import Tranche, disburse
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion, undo
from ledger.domain.plans.choices import GraceInterest
from ledger.domain.plans.rate_table import RateStep, RateTable
from ledger.kernel.frequencies import Frequency, Unit
from ledger.kernel.rates import RATE_UNIT

_Word = TypeVar("_Word", bound=StrEnum)
Change = Mapping[str, Any]
Apply = Callable[[PlanVersion, Change, Payments], PlanVersion]


def payments_of(change: Change, values: Mapping[str, Any]) -> Payments:
    """Return what was paid by the day of a change: its own fields, otherwise those of the input."""
    rows_paid = values["rows_paid"] if change["rows_paid"] is None else change["rows_paid"]
    parts = values["part_paid"] if change["part_paid"] is None else change["part_paid"]
    return Payments(
        rows_paid or 0,
        tuple(PartPaid(part["row"], part["principal"], part["interest"]) for part in parts or ()),
    )


def notice_of(change: Change) -> Notice:
    """Return the notice of an acceleration."""
    return Notice(
        ground=Ground(change["ground"]),
        cure_days=_or(change["cure_days"], CURE_DAYS),
        uplift_e8=_or(change["penalty_uplift"], RATE_UNIT // 2),
    )


def apply(
    version: PlanVersion, change: Change, payments: Payments, *, limit_minor: int | None
) -> PlanVersion:
    """Return the next version. Refuses what the kind of change refuses."""
    kind = ChangeKind(change["kind"])
    if kind is ChangeKind.DISBURSE:
        tranche = Tranche(amount_minor=change["amount"], limit_minor=limit_minor)
        how = _word(Remake, change["rows"], Remake.NEW_INSTALMENT)
        return disburse(version, on=change["on"], tranche=tranche, how=how, payments=payments)
    return _APPLY[kind](version, change, payments)


def _defer(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    unit = Unit(change["unit"]) if change["unit"] else version.terms.due_dates.frequency.unit
    interest = _word(DeferralInterest, change["interest"], DeferralInterest.WITH_NEXT)
    return defer(version, on=change["on"], by=change["by"], unit=unit, interest=interest)


def _extend(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    return extend(version, on=change["on"], rows=change["count"])


def _interest_only(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    extends = bool(change["extends"])
    return interest_only(version, on=change["on"], rows=change["count"], extends=extends)


def _skip(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    return skip(
        version,
        on=change["on"],
        rows=change["count"],
        interest=_word(GraceInterest, change["interest"], GraceInterest.DEFERRED),
        extends=change["extends"] is not False,
        has_consent=bool(change["consent"]),
    )


def _rate_change(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    how = _word(Remake, change["rows"], Remake.NEW_INSTALMENT)
    return change_rate(version, on=change["on"], steps=_steps(version, change), how=how)


def _steps(version: PlanVersion, change: Change) -> tuple[RateStep, ...]:
    require_one_of(change, "annual_rate", "rates", within="changes.")
    if change["annual_rate"] is not None:
        for name in ("spread", "spread_below", "repricing"):
            if change[name] is not None:
                raise InputContradictory("Only published rates have this.", field=f"changes.{name}")
        return (RateStep(change["on"], change["annual_rate"]),)
    floating = Floating(
        published=RateTable(tuple(RateStep(step["from"], step["annual_rate"]) for step in change["rates"])),
        spread_e8=(change["spread"] or 0) - (change["spread_below"] or 0),
        days=_word(RepricingDay, change["repricing"], RepricingDay.PUBLICATION),
    )
    return repriced_steps(
        floating, contract_start=version.agreed.terms.start, since=change["on"], until=version.maturity
    )


def _pause(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    how = _word(Remake, change["rows"], Remake.KEEP_PRINCIPAL)
    return pause(version, on=change["on"], until=change["until"], how=how)


def _capitalise(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    return capitalise(
        version,
        on=change["on"],
        parts=parts_of(change),
        payments=payments,
        has_consent=bool(change["consent"]),
    )


def _forgive(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    return forgive(version, on=change["on"], parts=parts_of(change), payments=payments)


def parts_of(change: Change) -> frozenset[Earned]:
    """Return which earned interest a change is about."""
    return frozenset(Earned(part) for part in change["parts"] or ["overdue"])


def _accelerate(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    return accelerate(version, on=change["on"], notice=notice_of(change), payments=payments)


def _re_age(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    step = change["frequency"]
    new = ReAge(
        rows=change["count"],
        first_due_on=change["first_due_on"],
        frequency=Frequency.named(step) if step else version.terms.due_dates.frequency,
        charges_interest=change["with_interest"] is not False,
        takes_overdue_interest=change["overdue_interest"] is not False,
        placing=_word(Placing, change["interest"], Placing.FULL),
        fees_minor=change["fees"] or 0,
    )
    return re_age(version, on=change["on"], new=new, payments=payments)


def _re_amortise(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    takes = bool(change["overdue_interest"])
    return re_amortise(version, on=change["on"], payments=payments, takes_overdue_interest=takes)


def _undo(version: PlanVersion, change: Change, payments: Payments) -> PlanVersion:
    del payments
    return undo(version, on=change["on"])


def _word(words: type[_Word], given: str | None, default: _Word) -> _Word:
    if given is None:
        return default
    if given not in [word.value for word in words]:
        known = ", ".join(word.value for word in words)
        raise InputFieldInvalid(f"For this kind of change this is one of: {known}.", field="changes.interest")
    return words(given)


def _or(given: Any, default: Any) -> Any:
    return default if given is None else given


_APPLY: Final[dict[ChangeKind, Apply]] = {
    ChangeKind.DEFER: _defer,
    ChangeKind.EXTEND: _extend,
    ChangeKind.INTEREST_ONLY: _interest_only,
    ChangeKind.SKIP: _skip,
    ChangeKind.RATE_CHANGE: _rate_change,
    ChangeKind.PAUSE: _pause,
    ChangeKind.CAPITALISE: _capitalise,
    ChangeKind.FORGIVE: _forgive,
    ChangeKind.ACCELERATE: _accelerate,
    ChangeKind.RE_AGE: _re_age,
    ChangeKind.RE_AMORTISE: _re_amortise,
    ChangeKind.UNDO: _undo,
}
