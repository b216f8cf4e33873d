"""Versions for tests: everything not named is the ordinary 50,000.00 at 10.8% over 6 months from 5 March 2024."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from ledger.domain.plan_changes.payments import PartPaid, Payments
from ledger.domain.plan_changes.versions import agreed_version
from tests.unit.ledger.domain.plans.building import terms

MONTHS = ["2024-03-05", "2024-04-05", "2024-05-05", "2024-06-05", "2024-07-05", "2024-08-05", "2024-09-05"]


def on(text):
    return date.fromisoformat(text)


def version(*args, **kwargs):
    return agreed_version(terms(*args, **kwargs))


def rows_from(changed, first=0):
    """Return (principal, interest) of the rows from an index on."""
    return [(row.principal_minor, row.interest_minor) for row in changed.rows[first:]]


def dues(changed):
    return [row.period.due_on.isoformat() for row in changed.rows]


def steps(dates):
    """Return (start, due) pairs of rows that follow each other."""
    return list(pairwise(dates))


def paid(rows_paid=0, *parts):
    return Payments(rows_paid, tuple(PartPaid(*part) for part in parts))


def assert_holds(changed):
    """Every balance follows from the one before it, nothing is negative, the last is zero, nothing is lost.

    What moves on a due date comes after the row that is due then, also after the first.
    """
    agreed, *moved = changed.movements
    balance = agreed.principal_minor
    for row in changed.rows:
        came = [m for m in moved if m.on < row.period.due_on]
        balance += sum(m.principal_minor for m in came)
        moved = moved[len(came) :]
        assert row.opening_minor == balance, row
        assert min(row.principal_minor, row.interest_minor, row.accrued_minor, row.capitalised_minor) >= 0, (
            row
        )
        balance = row.closing_minor
    assert balance == 0
    assert moved == []
    capitalised = sum(row.capitalised_minor for row in changed.rows)
    assert sum(row.principal_minor for row in changed.rows) == changed.principal_minor + capitalised
