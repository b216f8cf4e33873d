"""Which changes may be agreed together on one day.

Owns: the rules over the whole set, so that no part is made before the whole is possible.
Refuses to know: what each change does to the rows.

| together                                   | refused because                                   |
| ------------------------------------------ | ------------------------------------------------- |
| two of one kind                            | one of them would undo or double the other        |
| acceleration with anything                 | what is due at once cannot be made easier         |
| re-ageing with other terms of repayment    | the new rows replace whatever they would change   |
| skipping with interest only or deferral    | a row cannot be left out and paid, or moved        |
| capitalising with forgiving                | interest is given up or owed, not both            |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from ledger.domain.plan_changes.versions import ChangeKind
from ledger.kernel.refusals import Refusal, RefusalKind


class ChangesContradictory(Refusal):
    """Two changes of one day exclude each other."""

    code = "LEDGER_CHANGES_CONTRADICTORY"
    kind = RefusalKind.INVALID


_OF_ROWS: Final = frozenset(
    {ChangeKind.DEFER, ChangeKind.EXTEND, ChangeKind.INTEREST_ONLY, ChangeKind.SKIP, ChangeKind.RE_AMORTISE}
)
# Changes that move the maturity; a longer life through a tranche at the old instalment is no extension.
LENGTHENING: Final = frozenset(
    {ChangeKind.DEFER, ChangeKind.EXTEND, ChangeKind.INTEREST_ONLY, ChangeKind.SKIP, ChangeKind.RE_AGE}
)
_REPEATABLE: Final = frozenset({ChangeKind.DISBURSE, ChangeKind.UNDO})
_EXCLUDED: Final[dict[ChangeKind, frozenset[ChangeKind]]] = {
    ChangeKind.ACCELERATE: frozenset(ChangeKind) - {ChangeKind.ACCELERATE, ChangeKind.UNDO},
    ChangeKind.RE_AGE: _OF_ROWS,
    ChangeKind.SKIP: frozenset({ChangeKind.INTEREST_ONLY, ChangeKind.DEFER}),
    ChangeKind.CAPITALISE: frozenset({ChangeKind.FORGIVE}),
}


def require_compatible(changes: Sequence[tuple[ChangeKind, date]]) -> None:
    """Refuse changes that go back in time or do not fit each other. Refuses ChangesContradictory."""
    days = [on for _, on in changes]
    if days != sorted(days):
        raise ChangesContradictory("Changes are given in the order of their days.", field="changes")
    for day in sorted(set(days)):
        _require_fit([kind for kind, on in changes if on == day], day)


def _require_fit(kinds: Sequence[ChangeKind], on: date) -> None:
    for at, kind in enumerate(kinds):
        others = {*kinds[:at], *kinds[at + 1 :]}
        is_double = kind in kinds[:at] and kind not in _REPEATABLE
        excluded = others & _EXCLUDED.get(kind, frozenset())
        if is_double or excluded:
            other = kind if is_double else min(excluded)
            raise ChangesContradictory(
                "These changes of one day exclude each other.",
                field="changes",
                on=on.isoformat(),
                kinds=sorted({kind.value, other.value}),
            )
