"""Killed at any statement of any command, nothing is half done, and the same request again does it once.

Method: the books are saved before the act. For each moment of it (``builders.killing``) a child process
kills itself there; then the act is repeated with the same key on a fresh connection. The content of every
table must then be what one undisturbed run leaves, and the next moment starts from the saved books again.
"""

from __future__ import annotations

import inspect
import time
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from collection.bureau.snapshots import snapshots
from collection.commands.deduct import DeductFromLinkedAccounts
from collection.commands.report_to_bureau import ReportToBureau
from ledger.commands.age_loan import AgeLoan
from ledger.commands.agree_funding import AgreeFunding
from ledger.commands.close_period import ClosePeriod
from ledger.commands.post_accrual import PostAccrual
from ledger.commands.post_provision import PostProvision
from ledger.commands.propose_loan_fact import ApproveProposal, ProposeLoanFact, RejectProposal
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.commands.record_receipt import RecordReceipt
from ledger.commands.return_receipt import ReturnReceipt
from ledger.commands.save_product import RetireProduct, SaveProductVersion
from ledger.domain.loan_controls import ControlBalance
from ledger.domain.loan_record import FactKind, recorded
from ledger.eventstore.commands import Actor
from ledger.eventstore.followers import follow_all
from ledger.eventstore.outbox import deliver_due
from ledger.eventstore.processor import execute
from ledger.policies.funding import FunderShare
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_pricing import PricingTerms
from lending.commands.accept_order_file import AcceptOrderFile
from lending.commands.apply import DecideApplication, SubmitApplication
from lending.commands.debit_in_full import DebitInFull
from lending.commands.drawdown import ConfirmPayout, FailPayout, RequestDrawdown
from lending.commands.further_part import CallPart, ConfirmPart, FailPart, GiveUpRest
from lending.commands.import_loan import ImportLine, ImportLoan
from lending.commands.manage_line import ChangeLimit, FreezeLine, ThawLine
from lending.commands.register_entity import LinkAccount, RecordSales, RegisterEntity
from lending.commands.repayment import DebitDueAmount, RecordRepayment
from lending.commands.return_payment import ReturnPayment
from lending.commands.withdrawal import ConfirmWithdrawal, FailWithdrawal, WithdrawFunds
from tests.builders.books import assert_books_hold
from tests.builders.killing import is_killed, watched
from tests.builders.lives import short_life
from tests.builders.sellers import (
    Seller,
    give,
    offer_parts,
    one,
    register_seller,
    sales_of,
    seller_with_line,
)
from tests.builders.storage import content, forget_saved_books, restore_books, save_books

pytestmark = pytest.mark.processes
# Before BEGIN, before the answer is looked up, before the facts are written, and three times around COMMIT.
MOMENTS_MIN = 6
DAY = timedelta(days=1)
SESSIONS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend'"
)


@pytest.fixture
def killed_everywhere(committed_books):
    yield kill_everywhere
    forget_saved_books()


def kill_everywhere(act, *, again=None, moments_min=MOMENTS_MIN, has_key=True, without=()):
    """Prove an act safe at each of its moments.

    ``again`` is what is done afterwards, if not the same; ``without`` are tables that record attempts.
    """
    save_books()
    expected, moments = watched(act)
    undisturbed = content(without=without)
    assert len(moments) >= moments_min
    for moment in moments:
        restore_books()
        assert is_killed(act, at=moment), moment
        if not has_key:
            wait_for_the_dead()
        assert (again or act)() == expected, moment
        assert content(without=without) == undisturbed, moment
    assert_books_hold()


def deliver():
    """Deliver what is due now, and once more when the delay of a first try is over."""
    for seconds in (0, 100):
        deliver_due(now_offset_seconds=seconds)


def deliver_later():
    """Deliver when an earlier worker's lease has run out."""
    for seconds in (0, 1_000, 10_000):
        deliver_due(now_offset_seconds=seconds)


def follow():
    follow_all()


def wait_for_the_dead():
    """Wait until the server has noticed: a worker that comes by earlier skips what is still locked."""
    deadline = time.monotonic() + 10
    while one(SESSIONS) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def by(command, key="the key"):
    """Return the act of giving a command; its answer is the same however often it is given."""
    return lambda: give(command, key=key).value()


def registered():
    return register_seller(monthly_minor=0, accounts=1)


def requested():
    seller = seller_with_line()
    return seller, UUID(seller.draw(600_000).value()["loan_id"])


def borrowed(**kwargs):
    seller = seller_with_line()
    loan = seller.borrow(600_000, **kwargs)
    seller.receive(5_000_000).value()
    return seller, loan


def overdue():
    """A revolving loan on the morning after its due date, not yet aged, with money on the other account."""
    seller = seller_with_line()
    loan = seller.borrow(600_000, product="revolving-daily", term=30)
    due_on = one("SELECT due_on FROM instalment")
    seller.close_through(due_on - DAY)
    give(PostAccrual(shard=seller.shard, business_date=due_on)).value()
    seller.receive(500_000, account=1).value()
    return seller, loan


def repayment(seller: Seller, loan, kind, amount_minor=None, *, account=0):
    return RecordRepayment(
        loan_id=loan,
        line_id=seller.line_id,
        source_account_id=seller.accounts[account],
        kind=kind,
        amount_minor=amount_minor,
        currency="CNY",
    )


def register():
    return RegisterEntity(reference="E-9", country="CN", currency="CNY")


def link():
    seller, today = registered(), one("SELECT min(open_date) FROM es_shard")
    return LinkAccount(
        entity_id=seller.entity_id,
        platform="taobao",
        external_id="shop-9",
        role="sub",
        opened_on=today,
        consent_granted_on=today,
    )


def record_sales() -> RecordSales:
    return sales_of(registered())


def submit():
    seller = register_seller()
    return SubmitApplication(
        entity_id=seller.entity_id,
        industry_code="general",
        requested_minor=None,
        debt_ratio_bps=2000,
        clean_record=True,
    )


def decide():
    command = submit()
    application = UUID(give(command).value()["application_id"])
    return DecideApplication(application_id=application, entity_id=command.entity_id)


def draw():
    seller = seller_with_line()
    return RequestDrawdown(
        line_id=seller.line_id,
        account_id=seller.accounts[0],
        amount_minor=600_000,
        currency="CNY",
        product_code="instalment-monthly",
        term=3,
    )


def confirm():
    seller, loan = requested()
    return ConfirmPayout(loan_id=loan, line_id=seller.line_id, bank_reference="B-1", paid_minor=600_000)


def fail():
    seller, loan = requested()
    return FailPayout(loan_id=loan, line_id=seller.line_id, reason="account closed")


def receive():
    seller = registered()
    return RecordReceipt(
        account_id=seller.accounts[0], amount_minor=5_00, currency="CNY", channel="platform", reference="R-1"
    )


def withdraw():
    seller = registered()
    seller.receive(500).value()
    return WithdrawFunds(account_id=seller.accounts[0], amount_minor=400, currency="CNY")


def withdrawal_waits():
    command = withdraw()
    return command.account_id, give(command).value()["withdrawal_id"]


def confirm_withdrawal():
    account, reference = withdrawal_waits()
    return ConfirmWithdrawal(account_id=account, reference=reference, bank_reference="B-1")


def fail_withdrawal():
    account, reference = withdrawal_waits()
    return FailWithdrawal(account_id=account, reference=reference, reason="account closed")


def give_back():
    seller = registered()
    seller.receive(500, reference="R-1").value()
    return ReturnReceipt(
        account_id=seller.accounts[0],
        amount_minor=400,
        currency="CNY",
        channel="platform",
        reference="B-1",
        of_reference="R-1",
    )


def give_back_what_was_used():
    """The money has repaid a part of a loan: loan, line, account and receipt move together."""
    seller = seller_with_line()
    loan = seller.borrow(600_000, product="revolving-daily", term=30)
    seller.receive(250_000, reference="R-1").value()
    seller.repay(loan, 250_000).value()
    return ReturnPayment(
        account_id=seller.accounts[0],
        line_ids=(seller.line_id,),
        amount_minor=250_000,
        currency="CNY",
        channel="platform",
        reference="B-1",
        of_reference="R-1",
        reason="objected to the debit",
    )


def instalment():
    return repayment(*borrowed(product="revolving-daily", term=30), "instalment", 250_000)


def prepayment():
    return repayment(*borrowed(), "prepayment", 250_000)


def payoff():
    return repayment(*borrowed(), "payoff")


def debit():
    seller, loan = borrowed()
    due_on = one("SELECT min(due_on) FROM instalment")
    while seller.today() < due_on:
        give(PostAccrual(shard=seller.shard, business_date=seller.today())).value()
    return DebitDueAmount(loan_id=loan, line_id=seller.line_id, source_account_id=seller.accounts[0])


def debit_whole():
    command = debit()
    return DebitInFull(
        loan_id=command.loan_id, line_id=command.line_id, source_account_id=command.source_account_id
    )


def deduct():
    seller, loan = overdue()
    accounts = tuple(seller.accounts)
    return DeductFromLinkedAccounts(
        loan_id=loan, line_id=seller.line_id, entity_id=seller.entity_id, account_ids=accounts
    )


def fact_of(seller: Seller, loan, kind: FactKind, **said):
    return RecordLoanFact(
        loan_id=loan, line_id=seller.line_id, kind=kind, account_ids=tuple(seller.accounts), **said
    )


def bounce():
    """A payment is reversed: the account has its money back and the line is drawn again."""
    seller, loan = borrowed(product="revolving-daily", term=30)
    payment = seller.repay(loan, 250_000).value()["payment_id"]
    return fact_of(seller, loan, FactKind.PAYMENT_REVERSED, of=payment)


def propose():
    seller, loan = borrowed()
    wish = fact_of(
        seller,
        loan,
        FactKind.PAYMENT_RECEIVED,
        amount_minor=1_000,
        payment="goodwill_credit",
        reason="a wrong letter",
    )
    return ProposeLoanFact(fact=wish)


def proposed():
    """What a decision names of a proposal that somebody else has made, and its fingerprint."""
    wish = propose()
    made = execute(wish, actor=Actor("user:proposer"), key="proposed").value()
    named = {
        "proposal_id": UUID(made["proposal_id"]),
        "line_id": wish.fact.line_id,
        "account_ids": wish.fact.account_ids,
    }
    return named, made["fingerprint"]


def approve():
    named, seen = proposed()
    return ApproveProposal(**named, seen=seen)


def reject():
    named, _ = proposed()
    return RejectProposal(**named, reason="the letter was right")


def age():
    return AgeLoan(loan_id=overdue()[1])


def accrue():
    seller, *_ = short_life()
    return PostAccrual(shard=seller.shard, business_date=seller.today())


def set_aside():
    """More is lent than is provided for, on a day whose accrual has been posted."""
    seller, *_ = short_life()
    seller.borrow(600_000)
    day = seller.today()
    give(PostAccrual(shard=seller.shard, business_date=day)).value()
    return PostProvision(shard=seller.shard, business_date=day)


def report():
    seller, loan = borrowed()
    month = seller.today().replace(day=1)
    while seller.today().month == month.month:
        seller.close_through(seller.today())
    ((_, snapshot),) = snapshots(shard=seller.shard, month=month)
    return ReportToBureau(loan_id=loan, entity_id=seller.entity_id, month=month, snapshot=snapshot)


def take_over_line():
    return ImportLine(entity_id=registered().entity_id, limit_minor=50_000_000)


def take_over_loan():
    """60,000.00 of other books, repaid in part there."""
    seller = registered()
    line = UUID(give(ImportLine(entity_id=seller.entity_id, limit_minor=50_000_000)).value()["line_id"])
    paid_on = date(2023, 12, 10)
    return ImportLoan(
        external_id="L-1",
        entity_id=seller.entity_id,
        line_id=line,
        account_id=seller.accounts[0],
        currency="CNY",
        product_code="instalment-monthly",
        principal_minor=6_000_000,
        term=3,
        disbursed_on=date(2023, 11, 10),
        facts=(
            recorded(FactKind.PAYMENT_RECEIVED, fact_id="P-1", value_date=paid_on, amount_minor=2_048_191),
        ),
        controls=(
            ControlBalance(as_of=paid_on, outstanding_minor=4_023_809, days_past_due=0, overdue_minor=0),
        ),
    )


def freeze():
    return FreezeLine(line_id=seller_with_line().line_id, reason="audit")


def thaw():
    command = freeze()
    give(command).value()
    return ThawLine(line_id=command.line_id)


def change_limit():
    return ChangeLimit(line_id=seller_with_line().line_id, limit_minor=7_000_000, reason="turnover fell")


def save_product():
    today = one("SELECT min(open_date) FROM es_shard")
    terms = replace(CATALOGUE[0], effective_from=today + DAY, pricing=PricingTerms(annual_rate_e8=12_000_000))
    return SaveProductVersion(terms=terms)


def retire_product():
    command = save_product()
    give(command).value()
    return RetireProduct(code=command.terms.code, reason="no longer wanted")


def agree_funding():
    return AgreeFunding(code="revolving-daily", shares=(FunderShare("own", 100_000_000),))


def close_month():
    return ClosePeriod(month="2023-12")


def accept_file():
    day = one("SELECT min(open_date) FROM es_shard")
    return AcceptOrderFile(
        file_sha256="0" * 64, as_of=day, currency="CNY", platform="taobao", sampling_factor=1
    )


def in_parts():
    """30,000.00 agreed, 10,000.00 of them paid out."""
    seller = seller_with_line()
    return seller, seller.borrow(3_000_000, product=offer_parts(), term=6, first_part_minor=1_000_000)


def part_called(kind, **more):
    seller, loan = in_parts()
    part_id = seller.call_part(loan, 500_000).value()["part_id"]
    return kind(loan_id=loan, line_id=seller.line_id, part_id=part_id, **more)


def call():
    seller, loan = in_parts()
    return CallPart(loan_id=loan, line_id=seller.line_id, amount_minor=500_000, currency="CNY")


def confirm_further():
    return part_called(ConfirmPart, bank_reference="bank-2", paid_minor=500_000)


def fail_further():
    return part_called(FailPart, reason="account closed")


def give_up():
    seller, loan = in_parts()
    return GiveUpRest(loan_id=loan, line_id=seller.line_id)


COMMANDS = [
    accept_file,
    register,
    link,
    record_sales,
    submit,
    decide,
    draw,
    confirm,
    fail,
    call,
    confirm_further,
    fail_further,
    give_up,
    receive,
    withdraw,
    confirm_withdrawal,
    fail_withdrawal,
    give_back,
    give_back_what_was_used,
    instalment,
    prepayment,
    payoff,
    debit,
    debit_whole,
    deduct,
    bounce,
    propose,
    approve,
    reject,
    age,
    accrue,
    set_aside,
    report,
    take_over_line,
    take_over_loan,
    freeze,
    thaw,
    change_limit,
    save_product,
    retire_product,
    agree_funding,
    close_month,
]


class TestACommand:
    @pytest.mark.parametrize("prepared", COMMANDS, ids=lambda prepared: prepared.__name__)
    def test_killed_anywhere_happens_once(self, killed_everywhere, prepared):
        command = prepared()
        killed_everywhere(by(command))

    def test_that_is_refused_is_refused_once(self, killed_everywhere):
        seller = seller_with_line()
        killed_everywhere(lambda: seller.draw(99_999_999, key="the key").refusal.as_json())


class TestWorkAfterTheCommit:
    def test_a_decision_killed_anywhere_is_made_once(self, killed_everywhere):
        give(submit()).value()
        killed_everywhere(deliver, again=deliver_later, has_key=False)

    @pytest.mark.parametrize("behaviour", ["pay", "fail", "timeout-after"])
    def test_a_payout_killed_anywhere_is_paid_and_booked_once(self, killed_everywhere, behaviour):
        seller = seller_with_line(accounts=1, external_ids=[f"shop-{behaviour}"])
        seller.draw(600_000).value()
        killed_everywhere(deliver, again=deliver_later, moments_min=20, has_key=False)

    @pytest.mark.parametrize("behaviour", ["pay", "fail", "timeout-after"])
    def test_a_withdrawal_killed_anywhere_is_paid_and_booked_once(self, killed_everywhere, behaviour):
        seller = register_seller(monthly_minor=0, accounts=1, external_ids=[f"shop-{behaviour}"])
        seller.receive(500).value()
        seller.withdraw(400).value()
        killed_everywhere(deliver, again=deliver_later, moments_min=20, has_key=False)

    def test_followers_killed_anywhere_count_everything_once(self, killed_everywhere):
        short_life()
        killed_everywhere(follow, has_key=False)


def test_every_command_of_the_product_is_killed_here():
    """The blacklist is killed in the day close, which is all that gives it."""
    from ledger.eventstore.commands import COMMANDS as REGISTERED

    source = inspect.getsource(inspect.getmodule(kill_everywhere))
    killed = {name for name, command in REGISTERED.items() if command.__name__ in source}
    assert set(REGISTERED) - killed == {"blacklist_entity"}
