"""From terms and dated facts to the position on a day.

Owns: telling facts again in their order from the beginning, interest on overdue principal before each of
them, and the surplus, which waits for the next disbursement. Refuses to know: how anything is stored.
The order in which facts became known does not matter; each telling starts from the terms alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import singledispatchmethod

from ledger.domain.progressive.allowance import Allowance
from ledger.domain.progressive.changes import change_rate, lend, pause, re_amortise
from ledger.domain.progressive.checks import check_facts
from ledger.domain.progressive.down_payment import down_payment_minor
from ledger.domain.progressive.facts import (
    Charge,
    Disbursement,
    Fact,
    Pause,
    Payment,
    RateChange,
    ReAmortisation,
    has_happened,
    in_order,
)
from ledger.domain.progressive.instalments import Instalments
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.overdue import charge_overdue_principal
from ledger.domain.progressive.payment_rules import DEFAULT_KIND
from ledger.domain.progressive.payoff import closes_loan, payoff_on
from ledger.domain.progressive.position import LevelSince, Position, position_rows, shared
from ledger.domain.progressive.sharing import Sharing, Taken
from ledger.domain.progressive.terms import ProgressiveTerms


def position_on(
    terms: ProgressiveTerms, facts: Iterable[Fact], *, as_of: date, rows_settled_max: int | None = None
) -> Position:
    """Return the rows, shares and payoff as of a day.

    ``rows_settled_max`` bounds the work. Refuses ProgressiveFactImpossible, ProgressiveFactsTooMany.
    """
    known = in_order(facts)
    check_facts(terms, known)
    telling = _Telling(terms, Allowance(rows_settled_max))
    for fact in known:
        if has_happened(fact, as_of=as_of):
            telling.tell(fact)
    return telling.position(as_of)


class _Telling:
    """One telling of all facts, from terms in which nothing has happened yet."""

    def __init__(self, terms: ProgressiveTerms, allowance: Allowance) -> None:
        self._terms = terms
        self._model = Model(terms, allowance=allowance)
        self._rows = Instalments(self._model)
        self._lent: list[Disbursement] = []
        self._levels: list[LevelSince] = []
        self._payments: list[tuple[Payment, list[Taken], int]] = []
        self._surplus_minor = 0

    @singledispatchmethod
    def tell(self, fact: Fact) -> None:
        """Let one fact happen."""
        raise TypeError(f"there is no such fact: {fact!r}")

    @tell.register
    def _(self, fact: Pause) -> None:
        pause(self._model, fact)
        self._rows.follow_model(fact.on)

    @tell.register
    def _(self, fact: RateChange) -> None:
        self._note_level(fact.on, change_rate(self._model, fact), why="rate_change")

    @tell.register
    def _(self, fact: Charge) -> None:
        self._rows.add_charge(fact)

    @tell.register
    def _(self, fact: Disbursement) -> None:
        self._charge_overdue(fact.on)
        down = down_payment_minor(self._terms, fact.amount_minor)
        if down:
            self._rows.add_down_payment(fact.on, down)
        self._lent.append(fact)
        changed = lend(self._model, fact, amount_minor=fact.amount_minor - down)
        self._note_level(fact.on, changed, why="disbursement")
        if self._surplus_minor:
            self._use_surplus(fact.on)

    @tell.register
    def _(self, fact: ReAmortisation) -> None:
        self._charge_overdue(fact.on)
        self._note_level(fact.on, re_amortise(self._model, fact), why="re_amortisation")

    @tell.register
    def _(self, fact: Payment) -> None:
        closes = closes_loan(self._model, fact)
        self._charge_overdue(fact.on, closes=closes)
        self._surplus_minor += self._share(fact, fact.amount_minor, closes=closes)

    def position(self, as_of: date) -> Position:
        """Return everything as it stands at the end of a day."""
        # A payoff may be charged further than the day, which has to be decided before overdue principal is.
        reaches_on = self._model.conventions.reaches_row_end(closes=True)
        to_end = self._model.copy() if reaches_on else self._model
        self._charge_overdue(as_of)
        return Position(
            rows=position_rows(self._model, self._rows.rows, self._lent),
            overpaid_minor=self._surplus_minor,
            levels=tuple(self._levels),
            payments=tuple(shared(*paid, self._rows.rows) for paid in self._payments),
            payoff=payoff_on(to_end, self._rows.rows, as_of),
        )

    def _share(self, payment: Payment, amount_minor: int, *, closes: bool = False) -> int:
        rules = self._terms.rules_for(payment.kind)
        sharing = Sharing(self._model, self._rows, rules, on=payment.on, closes=closes)
        left = sharing.share(amount_minor)
        self._payments.append((payment, sharing.taken, left))
        return left

    def _use_surplus(self, on: date) -> None:
        surplus = Payment(on, self._surplus_minor, DEFAULT_KIND)
        self._surplus_minor = self._share(surplus, surplus.amount_minor)

    def _charge_overdue(self, on: date, *, closes: bool = False) -> None:
        if self._model.conventions.recalculates:
            charge_overdue_principal(self._model, on=on, closes=closes)
            self._rows.follow_model(on)

    def _note_level(self, on: date, index: int | None, *, why: str) -> None:
        self._rows.follow_model(on)
        if index is not None:
            level = self._model.rows[index].agreed_level_minor
            self._levels.append(LevelSince(on, why, self._model.rows[index].due_on, level))
