"""The calculator ``restructure``: changes of a running plan, version by version.

Owns: its input and answer, and the limits over all changes together.
Refuses to know: how a change makes rows, and what it means for the loan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Switch
from ledger.calculators.plan_fields import CURRENCY, NESTED_PLAN
from ledger.calculators.plan_reading import nested_plan_terms, row_count, settled_conventions
from ledger.calculators.refusals import InputOutOfBounds
from ledger.calculators.restructure_answers import (
    differences,
    version_answer,
    version_rows,
    version_totals,
)
from ledger.calculators.restructure_changes import apply, payments_of
from ledger.calculators.restructure_fields import CHANGE, PAYMENT_FIELDS, require_fields
from ledger.calculators.restructure_findings import Step, figures_answer, flags_answer
from ledger.calculators.schedule import SCHEDULE_EXAMPLE
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.plan_changes.combination import LENGTHENING, require_compatible
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion, agreed_version
from ledger.kernel.refusals import Refusal
from ledger.policies.classification import Scheme
from ledger.policies.extension_limit import require_short_enough

# Every change works out the rows to come anew, at each dated rate; this keeps an answer within seconds.
_WORK_MAX: Final = 60_000

FIELDS: Final = {
    "currency": CURRENCY,
    "schedule": Field(NESTED_PLAN, "The agreed plan, as the schedule calculator takes it."),
    **PAYMENT_FIELDS,
    "changes": Field(Many(CHANGE, minimum=1, maximum=24), "The changes in the order of their days."),
    "hardship": Field(
        Switch(), "The borrower is in difficulty, so that a concession is a restructuring.", default=False
    ),
    "limit": Field(Amount(), "The most that may be outstanding.", default=None, convention=True),
    "include_planned": Field(
        Switch(), "Tranches that are agreed and not drawn count.", default=True, convention=True
    ),
    "extension_limit": Field(
        Switch(),
        "The maturity moves no further than the original term allows.",
        default=True,
        convention=True,
    ),
    "scheme": Field(Choice.of(Scheme), "The table of categories.", default="decree_2023", convention=True),
}


def compute_restructure(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the versions, the rows of the last, how they differ from the agreed ones, and the flags."""
    _require_bounded(values)
    currency, terms = values["currency"], nested_plan_terms(values)
    agreed = agreed_version(terms)
    steps = _steps(agreed, values)
    last = steps[-1].after if steps else agreed
    _require_extension(values, agreed, last, steps)
    return {
        "versions": [
            version_answer(agreed, change=None),
            *(version_answer(step.after, change=step.change) for step in steps),
        ],
        "rows": version_rows(last, currency=currency),
        "totals": version_totals(last, currency=currency),
        "differences": differences(agreed, last, currency=currency),
        "flags": flags_answer(values, steps),
        "figures": [figures_answer(step, currency=currency) for step in steps],
        "conventions": settled_conventions(terms),
    }


def _require_bounded(values: Mapping[str, Any]) -> None:
    changes, plan = values["changes"], values["schedule"]
    rates = 1 + len(plan["rates"] or ()) + sum(len(change["rates"] or ()) for change in changes)
    if row_count(plan) * rates * len(changes) > _WORK_MAX:
        raise InputOutOfBounds(
            f"Rows times dated rates times changes are at most {_WORK_MAX}.",
            field="changes",
            maximum=_WORK_MAX,
        )


def _steps(agreed: PlanVersion, values: Mapping[str, Any]) -> list[Step]:
    for at, change in enumerate(values["changes"]):
        require_fields(change, at=at)
    counted = [
        (at, change)
        for at, change in enumerate(values["changes"])
        if values["include_planned"] or not change["planned"]
    ]
    require_compatible([(ChangeKind(change["kind"]), change["on"]) for _, change in counted])
    steps: list[Step] = []
    version = agreed
    for at, change in counted:
        with _naming_the_change(at, change):
            payments = payments_of(change, values)
            after = apply(version, change, payments, limit_minor=values["limit"])
        steps.append(Step(change, version, after, payments))
        version = after
    return steps


@contextmanager
def _naming_the_change(at: int, change: Mapping[str, Any]) -> Iterator[None]:
    """Let a refusal say which change it is about, since a rule knows only the one it is asked about."""
    try:
        yield
    except Refusal as refusal:
        name = (refusal.field or "").removeprefix("changes.")
        if name in change:
            refusal.field = f"changes[{at}].{name}"
        refusal.details.setdefault("change", at)
        raise


def _require_extension(
    values: Mapping[str, Any], agreed: PlanVersion, last: PlanVersion, steps: Sequence[Step]
) -> None:
    if values["extension_limit"] and any(step.after.kind in LENGTHENING for step in steps):
        require_short_enough(
            start=agreed.terms.start, original_maturity=agreed.maturity, new_maturity=last.maturity
        )


RESTRUCTURE = register(
    Calculator(
        name="restructure",
        title="Changes of a running plan: tranches, deferral, rates, relief, re-ageing",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "schedule": {**SCHEDULE_EXAMPLE, "start": "2024-03-05"},
            "rows_paid": 2,
            "changes": [{"kind": "defer", "on": "2024-05-15", "by": 1}],
        },
        compute=compute_restructure,
    )
)
