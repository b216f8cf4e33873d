"""Which facts count on a day, and in which order.

Owns: leaving out what lies after the day and what has been reversed by it, the soundness of single facts
and of references between them, and the one order in which they are replayed.
Refuses to know: what facts do. A fact that is sound stays sound whatever arrives later: amounts are
compared with what is owed only where a fact is replayed, and there nothing is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Final

from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.facts import Fact, Reversal
from ledger.kernel.refusals import Refusal, RefusalKind


class FactInvalid(Refusal):
    """A fact has an amount, a rate or a date that no fact of its kind can have."""

    code = "LEDGER_FACT_INVALID"
    kind = RefusalKind.INVALID


class FactRepeated(Refusal):
    """Two facts have the same identifier."""

    code = "LEDGER_FACT_REPEATED"
    kind = RefusalKind.INVALID


class FactReferenceUnknown(Refusal):
    """A fact refers to one that is not there, comes later, or is of a kind it cannot refer to."""

    code = "LEDGER_FACT_REFERENCE_UNKNOWN"
    kind = RefusalKind.INVALID


class FactReversedTwice(Refusal):
    """A fact is reversed once."""

    code = "LEDGER_FACT_REVERSED_TWICE"
    kind = RefusalKind.INVALID


_REFERS_TO: Final[Mapping[type[Fact], tuple[type[Fact], ...]]] = {
    kinds.PromotionEnded: (kinds.PromotionGranted,),
    kinds.ChargeWaived: (kinds.ChargeAdded,),
    kinds.ChargeAdjusted: (kinds.ChargeAdded,),
    kinds.Chargeback: (kinds.PaymentReceived, kinds.Recovered),
    kinds.PaymentReversed: (kinds.PaymentReceived, kinds.Recovered, kinds.Refunded, kinds.Chargeback),
    kinds.DisbursementReversed: (kinds.Disbursed,),
    kinds.ChargeOffUndone: (kinds.ChargedOff, kinds.WrittenOff, kinds.SettledAtDiscount),
    kinds.SaleUndone: (kinds.Sold,),
    kinds.ChangeUndone: (
        kinds.RateChanged,
        kinds.InterestPaused,
        kinds.PromotionGranted,
        kinds.PromotionEnded,
        kinds.PlanChanged,
        kinds.ChargeAdded,
        kinds.ChargeWaived,
        kinds.ChargeAdjusted,
        kinds.InterestWaived,
        kinds.PenaltyWaived,
        kinds.Accelerated,
        kinds.NonAccrualStarted,
        kinds.NonAccrualEnded,
    ),
}
_DAYS: Final = ("until", "due_on")
_AMOUNTS: Final = ("amount_minor", "price_minor")
_RATE_E8_MAX: Final = 10**9
# The fields of each kind that have bounds of their own.
_FIGURES: Final[Mapping[type[Fact], tuple[str, ...]]] = {
    kind: tuple(one.name for one in fields(kind) if one.name in (*_AMOUNTS, *_DAYS, "rate_e8", "share_e8"))
    for kind in vars(kinds).values()
    if isinstance(kind, type) and issubclass(kind, Fact)
}


def in_order(facts: Iterable[Fact], *, on: date) -> tuple[list[Fact], frozenset[str]]:
    """Return the facts in force on a day as they are replayed, and the ids of those reversed by then.

    Refuses FactInvalid, FactRepeated, FactReferenceUnknown, FactReversedTwice.
    """
    known = [fact for fact in facts if fact.effective_date <= on]
    by_id = {fact.id: fact for fact in known}
    if len(by_id) < len(known):
        raise FactRepeated("Facts have identifiers of their own.", field="facts", id=_repeated(known))
    undone: set[str] = set()
    for fact in known:
        _require_sound(fact)
        if type(fact) in _REFERS_TO:
            _require_target(fact, by_id)
    for fact in known:
        if isinstance(fact, Reversal):
            if fact.of in undone:
                raise FactReversedTwice("This fact has been reversed.", field="of", id=fact.id, of=fact.of)
            undone.add(fact.of)
    replayed = [
        fact
        for fact in known
        if not isinstance(fact, Reversal) and fact.id not in undone and _target(fact) not in undone
    ]
    replayed.sort(key=lambda fact: (fact.effective_date, fact.day_order, fact.sequence, fact.id))
    return replayed, frozenset(undone)


def _target(fact: Fact) -> str | None:
    """Return what a fact refers to; what refers to a reversed fact falls away with it."""
    return getattr(fact, "of", None)


def _require_target(fact: Fact, by_id: Mapping[str, Fact]) -> None:
    target = by_id.get(_target(fact) or "")
    is_before = target is not None and target.effective_date <= fact.effective_date
    if not is_before or not isinstance(target, _REFERS_TO[type(fact)]):
        raise FactReferenceUnknown(
            "The fact refers to one that is not there, comes later, or is of another kind.",
            field="of",
            id=fact.id,
            of=_target(fact),
        )


def _require_sound(fact: Fact) -> None:
    for name in _FIGURES[type(fact)]:
        value = getattr(fact, name)
        if value is None:
            continue
        if name in _AMOUNTS:
            if type(value) is not int or value < 1:
                raise FactInvalid(
                    "An amount is a positive whole number of minor units.",
                    field=name.removesuffix("_minor"),
                    id=fact.id,
                )
        elif name in _DAYS:
            if value <= fact.effective_date and not _may_be_due(fact, name, value):
                raise FactInvalid("This date lies after the fact's own.", field=name, id=fact.id)
        elif not 0 <= value <= _RATE_E8_MAX:
            raise FactInvalid("A rate is not negative and not above 10.", field=name, id=fact.id)
    if isinstance(fact, kinds.Sold) and not fact.buyer.strip():
        raise FactInvalid("A sale names its buyer.", field="buyer", id=fact.id)


def _may_be_due(fact: Fact, name: str, day: date) -> bool:
    """Say whether something may fall due on the very day it is decided, as charges and accelerations do."""
    return name == "due_on" and day == fact.effective_date and not isinstance(fact, kinds.PlanChanged)


def _repeated(known: Iterable[Fact]) -> str:
    seen: set[str] = set()
    return next(fact.id for fact in known if fact.id in seen or seen.add(fact.id))  # type: ignore[func-returns-value]
