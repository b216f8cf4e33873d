"""The rows to come after a change: with a new instalment, the old one, or the principal that was planned.

Owns: those three ways for every method, and what the rows inherit: interest and fees from before.
Refuses to know: which change asked for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from ledger.domain.plan_changes.periods_to_come import lengthened, repriced
from ledger.domain.plan_changes.standing import Standing
from ledger.domain.plan_changes.versions import ChangedRow
from ledger.domain.plan_changes.weighing import is_weighed
from ledger.domain.plans.building import plan_over
from ledger.domain.plans.choices import Basis, Level, Method
from ledger.domain.plans.flat import flat_rows
from ledger.domain.plans.rows import PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import interest_of, walk
from ledger.kernel.frequencies import COUNT_MAX
from ledger.kernel.refusals import Refusal, RefusalKind


class ChangeImpossible(Refusal):
    """The method, or the state of the plan, has no place for this change."""

    code = "LEDGER_PLAN_CHANGE_IMPOSSIBLE"
    kind = RefusalKind.INVALID


class Remake(StrEnum):
    """How the rows to come are made."""

    NEW_INSTALMENT = "new_instalment"  # the same rows, planned again
    KEEP_INSTALMENT = "keep_instalment"  # as many rows as the instalment needs
    KEEP_PRINCIPAL = "keep_principal"  # only interest follows the change


_WITH_INSTALMENT: Final = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL)


def remade(
    standing: Standing,
    terms: PlanTerms,
    periods: Sequence[PlanPeriod],
    *,
    balance_minor: int,
    how: Remake = Remake.NEW_INSTALMENT,
    by_rows: bool = False,
) -> tuple[PlanRow, ...]:
    """Return the rows to come. ``by_rows`` sets the level by what the rows really bear, not by whole steps.

    Refuses ChangeImpossible, InstalmentBelowInterest.
    """
    if how is Remake.KEEP_PRINCIPAL:
        kept = [row.principal_minor for row in standing.to_come]
        return with_principals(terms, periods, balance_minor=balance_minor, principals=kept)
    if how is Remake.KEEP_INSTALMENT:
        return _with_kept_instalment(standing, terms, periods, balance_minor)
    if terms.method is Method.FLAT:
        return _flat(terms, periods, balance_minor, None)
    return plan_over(
        _level_by_rows(terms) if by_rows or is_weighed(periods[0]) else terms,
        periods=periods,
        balance_minor=balance_minor,
    ).rows


def with_principals(
    terms: PlanTerms, periods: Sequence[PlanPeriod], *, balance_minor: int, principals: Sequence[int]
) -> tuple[PlanRow, ...]:
    """Return rows that repay given principal, with interest on what is left; the last repays the rest."""
    if terms.method is Method.FLAT:
        return _flat(terms, periods, balance_minor, principals)
    return walk(
        terms,
        periods=periods,
        balance_minor=balance_minor,
        principal_of=lambda step: (principals[step.index], None),
    )


def inheriting(
    rows: Sequence[PlanRow],
    *,
    carried: Sequence[int],
    fees: Sequence[int] = (),
    put_off_minor: int = 0,
    put_off_at: int = 0,
) -> tuple[PlanRow, ...]:
    """Add to rows, one by one, the interest and fees they carry; what has no row goes to the last."""
    count = len(rows)
    interest_of_row, fee_of_row = [0] * count, [0] * count
    for at, minor in enumerate(carried):
        interest_of_row[min(at, count - 1)] += minor
    for at, minor in enumerate(fees):
        fee_of_row[min(at, count - 1)] += minor
    interest_of_row[min(put_off_at, count - 1)] += put_off_minor
    return tuple(map(_with_carried, rows, interest_of_row, fee_of_row))


def inherited(standing: Standing, rows: Sequence[PlanRow]) -> tuple[PlanRow, ...]:
    """Add to rows all that the rows to come carried, and interest that was put off before them."""
    return inheriting(
        rows,
        carried=standing.carried,
        fees=standing.fees,
        put_off_minor=standing.put_off_minor,
        put_off_at=standing.terms.grace.interest_rows,
    )


def shared_out(minor: int, *, count: int) -> list[int]:
    """Return equal parts, the last one with the remainder: 100 in three is 33, 33, 34."""
    part = minor // count
    return [*[part] * (count - 1), minor - part * (count - 1)]


def _with_carried(row: PlanRow, interest_minor: int, fee_minor: int) -> PlanRow:
    if not interest_minor and not fee_minor:
        return row
    carrying = ChangedRow(**vars(row), carried_interest_minor=interest_minor, fee_minor=fee_minor)
    return replace(carrying, interest_minor=row.interest_minor + interest_minor)


def _level_by_rows(terms: PlanTerms) -> PlanTerms:
    if terms.method is not Method.EQUAL_INSTALMENT:
        return terms
    return replace(terms, basis=Basis.EXACT, level=Level.LEVEL_EXACT, year_days=None)


def _with_kept_instalment(
    standing: Standing, terms: PlanTerms, periods: Sequence[PlanPeriod], balance_minor: int
) -> tuple[PlanRow, ...]:
    given = _instalment(standing)
    if given is None or terms.method not in _WITH_INSTALMENT or terms.balloon_minor:
        raise ChangeImpossible("There is no instalment to keep.", field="rows", method=terms.method.value)
    more = 0
    while True:
        tried = lengthened(terms, periods, rows=more)
        rows = plan_over(terms, periods=tried, balance_minor=balance_minor, given_minor=given).rows
        if len(rows) < len(tried) or _counts(terms, rows[-1]) <= given:
            break
        more = max(1, 2 * more)
        if len(periods) + more > COUNT_MAX:
            raise ChangeImpossible(
                "At that instalment the plan never ends.", field="rows", instalment_minor=given
            )
    fitting = repriced(terms, tried[: len(rows)])
    return plan_over(terms, periods=fitting, balance_minor=balance_minor, given_minor=given).rows


def _counts(terms: PlanTerms, row: PlanRow) -> int:
    return row.principal_minor if terms.method is Method.EQUAL_PRINCIPAL else row.total_minor


def _instalment(standing: Standing) -> int | None:
    if standing.terms.method is Method.EQUAL_PRINCIPAL:
        paying = [row.principal_minor for row in standing.to_come if row.principal_minor]
        return paying[0] if paying else None
    return next((row.level_minor for row in standing.to_come if row.level_minor is not None), None)


def _flat(
    terms: PlanTerms, periods: Sequence[PlanPeriod], balance_minor: int, principals: Sequence[int] | None
) -> tuple[PlanRow, ...]:
    interest = [interest_of(terms, period, base_minor=terms.financed_minor) for period in periods]
    return flat_rows(terms, periods, balance_minor=balance_minor, interest=interest, principals=principals)
