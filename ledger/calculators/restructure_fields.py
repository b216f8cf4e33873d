"""The fields of one change of a running plan.

Owns: names, meanings and bounds, and which of them mean something to which kind of change.
Refuses to know: how a change is made (``restructure_changes``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.fields import Amount, Choice, Day, Name, Rate, Switch, Whole
from ledger.calculators.refusals import InputContradictory, InputFieldMissing
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.plan_changes.acceleration import Ground
from ledger.domain.plan_changes.deferral import DeferralInterest
from ledger.domain.plan_changes.earned_interest import Earned
from ledger.domain.plan_changes.re_ageing import Placing
from ledger.domain.plan_changes.repricing import RepricingDay
from ledger.domain.plan_changes.rows_to_come import Remake
from ledger.domain.plan_changes.versions import ChangeKind
from ledger.domain.plans.choices import GraceInterest
from ledger.kernel.frequencies import COUNT_MAX, NAMED, Unit
from ledger.kernel.rates import RATE_UNIT

KINDS: Final = tuple(kind.value for kind in ChangeKind if kind is not ChangeKind.AGREED)
INTEREST_WORDS: Final = tuple(
    dict.fromkeys(word.value for words in (DeferralInterest, GraceInterest, Placing) for word in words)
)
PART_PAID: Final = Shape(
    {
        "row": Field(Whole(1, COUNT_MAX * 3), "The number of a row that is due."),
        "principal": Field(Amount(zero=True), "Principal paid of it.", default="0"),
        "interest": Field(Amount(zero=True), "Interest paid of it.", default="0"),
    }
)
PAYMENT_FIELDS: Final = {
    "rows_paid": Field(Whole(0, COUNT_MAX * 3), "How many of the first rows are paid in full.", default=None),
    "part_paid": Field(Many(PART_PAID, maximum=60), "What is paid of rows after them.", default=None),
}
PUBLISHED: Final = Shape({"from": Field(Day(), "First day."), "annual_rate": Field(Rate(), "The rate.")})
_CHOSEN: Final[dict[str, Field]] = {
    "amount": Field(Amount(), "disburse: what is paid out.", default=None),
    "planned": Field(Switch(), "disburse: agreed for that day, and not drawn yet.", default=None),
    "rows": Field(
        Choice.of(Remake),
        "disburse, rate_change: new_instalment by default; pause: keep_principal by default.",
        default=None,
    ),
    "by": Field(Whole(0, COUNT_MAX), "defer: how many units the dates move.", default=None),
    "unit": Field(Choice.of(Unit), "defer: the unit; that of the plan by default.", default=None),
    "count": Field(
        Whole(0, COUNT_MAX),
        "extend: rows more; interest_only, skip: rows relieved; re_age: new rows.",
        default=None,
    ),
    "interest": Field(
        Choice(INTEREST_WORDS),
        "defer: with_next, spread or forgiven; skip: deferred, capitalised or forgiven; re_age: full, equal or split.",
        default=None,
    ),
    "extends": Field(
        Switch(), "interest_only (false by default), skip (true): the term grows by those rows.", default=None
    ),
    "annual_rate": Field(Rate(), "rate_change: the rate from that day on.", default=None),
    "rates": Field(
        Many(PUBLISHED, minimum=1, maximum=60), "rate_change: published rates instead of one.", default=None
    ),
    "spread": Field(Rate(), "rate_change: added to every published rate.", default=None),
    "spread_below": Field(Rate(), "rate_change: taken off every published rate.", default=None),
    "repricing": Field(
        Choice.of(RepricingDay), "rate_change: when a published rate is taken over.", default=None
    ),
    "until": Field(Day(), "pause: the first day that bears interest again.", default=None),
    "parts": Field(
        Many(Choice.of(Earned), minimum=1, maximum=3),
        "capitalise, forgive: which earned interest; overdue by default.",
        default=None,
    ),
    "consent": Field(
        Switch(), "capitalise, skip: the borrower agrees to interest on interest.", default=None
    ),
    "ground": Field(Choice.of(Ground), "accelerate: why.", default=None),
    "cure_days": Field(Whole(0, 90), "accelerate: days after the notice; 5 by default.", default=None),
    "penalty_uplift": Field(
        Rate(RATE_UNIT), "accelerate: the penalty rate's surplus; 0.5 by default.", default=None
    ),
    "first_due_on": Field(Day(), "re_age: the first new due date.", default=None),
    "frequency": Field(Choice(tuple(NAMED)), "re_age: the step; that of the plan by default.", default=None),
    "with_interest": Field(Switch(), "re_age: the new rows bear interest; by default.", default=None),
    "overdue_interest": Field(
        Switch(),
        "re_age (true by default), re_amortise (false): overdue interest joins the rows.",
        default=None,
    ),
    "fees": Field(Amount(zero=True), "re_age: overdue fees that join the rows.", default=None),
}
CHANGE: Final = Shape(
    {
        "kind": Field(Choice(KINDS), "What changes."),
        "on": Field(Day(), "The day from which it changes."),
        "reason": Field(Name(), "Why, kept with the version.", default=None),
        **_CHOSEN,
        **PAYMENT_FIELDS,
    }
)
# The fields of each kind; those it needs come first, up to the given number.
_FIELDS: Final[dict[ChangeKind, tuple[int, tuple[str, ...]]]] = {
    ChangeKind.DISBURSE: (1, ("amount", "planned", "rows")),
    ChangeKind.DEFER: (1, ("by", "unit", "interest")),
    ChangeKind.EXTEND: (1, ("count",)),
    ChangeKind.INTEREST_ONLY: (1, ("count", "extends")),
    ChangeKind.SKIP: (1, ("count", "interest", "extends", "consent")),
    ChangeKind.RATE_CHANGE: (0, ("annual_rate", "rates", "spread", "spread_below", "repricing", "rows")),
    ChangeKind.PAUSE: (1, ("until", "rows")),
    ChangeKind.CAPITALISE: (0, ("parts", "consent")),
    ChangeKind.FORGIVE: (0, ("parts",)),
    ChangeKind.ACCELERATE: (1, ("ground", "cure_days", "penalty_uplift")),
    ChangeKind.RE_AGE: (
        2,
        ("count", "first_due_on", "frequency", "interest", "with_interest", "overdue_interest", "fees"),
    ),
    ChangeKind.RE_AMORTISE: (0, ("overdue_interest",)),
    ChangeKind.UNDO: (0, ()),
}


def require_fields(change: Mapping[str, Any], *, at: int) -> None:
    """Refuse InputFieldMissing, and InputContradictory for a field that means nothing to the kind."""
    needed, known = _FIELDS[ChangeKind(change["kind"])]
    for name in known[:needed]:
        if change[name] is None:
            raise InputFieldMissing("This kind of change needs this field.", field=f"changes[{at}].{name}")
    for name in _CHOSEN:
        if change[name] is not None and name not in known:
            raise InputContradictory(
                "This field means nothing to this kind of change.",
                field=f"changes[{at}].{name}",
                kind=change["kind"],
            )
