"""Another rate from a day on, and days without interest.

Owns: putting dated rates and pauses into the contract's table from a day on, and planning the rows from
the one that contains the day. Refuses to know: where the rates come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ledger.domain.plan_changes.periods_to_come import repriced
from ledger.domain.plan_changes.rows_to_come import Remake, inherited, remade
from ledger.domain.plan_changes.standing import Standing, standing_on
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion
from ledger.domain.plans.choices import Method
from ledger.domain.plans.rate_table import RateStep, RateTable, RateTableInvalid, RateWindow


def change_rate(
    version: PlanVersion, *, on: date, steps: Sequence[RateStep], how: Remake = Remake.NEW_INSTALMENT
) -> PlanVersion:
    """Charge dated rates from a day on, instead of what was agreed for then.

    Refuses RateTableInvalid, NothingToChange, ChangeImpossible, InstalmentBelowInterest.
    """
    standing = standing_on(version, on=on)
    if not steps or steps[0].effective_from != on:
        raise RateTableInvalid("The first new rate takes effect on the day of the change.", field="rates")
    rates = standing.terms.rates
    before = [step for step in rates.steps if step.effective_from < on]
    return _at(standing, replace(rates, steps=(*before, *steps)), how, ChangeKind.RATE_CHANGE)


def pause(version: PlanVersion, *, on: date, until: date, how: Remake = Remake.KEEP_PRINCIPAL) -> PlanVersion:
    """Charge no interest from a day until the day before another.

    Refuses RateTableInvalid for a pause within a pause, NothingToChange, ChangeImpossible.
    """
    standing = standing_on(version, on=on)
    rates = standing.terms.rates
    pauses = sorted((*rates.pauses, RateWindow(on, until)), key=lambda window: window.starts_on)
    return _at(standing, replace(rates, pauses=tuple(pauses)), how, ChangeKind.PAUSE)


def _at(standing: Standing, rates: RateTable, how: Remake, kind: ChangeKind) -> PlanVersion:
    terms = replace(standing.terms, rates=rates)
    periods = repriced(terms, standing.periods)
    rows = remade(standing, terms, periods, balance_minor=standing.balance_minor, how=how)
    left = replace(terms, count=terms.count if terms.method is Method.BULLET else len(rows))
    return standing.followed_by(inherited(standing, rows), kind=kind, terms=left)
