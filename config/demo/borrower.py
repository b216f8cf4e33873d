"""One borrower of the demonstration: what it does on a day, given what it sees.

Owns: the habits of a profile, turned into moves by the borrower's own generator, so that the same seed
and the same books lead to the same moves. Refuses to know: the database and commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from config.demo.profiles import Profile
from config.demo.views import Loan, Morning, Seller
from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.plans.choices import Batch
from ledger.kernel.currencies import scale_of
from ledger.kernel.money import split_minor_units
from ledger.policies.product_catalogue import CATALOGUE, offered_on
from ledger.policies.product_terms import ProductTerms

PER_MILLE = 1_000
ASKS_TOO_MUCH_PER_MILLE = 3
ASKS_WHILE_BLOCKED_PER_MILLE = 12
PAYOFF_PER_MILLE = 400
DAYS_PER_MONTH = 30
MONTHS_OF_TURNOVER = 6
ROUND_UNITS = 100


@dataclass(frozen=True)
class Receive:
    """Money of a marketplace arrives on an account."""

    account_id: UUID
    amount_minor: int


@dataclass(frozen=True)
class Draw:
    """The borrower draws on its line."""

    account_id: UUID
    amount_minor: int
    product_code: str
    term: int
    batches: tuple[Batch, ...] = ()


@dataclass(frozen=True)
class Repay:
    """The borrower pays on a loan; without an amount it pays what the kind asks for."""

    loan: Loan
    source_account_id: UUID
    kind: str
    amount_minor: int | None


Move = Receive | Draw | Repay


class Borrower:
    """A seller with habits. ``day_number`` counts the days of the demonstration from 0."""

    def __init__(self, seller: Seller, *, profile: Profile, rng: Random) -> None:
        self.seller = seller
        self.profile = profile
        self._rng = rng
        self._pays_from = seller.account_ids[0]
        self._other = seller.account_ids[min(1, len(seller.account_ids) - 1)]
        self._payday_gap = rng.randint(3, 8)
        self._payday = rng.randrange(self._payday_gap)
        self._withholds_days = rng.randint(*profile.withholds_days)
        until = profile.gives_up_after_days
        self._gives_up_on = rng.randint(*until) if until else None
        self._round_minor = ROUND_UNITS * 10 ** scale_of(seller.currency)

    def moves(self, morning: Morning, *, day: date, day_number: int) -> Iterator[Move]:
        """Give the moves of one day: money first, then repayments, then a new draw."""
        if morning.line is None:
            return
        balances = dict(morning.balances)
        for receipt in self._receipts(morning, day=day, day_number=day_number):
            balances[receipt.account_id] = balances.get(receipt.account_id, 0) + receipt.amount_minor
            yield receipt
        for loan in morning.loans:
            yield from self._repayments(loan, balances, day=day)
        yield from self._draws(morning, day)

    def _receipts(self, morning: Morning, *, day: date, day_number: int) -> Iterator[Receive]:
        if day_number % self._payday_gap != self._payday or not self._money_comes(morning, day, day_number):
            return
        monthly = self.seller.turnover_minor // MONTHS_OF_TURNOVER * self.profile.income_percent // 100
        amount = monthly * self._payday_gap // DAYS_PER_MONTH * self._rng.randint(60, 140) // 100
        if amount > 0:
            yield Receive(self._other if self.profile.uses_other_account else self._pays_from, amount)

    def _money_comes(self, morning: Morning, day: date, day_number: int) -> bool:
        if self._gives_up_on is not None and day_number >= self._gives_up_on:
            return False
        if not self._withholds_days:
            return True
        # Someone who pays late spends the money elsewhere until the reminder comes.
        overdue = [loan.overdue_since for loan in morning.loans if loan.overdue_since is not None]
        if overdue:
            return (day - min(overdue)).days >= self._withholds_days
        return not any(loan.due_minor > 0 for loan in morning.loans)

    def _repayments(self, loan: Loan, balances: dict[UUID, int], *, day: date) -> Iterator[Repay]:
        held = balances.get(loan.account_id, 0)
        due_today = loan.next_due_on is not None and loan.next_due_on <= day
        if due_today and 0 < held < loan.due_minor and self.profile.name == "partial":
            yield Repay(loan, loan.account_id, "instalment", held)
            balances[loan.account_id] = 0
        elif self._by_chance(self.profile.early_per_mille) and not due_today and held > 0:
            yield from self._early(loan, balances, held=held)

    def _early(self, loan: Loan, balances: dict[UUID, int], *, held: int) -> Iterator[Repay]:
        """Pay everything, if the money suffices for sure, or a part of it ahead of time."""
        whole = loan.outstanding_minor + loan.outstanding_minor // 20
        if held >= whole and self._by_chance(PAYOFF_PER_MILLE):
            yield Repay(loan, loan.account_id, "payoff", None)
            balances[loan.account_id] = held - whole
            return
        part = min(held, loan.outstanding_minor) * self._rng.randint(30, 80) // 100
        kind = "instalment" if loan.method == "revolving_daily" else "prepayment"
        # A part has to cover the interest so far before it reaches any principal.
        if part > loan.due_minor + loan.outstanding_minor // 50:
            yield Repay(loan, loan.account_id, kind, part)
            balances[loan.account_id] = held - part

    def _draws(self, morning: Morning, day: date) -> Iterator[Draw]:
        line = morning.line
        assert line is not None
        blocked = line.status != "active" or any(loan.overdue_since for loan in morning.loans)
        if blocked:
            if self._by_chance(ASKS_WHILE_BLOCKED_PER_MILLE):
                yield self._draw(10 * self._round_minor, day)
        elif self._by_chance(ASKS_TOO_MUCH_PER_MILLE):
            yield self._draw(line.available_minor + 1, day)
        elif self._by_chance(self.profile.draws_per_mille):
            wanted = line.available_minor * self._rng.randint(20, 80) // 100
            amount = wanted // self._round_minor * self._round_minor
            if amount >= min(product.offer.amount_minor_min for product in CATALOGUE):
                yield self._draw(amount, day)

    def _draw(self, amount_minor: int, day: date) -> Draw:
        offered = offered_on(day)
        fitting = [p for p in offered if p.offer.amount_minor_min <= amount_minor <= p.offer.amount_minor_max]
        product: ProductTerms = self._rng.choice(fitting or offered)
        term = self._rng.choice(product.offer.terms)
        batches = self._batches(product, amount_minor, term, day)
        return Draw(self._pays_from, amount_minor, product.code, term, batches)

    def _batches(self, product: ProductTerms, amount_minor: int, term: int, day: date) -> tuple[Batch, ...]:
        """Propose equal batches, where the product is repaid in batches."""
        terms = product.repayment
        if terms.method is not ContractMethod.CUSTOM:
            return ()
        gap = self._rng.randint(
            terms.batch_gap_days_min, min(DAYS_PER_MONTH, terms.batch_span_days_max // term)
        )
        parts = split_minor_units(amount_minor, ratios=(1,) * term)
        return tuple(Batch(day + timedelta(days=gap * number), part) for number, part in enumerate(parts, 1))

    def _by_chance(self, per_mille: int) -> bool:
        return self._rng.randrange(PER_MILLE) < per_mille
