"""Rows from plans: the first plan, a plan made again from a day on, and interest of a running row.

Owns: turning plan rows into claims, cutting the running period where a balance or a rate changes so that
its interest is still rounded once, and which instalment is kept.
Refuses to know: why rows are planned again, and payments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from ledger.domain.plans.building import build_plan, plan_over
from ledger.domain.plans.choices import Grace, Method
from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rows import Plan, PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import InstalmentBelowInterest, Step, interest_of, walk
from ledger.domain.servicing.claims import (
    PRINCIPAL,
    Claim,
    Piece,
)
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.periods_again import Cut, rerated, restarted
from ledger.domain.servicing.plan_rows import add_rows
from ledger.domain.servicing.rows_taken_out import Taken
from ledger.kernel.rounding import divide_rounded


def begin_plan(life: Life, terms: PlanTerms) -> list[Claim]:
    """Plan a loan from its first day. Refuses what a plan refuses."""
    plan = _built(terms)
    life.plan, life.version = terms, life.version + 1
    return add_rows(life, plan.rows, grace=terms.grace, put_off=[])


def begin_again(life: Life, terms: PlanTerms) -> None:
    """Plan by the rates now known what was paid out while nothing else is to come: its money is out.

    Instalments that changed rates or a small amount leave no room for are not equalised, or are in units.
    """
    terms = replace(terms, equalisation_rounds=0) if len(life.rates.steps) > 1 else terms
    try:
        begin_plan(life, replace(terms, rates=life.rates))
    except InstalmentBelowInterest:
        begin_plan(life, replace(terms, rates=life.rates, equalisation_rounds=0, multiple_minor=1))


@lru_cache(maxsize=1024)
def _built(terms: PlanTerms) -> Plan:
    """Return a plan; equal terms give equal plans, and a life is derived many times."""
    return build_plan(terms)


def plan_again(
    life: Life, taken: Taken, *, balance_minor: int, cut: Cut | None, keeps_level: bool
) -> list[Claim]:
    """Put rows for a balance in the place of rows taken out: the same due dates, the rates now known."""
    terms = _later_terms(life, taken.old, balance_minor)
    periods = [rerated(terms, claim.period) for claim in taken.old if claim.period is not None]
    if cut is not None:
        periods[0] = restarted(terms, periods[0], cut, balance_minor)
    given = _kept(terms, taken.old) if keeps_level else None
    rows = _rows_over(terms, periods, taken.old, balance_minor, given)
    life.plan, life.version = terms, life.version + 1
    new = add_rows(life, rows, grace=terms.grace, put_off=[] if cut is not None else _put_off(taken.old))
    going_on = (taken.old[0].counted_from, taken.old[0].carried)
    new[0].counted_from, new[0].carried = going_on if cut is None else (cut.on, cut.carried or Fraction(0))
    return new


def balance_to_come(to_come: Sequence[Claim]) -> int:
    """Return the principal of rows to come that is outstanding, without interest still to be capitalised."""
    return sum(
        claim.amounts[PRINCIPAL] - claim.gone[PRINCIPAL] - claim.capitalised_minor for claim in to_come
    )


def interest_until(
    life: Life, to_come: Sequence[Claim], balance_minor: int, on: date, *, ends: bool = False
) -> Fraction:
    """Return the exact interest of a running row by a day, by actual days, with what grace rows put off.

    Where the loan ends on that day its last day may count, and a bullet has a shortest time.
    """
    put_off = sum(piece.amount_minor for piece in _put_off(to_come))
    if to_come[0].is_forgiven:
        return Fraction(put_off)
    until = _last_day(_plan_of(life), on) if ends else on
    return put_off + _counted_until(life, to_come[0], balance_minor, until)


def _counted_until(life: Life, running: Claim, balance_minor: int, until: date) -> Fraction:
    terms = _plan_of(life)
    base = terms.financed_minor if terms.method is Method.FLAT else balance_minor
    pieces = counted_pieces(terms, start=min(running.counted_from, until), end=until)
    return running.carried + base * sum((piece.factor for piece in pieces), Fraction(0))


def keep_interest_so_far(life: Life, to_come: Sequence[Claim], balance_minor: int, on: date) -> None:
    """Fix the interest of the running row by a day, because principal to come is about to be repaid."""
    running = to_come[0]
    if not running.is_forgiven and _plan_of(life).method is not Method.FLAT:
        running.carried = _counted_until(life, running, balance_minor, on)
        running.counted_from, running.balance_moved = on, True


def collapsed(life: Life, early: Claim, to_come: Sequence[Claim]) -> None:
    """Keep a row that falls due at once on a later day in the plan: interest is for the days until repaid."""
    running, terms, due_on = to_come[0], _plan_of(life), early.due_on
    pieces = counted_pieces(terms, start=early.starts_on, end=due_on)
    early.period = PlanPeriod(running.number, early.starts_on, due_on, due_on, due_on, pieces)
    early.counted_from, early.is_forgiven, early.balance_moved = (
        running.counted_from,
        running.is_forgiven,
        True,
    )
    early.carried = running.carried + sum(piece.amount_minor for piece in _put_off(to_come))
    early.planned_minor = early.amounts[PRINCIPAL]


def _last_day(terms: PlanTerms, on: date) -> date:
    end = on + timedelta(days=1 if terms.counts_last_day else 0)
    return max(end, terms.start + timedelta(days=terms.min_interest_days))


def _put_off(to_come: Sequence[Claim]) -> list[Piece]:
    """Return interest of grace rows gone by that falls due with a row to come."""
    starts_on = to_come[0].starts_on
    return [piece for claim in to_come for piece in claim.pieces if piece.ends_on <= starts_on]


def _kept(terms: PlanTerms, to_come: Sequence[Claim]) -> int | None:
    if terms.method is Method.EQUAL_PRINCIPAL:
        return to_come[min(terms.grace.principal_rows, len(to_come) - 1)].planned_minor
    return to_come[0].level_minor


def rounded(life: Life, amount: Fraction) -> int:
    """Return an amount rounded once, as the plan rounds."""
    mode = _plan_of(life).rounding
    return divide_rounded(numerator=amount.numerator, denominator=amount.denominator, mode=mode)


def _plan_of(life: Life) -> PlanTerms:
    """Return the plan of a life that has rows of one."""
    assert life.plan is not None
    return life.plan


def _later_terms(life: Life, to_come: Sequence[Claim], balance_minor: int) -> PlanTerms:
    terms = _plan_of(life)
    grace = Grace(
        principal_rows=_left(terms.grace.principal_rows, to_come),
        interest_rows=_left(terms.grace.interest_rows, to_come),
        interest=terms.grace.interest,
    )
    return replace(
        terms,
        rates=life.rates,
        grace=grace,
        first_absorbs=False,
        equalisation_rounds=0,
        instalment_minor=None,
        balloon_minor=min(terms.balloon_minor, max(balance_minor - 1, 0)),
    )


def _left(rows: int, to_come: Sequence[Claim]) -> int:
    """Return how many of the first rows are still to come; at least one row follows them."""
    return max(0, min(rows - to_come[0].number + 1, len(to_come) - 1))


def _rows_over(
    terms: PlanTerms,
    periods: Sequence[PlanPeriod],
    old: Sequence[Claim],
    balance_minor: int,
    given_minor: int | None,
) -> tuple[PlanRow, ...]:
    if terms.method in (Method.CUSTOM, Method.FLAT):
        return _with_principal_as_agreed(terms, periods, old, balance_minor)
    # A kept instalment may not cover the interest of a larger balance or rate: it is set anew. One in whole
    # multiples may round to less than the interest of the little that is left: one in units does not.
    for chosen, given in ((terms, given_minor), (terms, None)):
        try:
            return plan_over(chosen, periods=periods, balance_minor=balance_minor, given_minor=given).rows
        except InstalmentBelowInterest:
            continue
    return plan_over(replace(terms, multiple_minor=1), periods=periods, balance_minor=balance_minor).rows


def _with_principal_as_agreed(
    terms: PlanTerms, periods: Sequence[PlanPeriod], old: Sequence[Claim], balance_minor: int
) -> tuple[PlanRow, ...]:
    """Keep agreed batches and flat rows; what was repaid early is taken off the last of them."""
    wanted, left = [], balance_minor
    for claim in old:
        wanted.append(min(left, claim.amounts[PRINCIPAL]))
        left -= wanted[-1]

    def principal_of(step: Step) -> tuple[int, int | None]:
        return wanted[step.index], None

    rows = walk(terms, periods=periods, balance_minor=balance_minor, principal_of=principal_of)
    if terms.method is Method.CUSTOM:
        return rows
    flat = [interest_of(terms, row.period, base_minor=terms.financed_minor) for row in rows]
    return tuple(
        replace(row, accrued_minor=charged, interest_minor=charged)
        for row, charged in zip(rows, flat, strict=True)
    )
