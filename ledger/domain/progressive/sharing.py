"""One payment is shared out over the rows.

Owns: the walk by instalment or by component, amounts in advance to the next, the running, the last or all
rows, and paying the model as it goes, since every step changes what the next row asks for.
Refuses to know: where rules come from, and what becomes of a surplus.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.domain.allocation_rules import AllocationMode, Rule, Timing
from ledger.domain.progressive.as_of import due_of_row
from ledger.domain.progressive.digits import shared_minor
from ledger.domain.progressive.instalments import Instalment, Instalments
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.paying import pay_interest, pay_principal
from ledger.domain.progressive.payment_rules import FutureRule, PaymentRules

_OF_MODEL = ("interest", "principal")


@dataclass(frozen=True)
class Taken:
    """One amount that one component of one row took."""

    row: Instalment
    rule: Rule
    amount_minor: int


class Sharing:
    """One payment on its way through the rows."""

    def __init__(
        self, model: Model, rows: Instalments, rules: PaymentRules, *, on: date, closes: bool = False
    ) -> None:
        self._model, self._rows, self._rules, self._on = model, rows, rules, on
        self._closes = closes
        self._is_by_component = rules.mode is AllocationMode.BY_COMPONENT
        # A loan that ends with its row's interest is charged that interest first, whichever row is paid first.
        to_row_end = closes and model.conventions.reaches_row_end(closes=True)
        self._future = FutureRule.NEXT if to_row_end else rules.future
        running = model.row_on(on) if to_row_end else None
        self._settled_until = running.due_on if running is not None and running.is_settled else None
        self._asked_in_vain: set[int] = set()
        self.taken: list[Taken] = []

    def share(self, amount_minor: int) -> int:
        """Share an amount out and return what no rule had a use for."""
        left = amount_minor
        for visit in self._rules.visits:
            self._asked_in_vain.clear()
            # Each step pays something or finds one more row that asks for nothing; otherwise it is the last.
            before = None
            while left and before != (left, len(self._asked_in_vain)):
                before = left, len(self._asked_in_vain)
                left = self._visit(visit, left)
        return left

    def _visit(self, visit: Sequence[Rule], left: int) -> int:
        chosen = self._chosen(visit[0].timing, self._wanted_by(visit))
        if not chosen:
            return left
        for rule in visit:
            left = self._by_rule(rule, chosen, left)
        return left

    def _by_rule(self, rule: Rule, chosen: Sequence[Instalment], left: int) -> int:
        others = len(chosen) - 1
        even = shared_minor(amount_minor=left, parts=len(chosen))
        if even * others > left:
            even = left // len(chosen)
        portions = [even] * others + [left - even * others]
        for row, portion in zip(chosen, portions, strict=True):
            left -= self._pay(row, rule, portion)
        return left

    def _chosen(self, timing: Timing, is_wanted: Callable[[Instalment], bool]) -> list[Instalment]:
        owed = [row for row in self._rows.rows if row.timing(self._on) is timing]
        wanted = [row for row in owed if is_wanted(row)]
        if timing is not Timing.IN_ADVANCE or self._future is FutureRule.NEXT:
            return wanted[:1]
        if self._future is FutureRule.RE_AMORTISE:
            return wanted
        if self._future is FutureRule.NEXT_LAST:
            running = [row for row in wanted if row.start <= self._on]
            if running:
                return running
        # The last row may ask for nothing at present and still have principal to bring forward.
        return [row for row in owed if is_wanted(row) or self._may_ask_again(row)][-1:]

    def _wanted_by(self, visit: Sequence[Rule]) -> Callable[[Instalment], bool]:
        if not self._is_by_component:
            return lambda row: row.open_total_minor > 0
        component = visit[0].bucket
        return lambda row: self._asked(row, visit[0]) > row.paid[component]

    def _may_ask_again(self, row: Instalment) -> bool:
        recalculates = self._model.conventions.recalculates
        return recalculates and row.due_total_minor == 0 and id(row) not in self._asked_in_vain

    def _pay(self, row: Instalment, rule: Rule, portion: int) -> int:
        given = min(portion, max(0, self._asked(row, rule) - row.paid[rule.bucket]))
        if given:
            row.take(rule.bucket, given, on=self._on)
            self.taken.append(Taken(row, rule, given))
        self._pay_model(row, rule, given)
        return given

    def _asked(self, row: Instalment, rule: Rule) -> int:
        if rule.timing is not Timing.IN_ADVANCE or not self._follows_model(row, rule):
            return row.due[rule.bucket]
        assert row.model_index is not None
        due = due_of_row(
            self._model, row.model_index, on=self._counts_on(row), by_component=self._is_by_component
        )
        if due.total_minor == 0:
            self._asked_in_vain.add(id(row))
        return due.principal_minor if rule.bucket == "principal" else due.interest_minor

    def _pay_model(self, row: Instalment, rule: Rule, given: int) -> None:
        if not self._follows_model(row, rule):
            row.note_settlement(self._on)
            return
        assert row.model_index is not None
        on = self._counts_on(row) if rule.timing is Timing.IN_ADVANCE else self._on
        pay = pay_principal if rule.bucket == "principal" else pay_interest
        pay(self._model, row.model_index, on=on, amount_minor=given)
        self._rows.follow_model(self._on)

    def _follows_model(self, row: Instalment, rule: Rule) -> bool:
        is_its_own = row.model_index is not None and rule.bucket in _OF_MODEL
        return is_its_own and self._model.conventions.recalculates

    def _counts_on(self, row: Instalment) -> date:
        """Return the day a payment in advance counts from: the row's end if rests are by row.

        If the running row is settled already, what ends the loan pays its interest with the next row.
        """
        if self._settled_until is not None:
            return self._settled_until
        reaches_end = self._model.conventions.reaches_row_end(closes=self._closes)
        return row.due_on if reaches_end and row.start < self._on <= row.due_on else self._on
