"""Seeded random lives of a few sellers: every command there is, in any order, over months.

Owns: which step comes next, doing it, and the laws after it. The same seed gives the same life on every
machine. Refuses to know: which steps are sensible; refusals are part of life.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from ledger.commands.age_loan import AgeLoan
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.commands.record_receipt import RecordReceipt
from ledger.commands.save_product import SaveProductVersion
from ledger.day_close import close_shards_through
from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind
from ledger.eventstore.commands import Command, Outcome
from ledger.eventstore.followers import follow_all
from ledger.eventstore.outbox import deliver_due
from ledger.eventstore.processor import KeyReused
from ledger.eventstore.shards import NAMESPACE, SHARD_COUNT, entity_id_for, shard_of
from ledger.eventstore.unit_of_work import replay
from ledger.policies.product_catalogue import CATALOGUE
from lending.commands.apply import SubmitApplication
from lending.commands.drawdown import ConfirmPayout, FailPayout, RequestDrawdown
from lending.commands.further_part import CallPart, GiveUpRest
from lending.commands.manage_line import ChangeLimit, FreezeLine, ThawLine
from lending.commands.register_entity import LinkAccount
from lending.commands.repayment import DebitDueAmount, RecordRepayment
from tests.builders.books import assert_books_hold
from tests.builders.sellers import Seller, give, one, parts_product, restart_numbers, seller_with_line
from tests.builders.world_laws import assert_laws_hold

STEPS_SHOWN = 40
BEHAVIOURS = ("pay", "fail", "timeout-before", "timeout-after", "twice", "slow", "slow-fail")
PRODUCTS = {
    "instalment-monthly": (3, 6, 12),
    "revolving-daily": (30, 60, 90),
    "equal-principal": (3, 6),
    "interest-only": (3,),
    "bullet": (1, 3),
    "flat-fortnightly": (6,),
    "revolving-settled": (30, 60),
    "season-start": (4, 6),
    "prime-instalment": (3,),
}
# Like the shipped ones of the first words, and paid out in parts.
IN_PARTS = {
    "instalment-monthly-in-parts": (3, 6),
    "equal-principal-in-parts": (6,),
    "bullet-in-parts": (3, 6),
}
PARTS_MAX, AVAILABILITY_DAYS = 3, 60
CURRENCIES = ("CNY", "CNY", "USD")


class LawBroken(AssertionError):
    """A law does not hold; the message has the seed and the last steps."""


class Simulation:
    """A small world and the next thing that happens in it; everything is proved now and then, and at the end."""

    steps_between_proofs = 50

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.past: deque[str] = deque(maxlen=STEPS_SHOWN)
        self.given: list[tuple[str, Command, Outcome]] = []
        self.seen: Counter[str] = Counter()
        self.borrowers: dict[UUID, Seller] = {}
        self.step = 0
        self.arrivals = len(CURRENCIES) - 1
        self.acts = ACTS
        restart_numbers()
        self._offer_parts()
        self.sellers = [self._seller(number, currency) for number, currency in enumerate(CURRENCIES)]

    def run(self, steps: int) -> None:
        """Take steps; raises LawBroken after the first step that breaks a law."""
        for self.step in range(1, steps + 1):
            try:
                self._take_step()
                if self.step % self.steps_between_proofs == 0:
                    assert_books_hold()
            except Exception as failure:
                raise LawBroken(self._story(failure)) from failure
        assert_books_hold()

    def _take_step(self) -> None:
        act = self.chance.choices(list(self.acts), weights=list(self.acts.values()))[0]
        self.past.append(f"{self.step:>5} {self.sellers[0].today()} {act.__name__}")
        self.check(act(self))

    def check(self, touched: list[UUID] | None) -> None:
        """Raise AssertionError unless the laws hold, of all running loans where a step may have touched any."""
        assert_laws_hold(loans=touched if touched is not None else self._running_loans())

    def _story(self, failure: Exception) -> str:
        steps = "\n".join(self.past)
        return f"seed {self.seed}, step {self.step}: {failure}\n{self.again()}the last steps were\n{steps}"

    def again(self) -> str:
        """Return how to live this life again, as a line of a story."""
        return ""

    def _offer_parts(self) -> None:
        payout = PayoutTerms(parts_max=PARTS_MAX, availability_days=AVAILABILITY_DAYS)
        shipped = {f"{terms.code}-in-parts": terms for terms in CATALOGUE}
        for code in IN_PARTS:
            give(SaveProductVersion(terms=parts_product(shipped[code], code=code, payout=payout))).value()

    def _seller(self, number: int, currency: str) -> Seller:
        """Make a seller; every second one lives in the shard of the first."""
        reference = f"S{self.seed}-{number}"
        if number % 2:
            shard = self.sellers_first_shard()
            names = (f"{reference}-{attempt}" for attempt in range(100_000))
            reference = next(name for name in names if shard_of(entity_id_for(name)) == shard)
        shops = [f"{reference}-{place}-{self.chance.choice(BEHAVIOURS)}" for place in range(3)]
        shops[0] = f"{reference}-0-pay"
        seller = seller_with_line(reference=reference, accounts=3, currency=currency, external_ids=shops)
        assert seller.line_id is not None, "the seller was not granted a line"
        self.borrowers[seller.line_id] = seller
        return seller

    def sellers_first_shard(self) -> int:
        return shard_of(entity_id_for(f"S{self.seed}-0"))

    def give(self, command: Command, *, key: str | None = None) -> Outcome:
        """Give a command and write down what became of it; a refusal must not have moved anything."""
        key = key or f"sim-{self.seed}-{self.step}"
        before = one("SELECT sum(pos) FROM es_shard")
        outcome = give(command, key=key)
        answer = outcome.refusal.code if outcome.refusal else "ok"
        self.past[-1] += f" {_told(command)} -> {answer}"
        self.seen[f"{command.name} {answer}"] += 1
        self.given.append((key, command, outcome))
        if outcome.refusal or outcome.replayed:
            assert one("SELECT sum(pos) FROM es_shard") == before, "a refusal or a repeat wrote events"
        return outcome

    def any_seller(self) -> Seller:
        return self.chance.choice(self.sellers)

    def mostly(self, usual: Any, odd: Any) -> Any:
        return odd if self.chance.random() < 0.04 else usual

    def any_loan(self) -> tuple[Seller, UUID] | None:
        """Return a loan, one that is running rather than one that is not, and whose it is."""
        loans = rows_of("SELECT id, line_id, status IN ('active', 'overdue') FROM loan ORDER BY id")
        running = [loan for loan in loans if loan[2]]
        pool = running if running and self.chance.random() < 0.85 else loans
        if not pool:
            return None
        loan_id, line_id, _ = self.chance.choice(pool)
        return self.borrowers[line_id], loan_id

    def any_amount(self, around: int) -> int:
        """Return an amount: mostly a share of something, sometimes a corner."""
        corner = self.chance.random()
        if corner < 0.1:
            return self.chance.choice((0, -1, 1, 99, around, around + 1, 10**15))
        return max(1, around * self.chance.randint(1, 130) // 100)

    def _running_loans(self) -> list[UUID]:
        return [row[0] for row in rows_of("SELECT id FROM loan WHERE status IN ('active', 'overdue')")]

    def receive(self) -> list[UUID]:
        seller = self.any_seller()
        references = (f"R-{self.seed}-{self.step}",) * 5 + (f"R-{self.seed}-{self.chance.randint(1, 9)}",)
        self.give(
            RecordReceipt(
                account_id=self.chance.choice(seller.accounts),
                amount_minor=self.any_amount(self.chance.choice((90_000, 900_000, 3_000_000))),
                currency=self.mostly(seller.currency, "JPY"),
                channel="platform",
                reference=self.chance.choice(references),
            )
        )
        return []

    def draw(self) -> list[UUID]:
        seller, product = self.any_seller(), self.chance.choice(list(PRODUCTS))
        outcome = self.give(
            RequestDrawdown(
                line_id=seller.line_id,
                account_id=self.mostly(self.chance.choice(seller.accounts), self.any_seller().accounts[0]),
                amount_minor=self.any_amount(1_500_000),
                currency=self.mostly(seller.currency, "JPY"),
                product_code=self.mostly(product, "nothing-such"),
                term=self.mostly(self.chance.choice(PRODUCTS[product]), 7),
            )
        )
        if outcome.refusal is None:
            within = "SELECT reserved_minor + drawn_minor <= limit_minor FROM credit_line WHERE id = %s"
            assert one(within, seller.line_id), "an accepted draw passed the limit"
        return []

    def draw_in_parts(self) -> list[UUID]:
        """Draw on a product that is paid out in parts, mostly naming the first."""
        seller, product = self.any_seller(), self.chance.choice(list(IN_PARTS))
        amount = self.any_amount(1_500_000)
        first = self.mostly(max(1, amount * self.chance.randint(20, 60) // 100), None)
        self.give(
            RequestDrawdown(
                line_id=seller.line_id,
                account_id=self.chance.choice(seller.accounts),
                amount_minor=amount,
                currency=seller.currency,
                product_code=self.mostly(product, "bullet"),
                term=self.chance.choice(IN_PARTS[product]),
                first_part_minor=first,
            )
        )
        return []

    def any_loan_in_parts(self) -> tuple[Seller, UUID, int] | None:
        """Return a loan that was agreed in parts, and what may be called of it; seldom another loan."""
        loans = rows_of("SELECT id, line_id FROM loan WHERE product_code LIKE '%%-in-parts' ORDER BY id")
        if not loans or self.chance.random() < 0.04:
            found = self.any_loan()
            return (*found, 1_000) if found else None
        loan_id, line_id = self.chance.choice(loans[-6:])
        parts = replay(LoanAccount, loan_id).state.parts
        return self.borrowers[line_id], loan_id, parts.rest_minor if parts else 1_000

    def call_part(self) -> list[UUID]:
        found = self.any_loan_in_parts()
        if found is None:
            return self.draw_in_parts()
        seller, loan, rest = found
        amount = self.chance.choice((rest, rest // 2, self.any_amount(rest)))
        self.give(
            CallPart(loan_id=loan, line_id=seller.line_id, amount_minor=amount, currency=seller.currency)
        )
        return [loan]

    def give_up_rest(self) -> list[UUID]:
        found = self.any_loan_in_parts()
        if found is None:
            return self.draw_in_parts()
        seller, loan, _ = found
        self.give(GiveUpRest(loan_id=loan, line_id=seller.line_id))
        return [loan]

    def deliver(self) -> None:
        deliver_due(now_offset_seconds=100 * self.step)

    def repay(self) -> list[UUID]:
        found = self.any_loan()
        if found is None:
            return []
        seller, loan = found
        kind = self.chance.choice(("instalment",) * 5 + ("prepayment",) * 5 + ("payoff",) * 3)
        richest = (
            "SELECT id FROM settlement_account WHERE entity_id = %s ORDER BY balance_minor DESC, id LIMIT 1"
        )
        owed = one("SELECT outstanding_minor FROM loan WHERE id = %s", loan)
        says_no_amount = self.chance.random() < {"instalment": 0.5, "prepayment": 0.05, "payoff": 0.8}[kind]
        self.give(
            RecordRepayment(
                loan_id=loan,
                line_id=self.mostly(seller.line_id, self.any_seller().line_id),
                source_account_id=self.mostly(
                    one(richest, seller.entity_id), self.chance.choice(self.any_seller().accounts)
                ),
                kind=self.mostly(kind, "gift"),
                amount_minor=None if says_no_amount else self.any_amount(owed // 2 + 1),
                currency=self.mostly(seller.currency, "JPY"),
                value_date=self.any_day() if self.chance.random() < 0.25 else None,
            )
        )
        return [loan]

    def any_day(self) -> date:
        """Return a day of the last weeks; now and then one that has not come."""
        return self.sellers[0].today() - timedelta(days=self.chance.randint(-1, 45))

    def take_back(self) -> list[UUID]:
        """A payment bounces, weeks later as often as not; some that bounced are reported again."""
        paid = rows_of(
            "SELECT r.loan_id, l.line_id, r.payment_id FROM repayment r JOIN loan l ON l.id = r.loan_id"
            " WHERE r.reversed_on IS NULL OR mod(r.sequence, 4) = 0 ORDER BY 1, r.sequence, 3"
        )
        if not paid:
            return []
        loan, line, payment = self.chance.choice(paid)
        self.give(
            RecordLoanFact(
                loan_id=loan,
                line_id=line,
                kind=FactKind.PAYMENT_REVERSED,
                account_ids=tuple(self.borrowers[line].accounts),
                of=self.mostly(payment, "none"),
                value_date=self.mostly(None, self.any_day()),
            )
        )
        return [loan]

    def debit(self) -> list[UUID]:
        found = self.any_loan()
        if found is None:
            return []
        seller, loan = found
        account = self.chance.choice(seller.accounts)
        self.give(DebitDueAmount(loan_id=loan, line_id=seller.line_id, source_account_id=account))
        return [loan]

    def age(self) -> list[UUID]:
        found = self.any_loan()
        if found is None:
            return []
        self.give(AgeLoan(loan_id=found[1]))
        return [found[1]]

    def notify_again(self) -> list[UUID]:
        """The bank tells once more what it told, or the opposite when that can only be refused."""
        found = self.any_loan()
        if found is None:
            return []
        seller, loan = found
        ((paid, status, told),) = rows_of(
            "SELECT coalesce(p.amount_minor, l.principal_minor), l.status, p.outcome FROM loan l"
            " LEFT JOIN sandbox_payment p ON p.reference = l.id::text WHERE l.id = %s",
            loan,
        )
        confirm = ConfirmPayout(loan_id=loan, line_id=seller.line_id, bank_reference="late", paid_minor=paid)
        fail = FailPayout(loan_id=loan, line_id=seller.line_id, reason="late")
        answers = {"paid": confirm, "failed": fail}
        if status != "requested":
            self.give(self.chance.choice((confirm, fail)))
        elif told in answers:
            self.give(answers[told])
        return [loan]

    def manage(self) -> list[UUID]:
        seller = self.any_seller()
        limit = one("SELECT limit_minor FROM credit_line WHERE id = %s", seller.line_id)
        self.give(
            self.chance.choice(
                (
                    FreezeLine(line_id=seller.line_id, reason="audit"),
                    ThawLine(line_id=seller.line_id),
                    ThawLine(line_id=seller.line_id),
                    ChangeLimit(line_id=seller.line_id, limit_minor=self.any_amount(limit), reason="review"),
                    ChangeLimit(line_id=seller.line_id, limit_minor=15_000_000, reason="review"),
                )
            )
        )
        return []

    def change_accounts(self) -> list[UUID]:
        seller, today = self.any_seller(), self.sellers[0].today()
        outcome = self.give(
            LinkAccount(
                entity_id=seller.entity_id,
                platform="taobao",
                external_id=f"{self.seed}-extra-{self.chance.randint(1, 12)}",
                role=self.chance.choice(("sub", "sub", "master", "owner")),
                opened_on=today,
                consent_granted_on=today,
            )
        )
        if outcome.refusal is None:
            seller.accounts.append(UUID(outcome.value()["account_id"]))
        return []

    def apply(self) -> list[UUID]:
        self.give(
            SubmitApplication(
                entity_id=self.any_seller().entity_id,
                industry_code="food",
                requested_minor=self.any_amount(1_000_000),
                debt_ratio_bps=self.chance.randint(-100, 11_000),
                clean_record=True,
            )
        )
        return []

    def repeat(self) -> list[UUID]:
        """Send an earlier request again, as it was or changed."""
        if not self.given:
            return []
        key, command, first = self.chance.choice(self.given[-60:])
        other = self.chance.choice(self.given[-60:])[1]
        is_same = other.fingerprint() == command.fingerprint() or self.chance.random() < 0.6
        again = self.give(command if is_same else other, key=key)
        self.given.pop()
        if not is_same:
            assert isinstance(again.refusal, KeyReused)
        elif first.refusal is None:
            assert again.replayed
            assert again.value() == first.value()
        elif not isinstance(first.refusal, KeyReused):
            assert again.refusal is not None
            assert again.refusal.as_json() == first.refusal.as_json()
        return []

    def preview(self) -> list[UUID]:
        """A dry run of something that may well be accepted leaves no trace."""
        seller = self.any_seller()
        command = RecordReceipt(
            account_id=seller.accounts[0],
            amount_minor=1_000_000,
            currency=seller.currency,
            channel="preview",
            reference=str(uuid5(NAMESPACE, f"{self.seed}-{self.step}")),
        )
        before = one("SELECT sum(pos) FROM es_shard"), one("SELECT count(*) FROM es_command")
        give(command, key=f"preview-{self.seed}-{self.step}", dry_run=True)
        assert (one("SELECT sum(pos) FROM es_shard"), one("SELECT count(*) FROM es_command")) == before
        return []

    def pass_days(self) -> None:
        days = self.chance.choice((1, 1, 1, 2, 3, 7, 14))
        through = self.sellers[0].today() + timedelta(days=days - 1)
        self.past[-1] += f" {days}"
        close_shards_through(shards=range(SHARD_COUNT), through=through)

    def welcome(self) -> list[UUID]:
        """A seller that may not borrow any more makes room for another one of the same shard."""
        listed = {row[0] for row in rows_of("SELECT id FROM credit_line WHERE status = 'blacklisted'")}
        for place, seller in enumerate(self.sellers):
            if seller.line_id in listed:
                self.arrivals += 1
                self.sellers[place] = self._seller(self.arrivals, seller.currency)
                break
        return []

    def follow(self) -> list[UUID]:
        follow_all()
        return []


ACTS: dict[Callable[[Simulation], Any], int] = {
    Simulation.receive: 16,
    Simulation.draw: 13,
    Simulation.draw_in_parts: 5,
    Simulation.call_part: 6,
    Simulation.give_up_rest: 1,
    Simulation.deliver: 12,
    Simulation.repay: 22,
    Simulation.take_back: 5,
    Simulation.debit: 3,
    Simulation.age: 3,
    Simulation.notify_again: 3,
    Simulation.manage: 5,
    Simulation.change_accounts: 2,
    Simulation.apply: 1,
    Simulation.repeat: 6,
    Simulation.preview: 2,
    Simulation.pass_days: 14,
    Simulation.follow: 1,
    Simulation.welcome: 1,
}


def _told(command: Command) -> str:
    said = {name: value for name, value in vars(command).items() if value is not None}
    values = (f"{name}={value}" for name, value in said.items() if not isinstance(value, UUID | tuple))
    return f"{command.name}({', '.join(values)})"


def rows_of(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
