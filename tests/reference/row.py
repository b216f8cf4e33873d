"""A row of what the borrower owes: what it asks for, what it has got, and what being late has cost so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.arithmetic import (
    COMPONENTS,
    COMPOUND,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    half_up,
    nothing,
)
from tests.reference.plan import Period


@dataclass(eq=False)
class Row:
    """``asks`` are fixed amounts; ``brought`` is the part of them that was earned elsewhere; ``moved`` is what
    other rows took over (below zero: what this row left to others although it was paid here).
    """

    name: str
    kind: str
    number: int
    version: int
    starts_on: date
    due_on: date
    grace_ends: date
    charged_from: date
    asks: dict[str, int] = field(default_factory=nothing)
    brought: dict[str, int] = field(default_factory=nothing)
    paid: dict[str, int] = field(default_factory=nothing)
    waived: dict[str, int] = field(default_factory=nothing)
    moved: dict[str, int] = field(default_factory=nothing)
    earned: tuple[tuple[date, date, int], ...] = ()
    period: Period | None = None  # set while the row belongs to the plan
    level: int | None = None
    regular_part: int = 0
    balance_moved: bool = False
    so_far: Fraction = Fraction(0)  # interest of the running row, day by day, on the balance of each day
    is_draw: bool = False
    draw_interest: Fraction = Fraction(0)
    penalty: Fraction = Fraction(0)
    compound: Fraction = Fraction(0)
    is_penalised: bool = False
    is_late_fee: bool = False

    def asked(self, what: str) -> int:
        """Return everything the row has asked for by now; a planned row asks for all its interest."""
        if what == PENALTY:
            return self.asks[what] + half_up(self.penalty)
        if what == COMPOUND:
            return self.asks[what] + half_up(self.compound)
        if what == INTEREST and self.is_draw:
            return self.asks[what] + half_up(self.draw_interest)
        return self.asks[what]

    def gone(self, what: str) -> int:
        """Return what was paid, waived or moved."""
        return self.paid[what] + self.waived[what] + self.moved[what]

    def owes(self, what: str) -> int:
        """Return what is left."""
        return self.asked(what) - self.gone(what)

    def owes_in_all(self) -> int:
        """Return everything that is left."""
        return sum(self.owes(what) for what in COMPONENTS)

    def is_open(self) -> bool:
        """Say whether anything is left; nothing grows on a row on which nothing is left."""
        return any(self.owes(what) for what in COMPONENTS)

    def earned_interest(self, today: date) -> int:
        """Return the interest the row has earned by a day."""
        if self.is_draw or today >= self.due_on:
            return self.asked(INTEREST)
        earned = self.brought[INTEREST]
        for start, end, amount in self.earned:
            if today >= end:
                earned += amount
            elif today > start:
                earned += half_up(Fraction(amount * (today - start).days, (end - start).days))
        return earned

    def earned_charges(self) -> int:
        """Return the penalty and compound interest this row has earned itself."""
        return sum(self.asked(what) - self.brought[what] for what in (PENALTY, COMPOUND))

    def principal_left(self) -> int:
        """Return the principal that is left."""
        return self.owes(PRINCIPAL)
