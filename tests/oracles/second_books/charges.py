"""Sharing payments out, penalties, categories and provisions, once more."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from tests.oracles.second_books.days import part_of_year, rounded

PARTS = ("fee", "penalty", "compound", "interest", "principal")
CATEGORIES = ("normal", "special_mention", "substandard", "doubtful", "loss")
LAST_DAYS = {"decree_2023": (0, 90, 270, 360), "small_business_2007": (0, 30, 90, 360)}


def shared(amount, owed, *, on, order=PARTS, by_component=False, days_past_due=0):
    """Return what each (row, part) receives of a payment; rows are (due date, amounts by part)."""
    late = [row for row, (due_on, _) in enumerate(owed) if due_on < on]
    today = [row for row, (due_on, _) in enumerate(owed) if due_on == on]
    visits = [(row, "principal") for row in late] if days_past_due > 90 else []
    for rows in (late, today):
        if by_component:
            visits += [(row, part) for part in order for row in rows]
        else:
            visits += [(row, part) for row in rows for part in order]
    given = {}
    for row, part in visits:
        step = min(amount, owed[row][1][part] - given.get((row, part), 0))
        given[row, part] = given.get((row, part), 0) + step
        amount -= step
    return given, amount


def penalty(*, principal, interest, due_on, on, contract, uplift, ceiling, grace, convention, mode):
    """Return penalty and compound interest, counted from the due date once the days of grace are over."""
    if (on - due_on).days <= grace["days"]:
        return 0, 0
    since = due_on if grace["retroactive"] else due_on + timedelta(days=grace["days"])
    rate = min(Fraction(rounded(contract * (1 + uplift) * 10**8, "half_up"), 10**8), ceiling)
    years = part_of_year(since, on, convention)
    return rounded(principal * rate * years, mode), rounded(interest * rate * years, mode)


def category(days, scheme):
    """Return the category by days past due."""
    tables = LAST_DAYS.values() if scheme == "strictest" else [LAST_DAYS[scheme]]
    return CATEGORIES[max(sum(days > last for last in table) for table in tables)]


def bucket(days):
    """Return the bucket of thirty days."""
    number = -(-days // 30)
    return f"M{number}" if number <= 6 else "M6+"


def expected_loss(*, days, drawn, undrawn, one_year, lifetime, lgd, discount, conversion, mode):
    """Return the stage and the loss."""
    stage = 1 + (days > 30) + (days > 90)
    probability = one_year if stage == 1 else lifetime
    return stage, rounded((drawn + conversion * undrawn) * probability * lgd * discount, mode)
