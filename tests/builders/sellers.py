"""Sellers, lines and loans made by the same commands that the product uses."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from ledger.commands.propose_loan_fact import ApproveProposal, ProposeLoanFact
from ledger.commands.record_loan_fact import RecordLoanFact, needs_two
from ledger.commands.record_receipt import RecordReceipt
from ledger.commands.return_receipt import ReturnReceipt
from ledger.commands.save_product import SaveProductVersion
from ledger.day_close import close_shards_through
from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind
from ledger.domain.plans.choices import Batch
from ledger.eventstore.business_date import business_date
from ledger.eventstore.commands import Actor, Command, Outcome
from ledger.eventstore.outbox import deliver_due
from ledger.eventstore.processor import execute
from ledger.eventstore.shards import shard_of
from ledger.eventstore.unit_of_work import replay
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_terms import ProductTerms
from lending.commands.apply import SubmitApplication
from lending.commands.drawdown import RequestDrawdown
from lending.commands.further_part import CallPart, GiveUpRest
from lending.commands.register_entity import LinkAccount, RecordSales, RegisterEntity
from lending.commands.repayment import RecordRepayment
from lending.commands.withdrawal import WithdrawFunds
from lending.domain.entity_events import MonthTurnover

TESTER, APPROVER = Actor("user:tester"), Actor("user:approver")
_keys = itertools.count(1)


def restart_numbers() -> None:
    """Number keys and references from the start again, so that two runs of a life give the same identifiers."""
    global _keys
    _keys = itertools.count(1)


def give(command: Command, *, key: str | None = None, dry_run: bool = False) -> Outcome:
    """Execute a command with a key of its own."""
    return execute(command, actor=TESTER, key=key or f"test-{next(_keys)}", dry_run=dry_run)


def agreed(command: RecordLoanFact, *, with_give=give) -> Outcome:
    """Record a fact; what one person may not record is proposed, and approved by another one."""
    if not _needs_two(command):
        return with_give(command)
    made = with_give(ProposeLoanFact(fact=command))
    if made.refusal is not None:
        return made
    approval = ApproveProposal(
        proposal_id=UUID(made.result["proposal_id"]),
        line_id=command.line_id,
        account_ids=command.account_ids,
        seen=made.result["fingerprint"],
    )
    return execute(approval, actor=APPROVER, key=f"agreed-{approval.proposal_id}")


def _needs_two(command: RecordLoanFact) -> bool:
    loan = replay(LoanAccount, command.loan_id)
    on = one("SELECT open_date FROM es_shard WHERE shard = %s", shard_of(command.loan_id))
    return loan is not None and bool(loan.state.facts) and needs_two(command, loan, on=on)


@dataclass
class Seller:
    """An entity with its accounts and, once granted, its line."""

    entity_id: UUID
    accounts: list[UUID] = field(default_factory=list)
    line_id: UUID | None = None
    application_id: UUID | None = None
    currency: str = "CNY"

    @property
    def shard(self) -> int:
        return shard_of(self.entity_id)

    def draw(
        self,
        amount_minor: int,
        *,
        product: str = "instalment-monthly",
        term: int = 3,
        account: int = 0,
        key: str | None = None,
        currency: str | None = None,
        batches: tuple[Batch, ...] = (),
        first_part_minor: int | None = None,
    ) -> Outcome:
        command = RequestDrawdown(
            line_id=self.line_id,
            account_id=self.accounts[account],
            amount_minor=amount_minor,
            currency=currency or self.currency,
            product_code=product,
            term=term,
            batches=batches,
            first_part_minor=first_part_minor,
        )
        return give(command, key=key)

    def call_part(self, loan_id: UUID, amount_minor: int, *, key: str | None = None, **changes) -> Outcome:
        """Call a further part of a loan; the bank has not been asked yet."""
        said = {"line_id": self.line_id, "currency": self.currency, **changes}
        return give(CallPart(loan_id=loan_id, amount_minor=amount_minor, **said), key=key)

    def give_up_rest(self, loan_id: UUID, *, key: str | None = None) -> Outcome:
        """Call nothing more of a loan."""
        return give(GiveUpRest(loan_id=loan_id, line_id=self.line_id), key=key)

    def borrow(self, amount_minor: int, **kwargs) -> UUID:
        """Draw and have the bank pay; return the loan."""
        loan_id = UUID(self.draw(amount_minor, **kwargs).value()["loan_id"])
        pay_outs()
        return loan_id

    def receive(
        self,
        amount_minor: int,
        *,
        account: int = 0,
        reference: str | None = None,
        value_date: date | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        command = RecordReceipt(
            account_id=self.accounts[account],
            amount_minor=amount_minor,
            currency=self.currency,
            channel="platform",
            reference=reference or f"ref-{next(_keys)}",
            value_date=value_date,
        )
        return give(command, dry_run=dry_run)

    def return_receipt(self, amount_minor: int, *, of: str, account: int = 0, **more) -> Outcome:
        """Have the channel take back money that came under ``of``."""
        command = ReturnReceipt(
            account_id=self.accounts[account],
            amount_minor=amount_minor,
            currency=self.currency,
            channel="platform",
            reference=more.pop("reference", None) or f"back-{next(_keys)}",
            of_reference=of,
        )
        return give(command, **more)

    def withdraw(
        self, amount_minor: int, *, account: int = 0, currency: str | None = None, **more
    ) -> Outcome:
        """Ask that free money of an account be paid out."""
        command = WithdrawFunds(
            account_id=self.accounts[account],
            amount_minor=amount_minor,
            currency=currency or self.currency,
        )
        return give(command, **more)

    def repay(
        self,
        loan_id: UUID,
        amount_minor: int | None = None,
        *,
        kind: str = "instalment",
        account: int = 0,
        key: str | None = None,
        value_date: date | None = None,
    ) -> Outcome:
        command = RecordRepayment(
            loan_id=loan_id,
            line_id=self.line_id,
            source_account_id=self.accounts[account],
            kind=kind,
            amount_minor=amount_minor,
            currency=self.currency,
            value_date=value_date,
        )
        return give(command, key=key)

    def tell(self, loan_id: UUID, kind: FactKind, **said) -> str:
        """Record any other fact of a loan, by two people where it takes two; return its identifier."""
        command = RecordLoanFact(
            loan_id=loan_id, line_id=self.line_id, kind=kind, account_ids=tuple(self.accounts), **said
        )
        return agreed(command).value()["fact_id"]

    def close_through(self, day: date) -> None:
        """Close the business days of the seller's shard."""
        close_shards_through(shards=[self.shard], through=day)

    def today(self) -> date:
        return one("SELECT open_date FROM es_shard WHERE shard = %s", self.shard)

    def balance(self, account: int = 0) -> int:
        return one("SELECT balance_minor FROM settlement_account WHERE id = %s", self.accounts[account])

    def available(self, account: int = 0) -> int:
        sql = "SELECT balance_minor - reserved_minor FROM settlement_account WHERE id = %s"
        return one(sql, self.accounts[account])


def register_seller(
    *,
    reference: str = "E-1",
    accounts: int = 2,
    monthly_minor: int = 50_000_000,
    currency: str = "CNY",
    external_ids: list[str] | None = None,
) -> Seller:
    """An entity with linked accounts and fourteen months of turnover up to the open date."""
    give(RegisterEntity(reference=reference, country="CN", currency=currency)).value()
    seller = Seller(
        RegisterEntity(reference=reference, country="CN", currency=currency).home(), currency=currency
    )
    today = business_date().open_date
    opened = today - timedelta(days=800)
    for number in range(accounts):
        external_id = external_ids[number] if external_ids else f"{reference}-shop-{number}"
        link = LinkAccount(
            entity_id=seller.entity_id,
            platform="taobao",
            external_id=external_id,
            role="sub" if number else "master",
            opened_on=opened,
            consent_granted_on=opened,
        )
        seller.accounts.append(UUID(give(link).value()["account_id"]))
    if monthly_minor:
        give(sales_of(seller, monthly_minor=monthly_minor)).value()
    return seller


def sales_of(seller: Seller, *, monthly_minor: int = 50_000_000) -> RecordSales:
    """Fourteen months of turnover up to the open date, on the first account."""
    today = business_date().open_date
    first = today.replace(day=1)
    months = []
    for _ in range(14):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(MonthTurnover(month=first.strftime("%Y-%m"), orders=10, amount_minor=monthly_minor))
    return RecordSales(
        entity_id=seller.entity_id,
        account_id=seller.accounts[0],
        batch_id="batch-1",
        file_sha256="0" * 64,
        sampling_factor=1,
        currency=seller.currency,
        months=tuple(reversed(months)),
        first_order_on=first,
        last_order_on=today.replace(day=1) - timedelta(days=1),
    )


def grant_line(seller: Seller, *, debt_ratio_bps: int = 2000) -> Seller:
    """Apply and have the application decided."""
    command = SubmitApplication(
        entity_id=seller.entity_id,
        industry_code="general",
        requested_minor=None,
        debt_ratio_bps=debt_ratio_bps,
        clean_record=True,
    )
    seller.application_id = UUID(give(command).value()["application_id"])
    pay_outs()
    line_id = one("SELECT line_id FROM application WHERE id = %s", seller.application_id)
    seller.line_id = line_id
    return seller


def seller_with_line(**kwargs) -> Seller:
    """A seller that may draw."""
    return grant_line(register_seller(**kwargs))


def offer_parts(*, like: str = "instalment-monthly", parts_max: int = 3, availability_days: int = 90) -> str:
    """Save a product like a shipped one but paid out in parts, and return its code."""
    code, shipped = "stock-in-parts", next(terms for terms in CATALOGUE if terms.code == like)
    payout = PayoutTerms(parts_max=parts_max, availability_days=availability_days)
    give(SaveProductVersion(terms=parts_product(shipped, code=code, payout=payout))).value()
    return code


def parts_product(shipped: ProductTerms, *, code: str, payout: PayoutTerms) -> ProductTerms:
    """Return the first version of a product that is a shipped one but for its payout, in force at once."""
    return replace(shipped, code=code, version=1, effective_from=business_date().open_date, payout=payout)


def pay_outs() -> None:
    """Deliver what waits in the outbox, retries included, without waiting for their time."""
    for _ in range(4):
        deliver_due(now_offset_seconds=7200)


def one(sql: str, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None
