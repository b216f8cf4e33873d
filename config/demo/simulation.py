"""The world of the demonstration, day by day: borrowers move, the bank answers, the day closes.

Owns: the order of a day and the keys of its commands. Refuses to know: what a command does, and why a
borrower moves (``borrower``). Nothing of the product is replaced; only the bank is a sandbox, and it
fails, times out and answers twice for its share of the payouts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.db import connection

from config.demo.borrower import Borrower, Draw, Move, Receive, Repay
from config.demo.profiles import choose_profile
from config.demo.views import Morning, Seller, read_morning, read_sellers
from ledger.commands.record_receipt import RecordReceipt
from ledger.day_close import close_shards_through
from ledger.eventstore import outbox
from ledger.eventstore.commands import Actor, Command
from ledger.eventstore.processor import execute
from ledger.eventstore.shards import SHARD_COUNT
from ledger.kernel.periods import months_after
from lending.bank_rail import use_bank_rail
from lending.commands.apply import SubmitApplication
from lending.commands.drawdown import RequestDrawdown
from lending.commands.repayment import RecordRepayment
from lending.gateways.database_payment_store import DatabasePaymentStore
from lending.gateways.sandbox_bank_rail import SandboxBankRail
from lending.gateways.sandbox_behaviour import Behaviour, BehaviourTable

ACTOR = Actor("service:demo", frozenset({"service"}))
CHANNEL = "sandbox-marketplace"
INDUSTRIES = ("apparel", "electronics", "food", "home", "toys")
# Parts per thousand of the payouts; the rest is paid at once.
BANK_SHARES = (
    (Behaviour.FAIL, 25),
    (Behaviour.TIMEOUT_BEFORE, 25),
    (Behaviour.TIMEOUT_AFTER, 25),
    (Behaviour.TWICE, 40),
    (Behaviour.SLOW, 40),
    (Behaviour.SLOW_FAIL, 10),
)
MESSAGES_MAX = 1_000_000
# A message that could not be delivered is tried again the same day instead of after its delay.
RETRY_OFFSET_SECONDS = 86_400
CLOSING_THREADS = 2


@dataclass
class World:
    """Borrowers and the day they live in."""

    seed: int
    day: date
    day_number: int = 0
    borrowers: list[Borrower] = field(default_factory=list)

    def open_bank(self) -> None:
        """Pay through a sandbox bank that behaves badly for its shares, the same way for the same seed."""
        table = BehaviourTable(seed=str(self.seed), shares=BANK_SHARES)
        use_bank_rail(SandboxBankRail(store=DatabasePaymentStore(), table=table))

    def apply_all(self) -> None:
        """Have every entity apply for a line, and every application decided."""
        since = months_after(self.day.replace(day=1), months=-6)
        for seller in read_sellers(since_month=f"{since:%Y-%m}"):
            rng = Random(f"{self.seed}:{seller.entity_id}")  # noqa: S311 - must be repeatable
            self._apply(seller, rng)
            self.borrowers.append(Borrower(seller, profile=choose_profile(rng), rng=rng))
        deliver_everything()

    def live_one_day(self) -> None:
        """Let every borrower move, have the bank answer, close the day in every shard."""
        mornings = read_morning(day=self.day)
        for borrower in self.borrowers:
            morning = mornings.get(borrower.seller.entity_id, Morning())
            moves = borrower.moves(morning, day=self.day, day_number=self.day_number)
            self._make(borrower, moves, morning)
        deliver_everything()
        close_day(self.day)
        # The morning's deductions and listings leave notices behind.
        deliver_everything()
        self.day += timedelta(days=1)
        self.day_number += 1

    def _apply(self, seller: Seller, rng: Random) -> None:
        command = SubmitApplication(
            entity_id=seller.entity_id,
            industry_code=rng.choice(INDUSTRIES),
            requested_minor=None,
            debt_ratio_bps=rng.randint(500, 7_400),
            clean_record=rng.randrange(100) < 85,
        )
        execute(command, actor=ACTOR, key=f"apply:{seller.entity_id}")

    def _make(self, borrower: Borrower, moves: Iterable[Move], morning: Morning) -> None:
        for number, move in enumerate(moves):
            key = f"{self.day}:{borrower.seller.entity_id}:{number}"
            execute(_command(move, borrower, morning, key=key), actor=ACTOR, key=key)


def _command(move: Move, borrower: Borrower, morning: Morning, *, key: str) -> Command:
    currency = borrower.seller.currency
    if isinstance(move, Receive):
        return RecordReceipt(
            account_id=move.account_id,
            amount_minor=move.amount_minor,
            currency=currency,
            channel=CHANNEL,
            reference=key,
        )
    if isinstance(move, Draw):
        assert morning.line is not None
        return RequestDrawdown(
            line_id=morning.line.id,
            account_id=move.account_id,
            amount_minor=move.amount_minor,
            currency=currency,
            product_code=move.product_code,
            term=move.term,
            batches=move.batches,
        )
    return _repayment(move)


def _repayment(move: Repay) -> RecordRepayment:
    return RecordRepayment(
        loan_id=move.loan.id,
        line_id=move.loan.line_id,
        source_account_id=move.source_account_id,
        kind=move.kind,
        amount_minor=move.amount_minor,
        currency=move.loan.currency,
    )


def deliver_everything() -> None:
    """Deliver what is due outside, then at once whatever had to be put back."""
    outbox.deliver_due(limit=MESSAGES_MAX)
    outbox.deliver_due(limit=MESSAGES_MAX, now_offset_seconds=RETRY_OFFSET_SECONDS)


def close_day(day: date) -> None:
    """Close a date in all shards, some threads side by side: a shard is a world of its own."""
    with ThreadPoolExecutor(CLOSING_THREADS) as threads:
        for closed in threads.map(_close_every, range(CLOSING_THREADS), [day] * CLOSING_THREADS):
            assert closed == SHARD_COUNT // CLOSING_THREADS


def _close_every(first_shard: int, day: date) -> int:
    try:
        return close_shards_through(shards=range(first_shard, SHARD_COUNT, CLOSING_THREADS), through=day)
    finally:
        connection.close()


def live(world: World, *, days: int) -> Iterator[date]:
    """Live some days and give each date that was closed."""
    for _ in range(days):
        day = world.day
        world.live_one_day()
        yield day
