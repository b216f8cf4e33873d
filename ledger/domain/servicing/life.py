"""The state of one loan while its facts are replayed, and the few ways in which it changes.

Owns: the rows in order of their due dates, the running totals, settling parts of rows, the passing of time
(overpayments used on due dates, capitalised interest, the day interest stops being income), and arrears.
Refuses to know: kinds of facts, plans, and the order in which a payment is used.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing.books import Books
from ledger.domain.servicing.claims import (
    COMPOUND,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    Claim,
    Paces,
    RowKind,
)
from ledger.domain.servicing.rate_index import RateIndex
from ledger.domain.servicing.running_totals import GivenUp, Totals, UseOfMoney
from ledger.domain.servicing.terms import ServicingTerms


@dataclass(slots=True, eq=False)
class Life:
    """A loan on the day ``now``. ``spend`` uses an overpayment on a due date; it is handed in."""

    terms: ServicingTerms
    rates: RateTable
    paces: Paces
    daily: RateIndex
    now: date
    spend: Callable[[Life, date], None]
    plan: PlanTerms | None = None
    version: int = 0
    matures_on: date = date.max
    rows: list[Claim] = field(default_factory=list)
    first: int = 0
    first_owing_principal: int = 0
    overpaid: int = 0
    totals: Totals = field(default_factory=Totals)
    uses: list[UseOfMoney] = field(default_factory=list)
    charges: dict[str, Claim] = field(default_factory=dict)
    charged_back: dict[str, list[int]] = field(default_factory=dict)
    granted: dict[str, date] = field(default_factory=dict)
    waivers: list[tuple[str, int, int]] = field(default_factory=list)
    books_left: Books | None = None
    non_accrual_since: date | None = None
    accrues_again_since: date = date.min
    charged_off_on: date | None = None
    given_up: GivenUp | None = None
    given_up_on: date | None = None
    sold_on: date | None = None
    restructured: bool = False

    def fork(self) -> Life:
        """Return a second life with the same past; what happens to one from now on does not touch the other."""
        twins = {id(claim): claim.twin() for claim in self.rows}
        return replace(
            self,
            rows=[twins[id(claim)] for claim in self.rows],
            totals=deepcopy(self.totals),
            uses=list(self.uses),
            charges={name: twins.get(id(claim), claim) for name, claim in self.charges.items()},
            charged_back={of: list(settled) for of, settled in self.charged_back.items()},
            granted=dict(self.granted),
            waivers=list(self.waivers),
        )

    def add(self, claim: Claim) -> Claim:
        """Put a row where its due date belongs: charges before, others after the rows of that date."""
        place = bisect_left if claim.kind is RowKind.CHARGE else bisect_right
        at = place(self.rows, claim.due_on, key=due_date)
        self.rows.insert(at, claim)
        self._look_again_from(at)
        return claim

    def remove(self, claims: Sequence[Claim]) -> None:
        """Take rows out."""
        out = {id(claim) for claim in claims}
        at = next(place for place, claim in enumerate(self.rows) if id(claim) in out)
        self.rows = [claim for claim in self.rows if id(claim) not in out]
        self._look_again_from(at)

    def new_claim(self, *, name: str, kind: RowKind, due_on: date, amounts: list[int]) -> Claim:
        """Return a row that asks for amounts on one date and grows only when overdue."""
        return Claim(
            name=name,
            kind=kind,
            version=self.version,
            starts_on=min(self.now, due_on),
            due_on=due_on,
            grace_ends=self.grace_ends(due_on),
            charged_from=self.charged_from(due_on),
            amounts=amounts,
        )

    def grace_ends(self, due_on: date, pay_by: date | None = None) -> date:
        """Return the last day on which a payment of a row bears no penalty."""
        ends = due_on + timedelta(days=self.terms.overdue.grace_days)
        return ends if pay_by is None else max(ends, pay_by)

    def charged_from(self, due_on: date, pay_by: date | None = None) -> date:
        """Return the day from which a penalty counts once the grace days are over."""
        is_plain = self.terms.overdue.grace_mode == "plain"
        return self.grace_ends(due_on, pay_by) if is_plain else due_on

    def open(self, claim: Claim, on: date) -> list[int]:
        """Return what each component of a row owes."""
        return claim.open_all(on, self.paces, self.matures_on)

    def open_total(self, claim: Claim, on: date) -> int:
        """Return everything a row owes."""
        return sum(claim.open_all(on, self.paces, self.matures_on))

    def settle(self, claim: Claim, component: int, amount_minor: int, on: date) -> None:
        """Take a part of a row as gone; what grows on it goes on from what is left."""
        if component in (INTEREST, PRINCIPAL):
            claim.bring_forward(on, self.paces, self.matures_on)
        claim.gone[component] += amount_minor

    def pay(self, claim: Claim, component: int, amount_minor: int, use: UseOfMoney) -> None:
        """Use a part of a payment; the caller closes the row once it has taken what it wants."""
        self.settle(claim, component, amount_minor, use.on)
        claim.paid[component] += amount_minor
        self.totals.paid[component] += amount_minor
        use.shares.append((claim.name, component, amount_minor))

    def waive(self, claim: Claim, component: int, amount_minor: int, on: date) -> None:
        """Give up a part of a row."""
        self.settle(claim, component, amount_minor, on)
        claim.waived[component] += amount_minor
        target = self.totals.waived_in_memo if self._is_memo(component) else self.totals.waived_as_income
        target[component] += amount_minor
        self.close_if_settled(claim, on)

    def give_up(self, claim: Claim, on: date) -> None:
        """Give up everything a row owes."""
        for component, amount in enumerate(self.open(claim, on)):
            self.settle(claim, component, amount, on)
            claim.waived[component] += amount
            target = self.totals.waived_in_memo if self._is_memo(component) else self.totals.given_up
            target[component] += amount
        self.close_if_settled(claim, on)

    def sell(self, claim: Claim, on: date) -> None:
        """Let a buyer have everything a row owes; it is not asked for here any more."""
        for component, amount in enumerate(self.open(claim, on)):
            self.settle(claim, component, amount, on)
            target = self.totals.sold_in_memo if self._is_memo(component) else self.totals.sold
            target[component] += amount
        self.close_if_settled(claim, on)

    def mature(self, on: date) -> None:
        """Set the day on which the loan matures; the rate on unpaid interest may depend on it."""
        if self.paces.until_maturity is not None:
            for claim in self.rows_open():
                claim.bring_forward(self.now, self.paces, self.matures_on)
        self.matures_on = on

    def close_if_settled(self, claim: Claim, on: date) -> None:
        """Note the day on which a row was settled, and pass over it from then on."""
        if claim.settled_on is None and self.open_total(claim, on) == 0 and not claim.capitalised_minor:
            claim.settled_on = on
            while self.first < len(self.rows) and self.rows[self.first].settled_on is not None:
                self.first += 1

    def rows_to_come(self, on: date) -> list[Claim]:
        """Return the rows of the plan that fall due after a day."""
        at = bisect_right(self.rows, on, key=due_date)
        return [claim for claim in self.rows[at:] if claim.period is not None]

    def rows_open(self) -> list[Claim]:
        """Return the rows that are not settled, due or not."""
        return [claim for claim in self.rows[self.first :] if claim.settled_on is None]

    def call_in_charges(self, on: date) -> None:
        """Let charges that are to come fall due on a day."""
        later = [claim for claim in self.rows_open() if claim.due_on > on and claim.kind is RowKind.CHARGE]
        if later:
            self.remove(later)
            for claim in later:
                self.fall_due(claim, on)
                self.add(claim)

    def fall_due(self, claim: Claim, on: date) -> None:
        """Set the due date of a row that bears no penalty yet."""
        claim.due_on, claim.starts_on = on, min(claim.starts_on, on)
        claim.grace_ends, claim.charged_from = self.grace_ends(on), self.charged_from(on)
        claim.penalty_since = claim.compound_since = claim.charged_from

    def rows_owing_principal(self, until: int) -> list[Claim]:
        """Return the rows before a place from the first one whose principal is open.

        After long arrears there may be hundreds whose principal is repaid and whose penalties are not.
        """
        at = self.first_owing_principal
        while at < until and self.rows[at].amounts[PRINCIPAL] == self.rows[at].gone[PRINCIPAL]:
            at += 1
        self.first_owing_principal = at
        return self.rows[at:until]

    def rows_due(self, on: date) -> Iterator[Claim]:
        """Yield the open rows that fell due on or before a day."""
        for claim in self.rows[self.first :]:
            if claim.due_on > on:
                return
            if claim.settled_on is None:
                yield claim

    def days_past_due(self, on: date) -> int:
        """Return the days since the oldest due date with more than the tolerance unpaid."""
        for claim in self.rows_due(on):
            if claim.due_on < on and self.open_total(claim, on) > self.terms.tolerance_minor:
                return (on - claim.due_on).days
        return 0

    def advance(self, on: date) -> None:
        """Let time pass until a day, through every due date on which something happens by itself."""
        if on <= self.now:
            return
        at = bisect_right(self.rows, self.now, lo=self.first, key=due_date)
        while at < len(self.rows) and self.rows[at].due_on <= on:
            self._watch_arrears(self.rows[at].due_on)
            self.now, is_open = self.rows[at].due_on, False
            while at < len(self.rows) and self.rows[at].due_on == self.now:
                is_open = is_open or self.rows[at].settled_on is None
                self._capitalise(self.rows[at])
                at += 1
            # On the day of a row that was paid in advance nothing falls due.
            if self.overpaid and is_open:
                self.spend(self, self.now)
        self._watch_arrears(on)
        self.now = on

    def return_to_accrual(self, on: date) -> None:
        """Take interest as income again."""
        self.non_accrual_since, self.accrues_again_since = None, on

    def _look_again_from(self, place: int) -> None:
        self.first = min(self.first, place)
        self.first_owing_principal = min(self.first_owing_principal, place)

    def _is_memo(self, component: int) -> bool:
        return self.non_accrual_since is not None and component in (PENALTY, COMPOUND, INTEREST)

    def _capitalise(self, claim: Claim) -> None:
        if claim.capitalised_minor:
            claim.gone[INTEREST] += claim.capitalised_minor
            self.totals.capitalised += claim.capitalised_minor
            claim.capitalised_minor = 0
            self.close_if_settled(claim, claim.due_on)

    def _watch_arrears(self, on: date) -> None:
        """Stop taking interest as income on the day the arrears are older than the terms bear."""
        most = self.terms.non_accrual_after_dpd
        if self.non_accrual_since is not None or most is None:
            return
        for claim in self.rows[self.first :]:
            too_old = claim.due_on + timedelta(days=most + 1)
            if too_old > (self.non_accrual_since or on):
                return
            since = max(too_old, self.now, self.accrues_again_since)
            if claim.settled_on is None and self._is_late(claim, on):
                self.non_accrual_since = min(since, self.non_accrual_since or since)

    def _is_late(self, claim: Claim, on: date) -> bool:
        return self.open_total(claim, on) > self.terms.tolerance_minor


def due_date(claim: Claim) -> date:
    """Return what rows are ordered by."""
    return claim.due_on
