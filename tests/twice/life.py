"""The simulation of sellers with everything that can happen to a loan, and the reference loan beside each loan.

Owns: asking the product and the reference the same, and comparing what both make of it after each step: each loan
the step touched, some others after a day has passed, and all of them now and then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.commands.record_receipt import RecordReceipt
from ledger.commands.return_receipt import ReturnReceipt
from ledger.domain.loan_account import LoanAccount
from ledger.eventstore.commands import Outcome
from ledger.eventstore.unit_of_work import replay
from lending.commands.further_part import CallPart, GiveUpRest
from lending.commands.repayment import RecordRepayment
from tests.builders.sellers import agreed
from tests.builders.simulation import ACTS, AVAILABILITY_DAYS, PARTS_MAX, Simulation, rows_of
from tests.builders.world_laws import assert_laws_hold
from tests.reference.facts import Fact
from tests.twice.asking import Asking
from tests.twice.contracts import CONTRACTS, terms_of
from tests.twice.expecting import refusal_of
from tests.twice.known import KnownLoan
from tests.twice.parts import KnownParts, refusal_of_call
from tests.twice.repaying import Asked, NotTaken, due_on, intended
from tests.twice.showing import differences
from tests.twice.wording import kind_of, said

E8 = 10**8
STEPS_BETWEEN_ALL = 60
LOOKED_AT_AFTER_A_DAY = 2
NEW_LOANS = (
    "SELECT id, product_code, principal_minor, account_id, line_id, disbursed_on FROM loan"
    " WHERE disbursed_on IS NOT NULL AND NOT id = ANY (%s) ORDER BY id"
)
TAKEN = (
    "SELECT loan_id, payment_id, value_date, amount_minor, reason, source_account_id FROM repayment"
    " WHERE reason IN ('auto_debit', 'linked_deduction') AND NOT payment_id = ANY (%s)"
    " AND kind <> 'from_overpayment'"
    " ORDER BY value_date, sequence, payment_id"
)
# The payouts of further parts, and what the bank did not pay, in the order of their recording.
ANSWERS = (
    "SELECT originator_id, topic, coalesce(state->'fact'->>'id', state->>'part_id'), effective_date,"
    " (state->>'amount_minor')::bigint, originator_version FROM es_event"
    " WHERE originator_id = ANY (%s) AND topic IN ('loan.disbursed', 'loan.part_failed')"
    " ORDER BY originator_id, originator_version"
)
DEBITED = "SELECT loan_id, source_account_id FROM repayment WHERE reason = 'auto_debit' AND value_date = %s"
# What stops a draw stops a part: the line, and other loans of the borrower.
OF_THE_LINE = (
    "LENDING_LINE_FROZEN",
    "LENDING_ENTITY_BLACKLISTED",
    "LENDING_ENTITY_OVERDUE",
)
KINDS_TAKEN = {"auto_debit": "auto_debit", "linked_deduction": "linked_account"}
AVAILABLE = "SELECT balance_minor - reserved_minor FROM settlement_account WHERE id = %s"
RECEIPTS = "SELECT account_id, reference, amount_minor, currency FROM receipt ORDER BY reference"


class Twice(Simulation):
    """A small world beside which every loan that the reference can know is lived again."""

    steps_between_proofs = 300

    def __init__(self, seed: int) -> None:
        self.loans: dict[UUID, KnownLoan] = {}
        self.beyond: set[UUID] = set()
        self.known_payments: set[str] = set()
        self.compared: Counter[str] = Counter()
        super().__init__(seed)
        self.acts = FULL_ACTS

    def again(self) -> str:
        """Return the command that lives this life again up to this step."""
        return f"make simulate SEED={self.seed} STEPS={self.step}\n"

    def check(self, touched: list[UUID] | None) -> None:
        """Compare what the step touched; raise AssertionError on a law broken or a difference."""
        found = self._learn()
        self._end_rests()
        loans = {*(touched or []), *found}
        running = sorted(set(self._running_loans()))
        if self.step % STEPS_BETWEEN_ALL == 0:
            loans |= {*running, *self.loans}
        elif touched is None and running:
            loans |= set(self.chance.sample(running, min(len(running), LOOKED_AT_AFTER_A_DAY)))
        assert_laws_hold(loans=sorted(loans - set(self.loans)))
        for loan_id in sorted(loans & set(self.loans)):
            self._compare(self.loans[loan_id])

    def _compare(self, loan: KnownLoan) -> None:
        found = differences(loan.loan_id, loan.on(self.today))
        self.compared["loans"] += 1
        self._compare_parts(loan)
        told = [f"{name}:\n  reference {one}\n  product   {other}" for name, (one, other) in found.items()]
        assert not told, "\n".join((f"loan {loan.loan_id} ({loan.product})", *map(str, loan.facts), *told))

    def _compare_parts(self, loan: KnownLoan) -> None:
        parts, held = loan.parts, replay(LoanAccount, loan.loan_id).state.parts
        known = (parts.rest, parts.amount, parts.under_way) if parts else (0, 0, "")
        product = (held.rest_minor, held.under_way_minor, held.under_way) if held else (0, 0, "")
        assert known == product, f"loan {loan.loan_id}: {known} to call, the product says {product}"

    def _end_rests(self) -> None:
        for loan in self.loans.values():
            if loan.parts is not None and loan.parts.rest:
                loan.parts.on(self.today, loan.on(self.today))

    @property
    def today(self) -> date:
        """Return the open date, which is that of all shards."""
        return self.sellers[0].today()

    def _learn(self) -> set[UUID]:
        """Take in payouts, and what was taken from accounts by itself; return the loans."""
        known = [*self.loans, *self.beyond]
        for loan_id, code, principal, account_id, line_id, on in rows_of(NEW_LOANS, known):
            if code not in CONTRACTS:
                self.beyond.add(loan_id)
                continue
            state = replay(LoanAccount, loan_id).state
            terms = state.contract
            rate = Fraction(terms.annual_rate_e8, E8)
            agreed = terms_of(code, principal=principal, term=terms.term, rate=rate)
            loan = KnownLoan(loan_id, code, agreed, account_id, line_id)
            first = state.facts[0][1].amount_minor
            loan.take(loan.fact("disbursed", on, {"amount": first}), name="payout")
            loan.parts = self._parts_of(loan_id, code, principal - first)
            self.loans[loan_id] = loan
        answered = self._learn_answers()
        return (
            answered
            | {loan_id for loan_id in self._learn_payments() if loan_id in self.loans}
            | (set(self.loans) - set(known))
        )

    def _parts_of(self, loan_id: UUID, code: str, rest: int) -> KnownParts | None:
        if not rest:
            return None
        ((agreed_on,),) = rows_of("SELECT requested_on FROM loan WHERE id = %s", loan_id)
        return KnownParts(rest, PARTS_MAX, agreed_on + timedelta(AVAILABILITY_DAYS))

    def _learn_answers(self) -> set[UUID]:
        """Take in what the bank said of further parts."""
        waiting = [loan.loan_id for loan in self.loans.values() if loan.parts and loan.parts.under_way]
        touched = set()
        for loan_id, topic, name, on, amount, _ in rows_of(ANSWERS, waiting):
            loan = self.loans[loan_id]
            if loan.parts is None or name != loan.parts.under_way:
                continue
            is_paid = topic == "loan.disbursed"
            assert amount == loan.parts.amount, f"{amount} where {loan.parts.amount} was called"
            if is_paid:
                loan.take(loan.fact("disbursed", on, {"amount": amount}), name=name)
            loan.parts.answered(is_paid=is_paid)
            touched.add(loan_id)
        return touched

    def call_known(self) -> list[UUID]:
        """Call a part, and see that both refuse it or both take it."""
        running = [loan for loan in self.loans.values() if loan.parts is not None]
        if not running:
            return self.draw_in_parts()
        loan = self.chance.choice(running[-6:])
        rest = loan.parts.rest if loan.parts else 0
        amount = self.chance.choice((rest, rest // 2, rest // 3, rest + 1, self.any_amount(rest + 1)))
        expected = refusal_of_call(loan.parts, loan.on(self.today), amount)
        command = CallPart(
            loan_id=loan.loan_id,
            line_id=loan.line_id,
            amount_minor=amount,
            currency=self.borrowers[loan.line_id].currency,
        )
        outcome = self.give(command)
        code = outcome.refusal.code if outcome.refusal else None
        if expected is not None or code not in OF_THE_LINE:
            self._judge(expected, outcome)
        if outcome.refusal is None and loan.parts is not None:
            loan.parts.called(outcome.value()["part_id"], amount)
        return [loan.loan_id]

    def give_up_known(self) -> list[UUID]:
        """Give up what may be called of a loan."""
        running = [loan for loan in self.loans.values() if loan.parts is not None and loan.parts.rest]
        if running:
            loan = self.chance.choice(running)
            assert self.give(GiveUpRest(loan_id=loan.loan_id, line_id=loan.line_id)).refusal is None
            loan.parts.rest = 0
            return [loan.loan_id]
        return self.draw_in_parts()

    def _learn_payments(self) -> list[UUID]:
        touched = []
        for loan_id, name, on, amount, reason, account_id in rows_of(TAKEN, [*self.known_payments]):
            self.known_payments.add(name)
            loan = self.loans.get(loan_id)
            if loan is None:
                continue
            due = due_on(loan.on(on))
            assert amount <= due, f"{reason} took {amount} where {due} was due"
            left = rows_of(AVAILABLE, account_id)[0][0]
            assert amount == due or left == 0 or reason != "auto_debit", f"{amount} of {due}, {left} left"
            says = {"amount": amount, "payment": KINDS_TAKEN[reason], "instruction": "none"}
            loan.take(loan.fact("payment", on, says), name=name, account_id=account_id)
            touched.append(loan_id)
        return touched

    def pass_days(self) -> None:
        """Close some days; on the first of them what is due is debited where there is money."""
        today = self.today
        due = {loan.loan_id: loan.account_id for loan in self._due_with_money(today)}
        super().pass_days()
        taken = rows_of(DEBITED, today)
        debited = {loan_id for loan_id, _ in taken} | {account_id for _, account_id in taken}
        missed = [loan_id for loan_id, account_id in due.items() if not {loan_id, account_id} & debited]
        assert not missed, f"nothing was debited on {today} for {missed}"

    def _due_with_money(self, today: date) -> list[KnownLoan]:
        running = [self.loans[loan_id] for loan_id in self._running_loans() if loan_id in self.loans]
        return [
            loan
            for loan in running
            if rows_of(AVAILABLE, loan.account_id)[0][0] > 0 and due_on(loan.on(today)) > 0
        ]

    def any_known(self) -> KnownLoan | None:
        """Return a loan the reference knows, mostly one that is running; none where a new one is wanted."""
        running = [loan_id for loan_id in self._running_loans() if loan_id in self.loans]
        odd = self.chance.random()
        pool = sorted(running) if odd < 0.75 else sorted(self.loans)
        return self.loans[self.chance.choice(pool)] if pool else None

    def richest(self, loan: KnownLoan) -> tuple[UUID, int]:
        """Return the account that is most likely to be able to pay, and what is available on it."""
        ((account_id, available),) = rows_of(
            "SELECT id, balance_minor - reserved_minor FROM settlement_account WHERE entity_id ="
            " (SELECT entity_id FROM loan WHERE id = %s) ORDER BY 2 DESC, 1 LIMIT 1",
            loan.loan_id,
        )
        return account_id, available

    def record(self) -> list[UUID]:
        """Have a fact recorded, and see that both refuse it or both take it."""
        loan = self.any_known()
        if loan is None:
            return self.draw()
        account_id, available = self.richest(loan)
        what, on, says = Asking(self.chance, loan, self.today, min(available, 900_000)).next()
        fact = loan.fact(what, on, says)
        moved_on = self._account_of(loan, fact, account_id)
        ((available,),) = rows_of(AVAILABLE, moved_on)
        expected = refusal_of(loan, fact, today=self.today, available=available)
        source = account_id if what in ("payment", "recovered") else None
        command = RecordLoanFact(
            loan_id=loan.loan_id,
            line_id=loan.line_id,
            kind=kind_of(what),
            account_ids=(moved_on,),
            source_account_id=source,
            value_date=on,
            reason="simulated",
            **said(says),
        )
        outcome = agreed(command, with_give=self.give)
        self._judge(expected, outcome)
        if outcome.refusal is None:
            loan.take(fact, name=outcome.value()["fact_id"], account_id=source)
            if loan.parts is not None:
                loan.parts.after(fact)
        return [loan.loan_id]

    def _account_of(self, loan: KnownLoan, fact: Fact, richest: UUID) -> UUID:
        """Return where money comes from, or goes back to: what a fact is about was paid from somewhere."""
        if fact.what in ("payment", "recovered"):
            return richest
        return loan.paid_from.get(fact.of or "", loan.account_id)

    def _judge(self, expected: str | None, outcome: Outcome) -> None:
        code = outcome.refusal.code if outcome.refusal else None
        self.compared["refused" if code else "taken"] += 1
        assert code == expected, f"the reference expects {expected or 'no refusal'}, the product says {code}"

    def repay_known(self) -> list[UUID]:
        """Repay by a value date, and see that both refuse it or both take as much of it."""
        loan = self.any_known()
        if loan is None:
            return self.draw()
        account_id, available = self.richest(loan)
        asked = self._wish(loan, available)
        expected, fact = None, None
        try:
            fact = intended(loan, asked, today=self.today, available=available)
        except NotTaken as refused:
            expected = str(refused)
        outcome = self.give(
            RecordRepayment(
                loan_id=loan.loan_id,
                line_id=loan.line_id,
                source_account_id=account_id,
                kind=asked.kind,
                amount_minor=asked.amount,
                currency=self.borrowers[loan.line_id].currency,
                mode=asked.mode,
                value_date=asked.on,
            )
        )
        self._judge(expected, outcome)
        if fact is not None:
            answer = outcome.value()
            assert answer["applied_minor"] == fact["amount"], f"{answer}, but {fact} was expected"
            loan.take(fact, name=answer["payment_id"], account_id=account_id)
        return [loan.loan_id]

    def _wish(self, loan: KnownLoan, available: int) -> Asked:
        kind = self.chance.choice(("instalment",) * 4 + ("prepayment",) * 4 + ("payoff",) * 2)
        around = max(1, min(available, loan.terms.agreed) // self.chance.choice((1, 2, 4)))
        usual = self.chance.random() < {"instalment": 0.5, "prepayment": 0.05, "payoff": 0.9}[kind]
        amount = None if usual else self.any_amount(around)
        mode = self.chance.choice((None, None, "shorten_term", "reduce_instalment"))
        on = Asking(self.chance, loan, self.today, around).day()
        return Asked(self.mostly(kind, "gift"), amount, self.mostly(mode, "wish"), on)

    def return_money(self) -> list[UUID]:
        """A channel takes money back, which may have been spent."""
        receipts = rows_of(RECEIPTS)
        if receipts:
            account_id, reference, amount, currency = self.chance.choice(receipts)
            self.give(
                ReturnReceipt(
                    account_id=account_id,
                    amount_minor=self.chance.choice((amount, amount, max(1, amount // 2), amount + 1)),
                    currency=currency,
                    channel="platform",
                    reference=f"B-{self.seed}-{self.chance.randint(1, 999)}",
                    of_reference=reference,
                )
            )
        return []

    def receive_much(self) -> list[UUID]:
        """Money arrives on an account that a loan can be repaid from."""
        seller = self.any_seller()
        self.give(
            RecordReceipt(
                account_id=self.chance.choice(seller.accounts[:3]),
                amount_minor=self.chance.choice((300_000, 900_000, 3_000_000)),
                currency=seller.currency,
                channel="platform",
                reference=f"M-{self.seed}-{self.step}",
            )
        )
        return []


OWN: dict[Callable[[Any], Any], int] = {
    Twice.receive_much: 12,
    Twice.record: 48,
    Twice.repay_known: 26,
    Twice.call_known: 8,
    Twice.give_up_known: 1,
    Twice.return_money: 1,
    Twice.pass_days: 13,
}
LESS: dict[Callable[[Any], Any], int] = {
    Simulation.receive: 3,
    Simulation.draw: 8,
    Simulation.draw_in_parts: 5,
    Simulation.call_part: 0,
    Simulation.give_up_rest: 0,
    Simulation.deliver: 9,
    Simulation.repay: 0,
    Simulation.take_back: 0,
    Simulation.pass_days: 0,
    Simulation.debit: 2,
    Simulation.age: 2,
    Simulation.notify_again: 1,
    Simulation.manage: 2,
    Simulation.change_accounts: 1,
    Simulation.repeat: 5,
    Simulation.preview: 1,
}
FULL_ACTS: dict[Callable[[Any], Any], int] = {**ACTS, **LESS, **OWN}
