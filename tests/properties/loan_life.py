"""A loan's life lived day by day against books that only see events.

Owns: the pure day close (every open accrual posts one day), a trial balance built from posting legs, a table
of accrual segments that knows nothing but events, and the laws that must hold after every event and day.
Refuses to know: the database; what is proved here is proved about the rules alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import msgspec

from ledger.domain.accrual import Accrual
from ledger.domain.accrual_run import AccrualBucket
from ledger.domain.chart_of_accounts import BORROWER_SETTLEMENT, CASH_BANK, CHART
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_chart import AGEING
from ledger.domain.loan_growth import grown
from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanStatus
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.servicing.books import CREDITS
from ledger.domain.servicing.deriving import derive
from ledger.kernel.refusals import Refusal
from ledger.postings import ACCOUNTS, legs_for

LOAN, ENTITY, LINE, ACCOUNT, SOURCE = (UUID(int=number) for number in range(1, 6))
OPEN = (LoanStatus.ACTIVE, LoanStatus.OVERDUE)
AT_BANK = (BORROWER_SETTLEMENT, CASH_BANK)


def round_trip(event):
    """Return the event as it comes back from JSON text."""
    stored = msgspec.json.encode(vars(event))
    return msgspec.convert(msgspec.json.decode(stored), type(event))


class Life:
    """One loan, a second loan folded from its stored events, and the books of both."""

    def __init__(
        self, *, terms: LoanTerms, principal_minor: int, start: date, conventions=None, parts=None
    ) -> None:
        self.today = start
        self.loan = LoanAccount.blank(LOAN)
        self.replica = LoanAccount.blank(LOAN)
        self.balances: Counter[str] = Counter()
        self.segments: dict[tuple[str, date], Accrual] = {}
        self.events = []
        self.steps: list[str] = []
        self.payments = 0
        self.do(
            "request",
            entity_id=ENTITY,
            line_id=LINE,
            account_id=ACCOUNT,
            principal_minor=principal_minor,
            terms=terms,
            conventions=conventions,
            parts=parts,
        )
        self.do("disburse", bank_reference="pay-1")

    @property
    def status(self) -> LoanStatus:
        return self.loan.state.status

    def do(self, command: str, **arguments):
        """Carry out a command today; on a refusal check that nothing changed and return it."""
        self.steps.append(
            f"{self.today} {command} {arguments if command not in ('request', 'catch_up') else ''}"
        )
        before = (self.loan.version, self.loan.copy().state, len(self.loan.pending_events))
        try:
            result = getattr(self.loan, command)(effective_date=self.today, **arguments)
        except Refusal as refusal:
            self.steps.append(f"  refused: {type(refusal).__name__}")
            assert (self.loan.version, self.loan.state, len(self.loan.pending_events)) == before
            return refusal
        for event in self.loan.collect_events():
            self._book(event)
        assert self.replica.state == self.loan.state
        return result

    def repay(self, kind: str, amount_minor: int | None = None, **more):
        """Pay today, or by a value date before."""
        self.payments += 1
        given = {"payment_id": f"p{self.payments}", "source_account_id": SOURCE, **more}
        return self.do("repay", kind=kind, amount_minor=amount_minor, **given)

    def record(self, kind: FactKind, fact_id: str, on: date | None = None, **details):
        """Record another fact by its value date, today unless told."""
        return self.do("record", kind=kind, fact_id=fact_id, value_date=on or self.today, **details)

    def close_day(self) -> None:
        """Catch up where something waits, post one day of every accrual, and open the next day."""
        if self.is_waiting and self.status in AGEING:
            self.do("catch_up")
        self.post_day()

    def post_day(self) -> None:
        """Post one day of every accrual and open the next day, whatever waits."""
        for accrual in self._accruals_of_today():
            amount = accrual.amount_of_day(self.today)
            assert amount > 0
            bucket = AccrualBucket("any", "CNY", accrual.kind, 1, amount)
            self._post(legs_for(SimpleNamespace(TOPIC="accrual.run_posted", buckets=(bucket,))))
        self.today += timedelta(days=1)
        self.assert_books_hold()

    def live_until(self, day: date) -> None:
        """Close every day before ``day``."""
        while self.today < day:
            self.close_day()

    @property
    def is_waiting(self) -> bool:
        """Say whether something has happened to the loan by itself that no event tells yet."""
        wakes_on = self.replica.state.standing.wakes_on
        return wakes_on is not None and wakes_on <= self.today

    def of(self, topic: str):
        """Return the events of one topic so far."""
        return [event for event in self.events if topic == event.TOPIC]

    def derived(self, on: date | None = None):
        """Return the position of a day, from the facts that events have told so far."""
        state = self.replica.state
        return derive(state.servicing_terms, state.dated_facts, on=on or self.today)

    def assert_books_hold(self) -> None:
        """Check that the books and the state of the replica agree today, balance by balance."""
        state = self.replica.state
        assert sum(self.balances.values()) == 0
        assert sum(b for account, b in self.balances.items() if CHART[account].is_off_balance) == 0
        if state.as_of is None:
            return
        shown = grown(state.books, state.accruals, since=state.as_of, until=self.today)
        for name, amount in shown.balances():
            if ACCOUNTS[name] not in AT_BANK:
                assert self.shown_in(name) == amount, (name, self.steps)
        # A payout goes through the borrower's account to the bank, to which a buyer pays as well.
        money = sum(self.balances[account] for account in AT_BANK)
        assert money == shown.sale_price - shown.settlement, self.steps
        # What the lender is still committed to is posted by the line, not by the loan.
        assert self.balances["9001"] == 0
        if state.facts and not self.is_waiting:
            assert self.derived().books == shown, self.steps

    def shown_in(self, component: str) -> int:
        """Return a balance of the loan as its account shows it."""
        balance = self.balances[ACCOUNTS[component]]
        return -balance if component in CREDITS else balance

    def _accruals_of_today(self):
        """Return the accruals that earn today, seen alike by the state and by a table of segments."""
        earning = [accrual for accrual in self.loan.state.accruals if accrual.amount_of_day(self.today)]
        rows = [segment for segment in self.segments.values() if segment.amount_of_day(self.today)]
        by_key = {segment.key: segment.amount_of_day(self.today) for segment in rows}
        assert by_key == {accrual.key: accrual.amount_of_day(self.today) for accrual in earning}, self.steps
        assert len(by_key) == len(rows)
        return earning

    def _keep_segments(self, event) -> None:
        # What a table of segments does: segments of keys that ended earn nothing from the event's day on, the
        # same key and start replaces. Nothing else is known about the event.
        for key in getattr(event, "accruals_ended", ()):
            for place, old in self.segments.items():
                ends_on = max(old.started_on, event.effective_date)
                if old.key == key and (old.ends_on is None or old.ends_on > ends_on):
                    self.segments[place] = replace(old, ends_on=ends_on)
        for new in getattr(event, "accruals", ()):
            self.segments[new.key, new.started_on] = new

    def _book(self, event) -> None:
        stored = round_trip(event)
        assert stored == event
        stored.mutate(self.replica)
        self._post(legs_for(stored))
        self._keep_segments(stored)
        self.events.append(stored)
        self.assert_books_hold()

    def _post(self, legs) -> None:
        for leg in legs:
            self.balances[leg.account] += leg.amount_minor if leg.side == "D" else -leg.amount_minor
