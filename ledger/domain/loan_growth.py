"""How the books of one loan grow by themselves between two events.

Owns: turning stretches of growth into accruals that the day close posts, which of them are income, memo or
off the books, and what they add to the loan's balances until a day.
Refuses to know: why something grows, accounts, and the day close.
A penalty that has not begun is left out: the event of the day on which it begins posts what it has earned
since the due date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

from ledger.domain.accrual import COMPOUND, INTEREST, PENALTY, Accrual
from ledger.domain.servicing.books import Books
from ledger.domain.servicing.growing import growth
from ledger.domain.servicing.position import Growth, Position

MEMO: Final = "memo_"
OFF_BOOKS: Final = "off_books_"
_GROWS: Final[dict[str, tuple[str, ...]]] = {
    INTEREST: ("interest_receivable", "interest_income"),
    PENALTY: ("penalty_receivable", "penalty_income"),
    COMPOUND: ("penalty_receivable", "penalty_income"),
}
ACCRUAL_KINDS: Final = frozenset(
    prefix + kind for prefix in ("", MEMO, OFF_BOOKS) for kind in (INTEREST, PENALTY, COMPOUND)
)


def accruals_of(position: Position) -> tuple[Accrual, ...]:
    """Return what the day close posts from the day of a position on, as long as no event comes."""
    if position.given_up_on is not None or position.sold_on is not None:
        return ()
    prefix = _prefix(position)
    by_row = groupby(growth(position), key=lambda one: (one.row, one.kind))
    found = []
    for (_, kind), group in by_row:
        stretches = list(group)
        if kind == INTEREST or stretches[0].starts_on <= position.on:
            found += [_accrual(one, prefix) for one in stretches if one.per_day_numerator > 0]
    return tuple(found)


def changed_accruals(
    held: Iterable[Accrual], now: Iterable[Accrual], *, on: date
) -> tuple[tuple[Accrual, ...], tuple[str, ...]]:
    """Return the accruals that begin or change on a day, and the keys whose earlier ones end then."""
    before, after = _by_key(held), _by_key(now)
    keys = [
        key
        for key in (*before, *(key for key in after if key not in before))
        if _from(before.get(key, ()), on) != _from(after.get(key, ()), on)
    ]
    return tuple(accrual for key in keys for accrual in after.get(key, ())), tuple(
        key for key in keys if key in before
    )


def merged(
    held: Iterable[Accrual], changed: Iterable[Accrual], ended: Iterable[str], *, on: date
) -> tuple[Accrual, ...]:
    """Return the accruals after an event, without those that are over."""
    gone = {*ended, *(accrual.key for accrual in changed)}
    kept = (one for one in held if one.key not in gone and (one.ends_on is None or one.ends_on > on))
    return (*kept, *changed)


def grown(books: Books, accruals: Iterable[Accrual], *, since: date, until: date) -> Books:
    """Return balances of the morning of ``since`` as the closes of all days before ``until`` leave them."""
    added: dict[str, int] = {}
    for accrual in accruals:
        begins = max(since, accrual.accrue_from)
        if until <= begins:
            continue
        amount = accrual.earned(until) - accrual.earned(begins)
        for component in _components(accrual.kind):
            added[component] = added.get(component, 0) + amount
    return replace(books, **{name: getattr(books, name) + amount for name, amount in added.items()})


def _prefix(position: Position) -> str:
    if position.charged_off_on is not None:
        return OFF_BOOKS
    return MEMO if position.non_accrual_since is not None else ""


def _components(kind: str) -> tuple[str, ...]:
    if kind.startswith(OFF_BOOKS):
        return ("memo_charged_off",)
    return ("memo_nonaccrual_interest",) if kind.startswith(MEMO) else _GROWS[kind]


def _accrual(stretch: Growth, prefix: str) -> Accrual:
    kind = prefix + stretch.kind
    return Accrual(
        key=f"{kind}:{stretch.row}",
        kind=kind,
        started_on=stretch.starts_on,
        ends_on=stretch.ends_on,
        accrue_from=stretch.starts_on,
        per_day_numerator=stretch.per_day_numerator,
        denominator=stretch.denominator,
        carry_numerator=stretch.carry_numerator,
        settled_minor=0,
    )


def _by_key(accruals: Iterable[Accrual]) -> dict[str, tuple[Accrual, ...]]:
    by_key: dict[str, tuple[Accrual, ...]] = {}
    for accrual in accruals:
        by_key[accrual.key] = (*by_key.get(accrual.key, ()), accrual)
    return by_key


def _from(accruals: Iterable[Accrual], on: date) -> list[Accrual]:
    """Return the accruals as they look from a day on, so that equal growth looks equal."""
    return [
        replace(
            one,
            started_on=max(on, one.started_on),
            accrue_from=max(on, one.accrue_from),
            carry_numerator=one.exact_numerator(max(on, one.started_on)),
        )
        for one in accruals
        if one.ends_on is None or one.ends_on > on
    ]
