"""A loan's life lived day by day against books that only see events.

Owns: the pure day close (every open accrual posts one day), a trial balance built from posting legs,
and the laws that must hold after every single event.
Refuses to know: the database; what is proved here is proved about the rules alone.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import msgspec

from ledger.domain.accrual import COMPOUND, INTEREST, PENALTY, Accrual
from ledger.domain.chart_of_accounts import CHART
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_state import LoanStatus
from ledger.domain.loan_terms import LoanTerms
from ledger.kernel.refusals import Refusal
from ledger.postings import legs_for

LOAN, ENTITY, LINE, ACCOUNT, SOURCE = (UUID(int=number) for number in range(1, 6))
RECEIVABLES = {INTEREST: "1321", PENALTY: "1322", COMPOUND: "1322"}
INCOME = {INTEREST: "6011", PENALTY: "6012", COMPOUND: "6012"}
OPEN = (LoanStatus.ACTIVE, LoanStatus.OVERDUE)


def round_trip(event):
    """Return the event as it comes back from JSON text."""
    stored = msgspec.json.encode(vars(event))
    return msgspec.convert(msgspec.json.decode(stored), type(event))


class Life:
    """One loan, a second loan folded from its stored events, and the books of both."""

    def __init__(self, *, terms: LoanTerms, principal_minor: int, start: date, conventions=None) -> None:
        self.today = start
        self.loan = LoanAccount.blank(LOAN)
        self.replica = LoanAccount.blank(LOAN)
        self.balances: Counter[str] = Counter()
        self.segments: dict[tuple[str, date], Accrual] = {}
        self.events = []
        self.steps: list[str] = []
        self.do(
            "request",
            entity_id=ENTITY,
            line_id=LINE,
            account_id=ACCOUNT,
            principal_minor=principal_minor,
            terms=terms,
            conventions=conventions,
        )
        self.do("disburse", bank_reference="pay-1")

    @property
    def status(self) -> LoanStatus:
        return self.loan.state.status

    def do(self, command: str, **arguments):
        """Carry out a command today; on a refusal check that nothing changed and return it."""
        asked = (arguments.get("kind"), arguments.get("amount_minor"))
        self.steps.append(f"{self.today} {command} {asked}")
        before = (self.loan.version, self.loan.copy().state, len(self.loan.pending_events))
        try:
            result = getattr(self.loan, command)(effective_date=self.today, **arguments)
        except Refusal as refusal:
            assert (self.loan.version, self.loan.state, len(self.loan.pending_events)) == before
            return refusal
        for event in self.loan.collect_events():
            self._book(event)
        assert self.replica.state == self.loan.state
        return result

    def close_day(self) -> None:
        """Catch up with arrears, post one day of every accrual, and open the next day."""
        if self.status in OPEN:
            self.do("catch_up")
        for accrual in self._accruals_of_today():
            amount = accrual.amount_of_day(self.today)
            assert amount > 0
            self.balances[RECEIVABLES[accrual.kind]] += amount
            self.balances[INCOME[accrual.kind]] -= amount
        self.today += timedelta(days=1)
        self.assert_books_hold()

    def live_until(self, day: date) -> None:
        """Close every day before ``day``."""
        while self.today < day:
            self.close_day()

    def repay(self, kind: str, amount_minor: int | None = None, **more):
        return self.do("repay", kind=kind, amount_minor=amount_minor, source_account_id=SOURCE, **more)

    def of(self, topic: str):
        """Return the events of one topic so far."""
        return [event for event in self.events if topic == event.TOPIC]

    def assert_books_hold(self) -> None:
        """Check that the books and the state of the replica agree today."""
        state, on = self.replica.state, self.today
        assert self.balances["1301"] == state.outstanding_principal_minor, self.steps
        # What the lender is still committed to is posted by the line, not by the loan.
        assert self.balances["9099"] == self.balances["9001"] == 0
        payable: Counter[str] = Counter()
        for accrual in state.accruals:
            assert accrual.payable(on) >= 0
            assert accrual.per_day_numerator > 0 or not accrual.runs_after(on)
            payable[RECEIVABLES[accrual.kind]] += accrual.payable(on)
        assert self.balances["1321"] == payable["1321"], self.steps
        assert self.balances["1322"] == payable["1322"], self.steps
        assert sum(self.balances.values()) == 0
        assert sum(b for account, b in self.balances.items() if CHART[account].is_off_balance) == 0
        for row in state.rows:
            assert row.principal_open_minor >= 0
            assert min(row.paid.of(bucket) for bucket in ("fee", "penalty", "compound", "interest")) >= 0

    def _accruals_of_today(self):
        """Return the accruals that earn today, seen alike by the state and by a table of segments."""
        earning = [accrual for accrual in self.loan.state.accruals if accrual.amount_of_day(self.today)]
        rows = [segment for segment in self.segments.values() if segment.amount_of_day(self.today)]
        by_key = {segment.key: segment.amount_of_day(self.today) for segment in rows}
        assert by_key == {accrual.key: accrual.amount_of_day(self.today) for accrual in earning}
        assert len(by_key) == len(rows)
        return earning

    def _keep_segments(self, event) -> None:
        # What a table of segments does: a new segment ends the earlier ones of its key, the same
        # start replaces. Nothing else is known about the event.
        for new in getattr(event, "accruals", ()):
            for place, old in self.segments.items():
                if old.key == new.key and old.started_on < new.started_on:
                    self.segments[place] = old.closed(new.started_on)
            self.segments[new.key, new.started_on] = new

    def _book(self, event) -> None:
        stored = round_trip(event)
        assert stored == event
        stored.mutate(self.replica)
        state = self.replica.state
        for leg in legs_for(stored):
            self.balances[leg.account] += leg.amount_minor if leg.side == "D" else -leg.amount_minor
        self._keep_segments(stored)
        if stored.TOPIC == "loan.repaid":
            unpaid = {row.plan.number: state.unpaid_of(row, self.today) for row in state.rows}
            paid = [part.number for part in stored.parts if unpaid[part.number].total_minor == 0]
            assert list(stored.settled_numbers) == paid
        self.events.append(stored)
        self.assert_books_hold()
