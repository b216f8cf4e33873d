"""One situation per refusal that a command can give: what leads to it, and the command that is refused.

Owns: the table of cases and the list of refusals that no command can give, with the reason. Refuses to
know: what is asserted about them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from collection.bureau.snapshots import snapshots
from collection.commands.report_to_bureau import ReportToBureau
from ledger.commands.age_loan import AgeLoan
from ledger.commands.agree_funding import AgreeFunding
from ledger.commands.close_period import ClosePeriod
from ledger.commands.post_accrual import PostAccrual
from ledger.commands.propose_loan_fact import ApproveProposal, ProposeLoanFact, RejectProposal
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.commands.record_receipt import RecordReceipt
from ledger.commands.return_receipt import ReturnReceipt
from ledger.commands.save_product import RetireProduct, SaveProductVersion
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.loan_controls import ControlBalance
from ledger.domain.loan_record import FactKind, NewPlan, RecordedFact, recorded
from ledger.domain.plans.choices import Batch
from ledger.eventstore.commands import Actor, Command
from ledger.eventstore.processor import execute
from ledger.policies.funding import FunderShare
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_pricing import PricingTerms
from lending.commands.apply import DecideApplication, SubmitApplication
from lending.commands.drawdown import ConfirmPayout, FailPayout, RequestDrawdown
from lending.commands.further_part import CallPart, FailPart, GiveUpRest
from lending.commands.import_loan import ImportLine, ImportLoan
from lending.commands.manage_line import ChangeLimit, FreezeLine, ThawLine
from lending.commands.register_entity import LinkAccount, RegisterEntity
from lending.commands.repayment import RecordRepayment
from lending.commands.return_payment import ReturnPayment
from lending.commands.withdrawal import ConfirmWithdrawal, FailWithdrawal, WithdrawFunds
from tests.builders.lives import troubled_life
from tests.builders.sellers import (
    TESTER,
    Seller,
    give,
    offer_parts,
    one,
    pay_outs,
    register_seller,
    sales_of,
    seller_with_line,
)

DAY = timedelta(days=1)
Case = Callable[[], Command]
CASES: list[tuple[str, Case]] = []


def case(code: str) -> Callable[[Case], Case]:
    """Register what leads to a refusal."""

    def register(build: Case) -> Case:
        CASES.append((code, build))
        return build

    return register


def refused_as(code: str, *builds: Case) -> None:
    """Register several ways to the same refusal."""
    CASES.extend((code, build) for build in builds)


def draw_of(seller: Seller, **changes: Any) -> RequestDrawdown:
    command = RequestDrawdown(
        line_id=seller.line_id,
        account_id=seller.accounts[0],
        amount_minor=600_000,
        currency="CNY",
        product_code="instalment-monthly",
        term=3,
    )
    return replace(command, **changes)


def repayment_of(seller: Seller, loan: UUID, **changes: Any) -> RecordRepayment:
    command = RecordRepayment(
        loan_id=loan,
        line_id=seller.line_id,
        source_account_id=seller.accounts[0],
        kind="instalment",
        amount_minor=None,
        currency="CNY",
    )
    return replace(command, **changes)


def fact_of(seller: Seller, loan: UUID, kind: FactKind, **changes: Any) -> RecordLoanFact:
    command = RecordLoanFact(
        loan_id=loan, line_id=seller.line_id, kind=kind, account_ids=tuple(seller.accounts[:1])
    )
    return replace(command, **changes)


def link_of(seller: Seller, **changes: Any) -> LinkAccount:
    today = one("SELECT min(open_date) FROM es_shard")
    command = LinkAccount(
        entity_id=seller.entity_id,
        platform="taobao",
        external_id="shop-new",
        role="sub",
        opened_on=today,
        consent_granted_on=today,
    )
    return replace(command, **changes)


def application_of(seller: Seller, **changes: Any) -> SubmitApplication:
    command = SubmitApplication(
        entity_id=seller.entity_id,
        industry_code="general",
        requested_minor=None,
        debt_ratio_bps=2000,
        clean_record=True,
    )
    return replace(command, **changes)


def receipt_of(seller: Seller, **changes: Any) -> RecordReceipt:
    command = RecordReceipt(
        account_id=seller.accounts[0], amount_minor=100, currency="CNY", channel="platform", reference="R-1"
    )
    return replace(command, **changes)


def returned_of(seller: Seller, **changes: Any) -> ReturnReceipt:
    """Return the return of a receipt of 1.00 that has just come."""
    give(receipt_of(seller)).value()
    command = ReturnReceipt(
        account_id=seller.accounts[0],
        amount_minor=100,
        currency="CNY",
        channel="platform",
        reference="B-1",
        of_reference="R-1",
    )
    return replace(command, **changes)


def known() -> Seller:
    return register_seller(monthly_minor=0)


def lined() -> Seller:
    return seller_with_line()


def requested() -> tuple[Seller, UUID]:
    seller = lined()
    return seller, UUID(seller.draw(600_000).value()["loan_id"])


def borrowing(**kwargs: Any) -> tuple[Seller, UUID]:
    seller = lined()
    return seller, seller.borrow(600_000, **kwargs)


def funded(**kwargs: Any) -> tuple[Seller, UUID]:
    seller, loan = borrowing(**kwargs)
    seller.receive(5_000_000).value()
    return seller, loan


def settled() -> tuple[Seller, UUID]:
    seller, loan = funded()
    seller.repay(loan, kind="payoff").value()
    return seller, loan


def cancelled() -> tuple[Seller, UUID]:
    seller, loan = requested()
    give(FailPayout(loan_id=loan, line_id=seller.line_id, reason="account closed")).value()
    return seller, loan


def overdue() -> tuple[Seller, UUID]:
    seller, loan = borrowing(product="revolving-daily", term=30)
    seller.close_through(one("SELECT due_on FROM instalment"))
    return seller, loan


def due_today() -> Seller:
    """Return a seller with a draw that is due on the open date, and money."""
    seller, _ = funded(product="revolving-daily", term=30)
    due_on = one("SELECT due_on FROM instalment")
    while seller.today() < due_on:
        give(PostAccrual(shard=seller.shard, business_date=seller.today())).value()
    return seller


def rich() -> Seller:
    """Return a seller without loans who has 5.00."""
    seller = known()
    seller.receive(500).value()
    return seller


def waiting() -> Seller:
    """Return the same, of which 4.00 wait for the bank."""
    seller = rich()
    seller.withdraw(400).value()
    return seller


def withdrawal_of(seller: Seller, **changes: Any) -> WithdrawFunds:
    command = WithdrawFunds(account_id=seller.accounts[0], amount_minor=100, currency="CNY")
    return replace(command, **changes)


def charged_off() -> tuple[Seller, UUID]:
    seller, loan = overdue()
    seller.tell(loan, FactKind.CHARGED_OFF)
    return seller, loan


def written_off() -> tuple[Seller, UUID]:
    seller, loan = overdue()
    seller.tell(loan, FactKind.WRITTEN_OFF)
    return seller, loan


def sold() -> tuple[Seller, UUID]:
    seller, loan = overdue()
    seller.tell(loan, FactKind.SOLD, price_minor=500_000, buyer="B-7")
    return seller, loan


def paid_in_part_later() -> tuple[Seller, UUID]:
    """Return a draw of which 1,000.00 were repaid on the day after it was paid out."""
    seller, loan = funded(product="revolving-daily", term=30)
    seller.close_through(seller.today())
    seller.repay(loan, 100_000).value()
    return seller, loan


def repaid_in_part() -> tuple[Seller, UUID, str]:
    """Return a draw of which 1,000.00 has been repaid, and the payment."""
    seller, loan = funded(product="revolving-daily", term=30)
    return seller, loan, seller.repay(loan, 100_000).value()["payment_id"]


def confirmation_of(seller: Seller, loan: UUID, paid_minor: int = 600_000) -> ConfirmPayout:
    return ConfirmPayout(loan_id=loan, line_id=seller.line_id, bank_reference="B-1", paid_minor=paid_minor)


def rejected() -> Seller:
    """Turned down for want of turnover."""
    seller = known()
    give(application_of(seller)).value()
    pay_outs()
    assert one("SELECT status FROM application") == "rejected"
    return seller


refused_as(
    "LEDGER_AMOUNT_OUTSIDE_PRODUCT",
    lambda: draw_of(lined(), amount_minor=10),
    lambda: draw_of(lined(), amount_minor=10**14),
    lambda: draw_of(lined(), amount_minor=-1),
)
refused_as("LEDGER_PRODUCT_UNKNOWN", lambda: draw_of(lined(), product_code="nothing-such"))
refused_as("LEDGER_TERM_NOT_OFFERED", lambda: draw_of(lined(), term=5))
refused_as("LENDING_LIMIT_EXCEEDED", lambda: draw_of(lined(), amount_minor=50_000_000))
refused_as(
    "LENDING_CURRENCY_MISMATCH",
    lambda: draw_of(lined(), currency="USD"),
    lambda: repayment_of(*borrowing(), currency="USD"),
    lambda: withdrawal_of(rich(), currency="USD"),
)
refused_as(
    "LENDING_MONEY_DUE",
    lambda: withdrawal_of(overdue()[0]),
    lambda: withdrawal_of(due_today()),
    lambda: withdrawal_of(charged_off()[0]),
)
refused_as(
    "LEDGER_WITHDRAWAL_UNKNOWN",
    lambda: ConfirmWithdrawal(account_id=rich().accounts[0], reference="none", bank_reference="B-1"),
    lambda: FailWithdrawal(account_id=rich().accounts[0], reference="none", reason="account closed"),
)
refused_as("LENDING_ENTITY_OVERDUE", lambda: draw_of(overdue()[0]))
refused_as("LEDGER_CURRENCY_UNKNOWN", lambda: RegisterEntity(reference="E-9", country="CN", currency="XXX"))
refused_as(
    "LENDING_ENTITY_REFERENCE_INVALID",
    lambda: RegisterEntity(reference=" ", country="CN", currency="CNY"),
    lambda: RegisterEntity(reference="a\nb", country="CN", currency="CNY"),
)
refused_as("LEDGER_DISBURSEMENT_NOT_IN_FULL", lambda: confirmation_of(*requested(), paid_minor=599_999))
refused_as(
    "LEDGER_LOAN_ALREADY_DISBURSED",
    lambda: confirmation_of(*borrowing()),
    lambda: confirmation_of(*settled()),
    lambda: fact_of(*borrowing(), FactKind.DISBURSED, amount_minor=600_000),
)
refused_as(
    "LEDGER_LOAN_ALREADY_CANCELLED", lambda: confirmation_of(*cancelled()), lambda: repayment_of(*cancelled())
)
refused_as(
    "LEDGER_LOAN_ALREADY_SETTLED",
    lambda: repayment_of(*settled()),
    lambda: fact_of(*settled(), FactKind.ACCELERATED, due_on=date(2024, 2, 1)),
)
refused_as(
    "LEDGER_LOAN_NOT_OVERDUE",
    lambda: fact_of(*borrowing(), FactKind.CHARGED_OFF),
    lambda: ProposeLoanFact(fact=fact_of(*borrowing(), FactKind.WRITTEN_OFF)),
    lambda: ProposeLoanFact(fact=fact_of(*borrowing(), FactKind.SETTLED_AT_DISCOUNT)),
)
refused_as(
    "LEDGER_LOAN_NOT_CHARGED_OFF",
    lambda: fact_of(*funded(), FactKind.RECOVERED, amount_minor=100),
    lambda: fact_of(*settled(), FactKind.CHARGE_OFF_UNDONE, of="none"),
)
refused_as(
    "LEDGER_LOAN_CHARGED_OFF",
    lambda: repayment_of(*charged_off()),
    lambda: fact_of(*charged_off(), FactKind.RATE_CHANGED, rate_e8=10_000_000),
)
refused_as(
    "LEDGER_LOAN_SOLD",
    lambda: repayment_of(*sold()),
    lambda: fact_of(*sold(), FactKind.RATE_CHANGED, rate_e8=10_000_000),
    lambda: ProposeLoanFact(fact=fact_of(*sold(), FactKind.SOLD, price_minor=1, buyer="B-7")),
)
refused_as(
    "LEDGER_LOAN_NOT_SOLD",
    lambda: ProposeLoanFact(fact=fact_of(*charged_off(), FactKind.SALE_UNDONE, of="none")),
)
refused_as(
    "LEDGER_SALE_NOT_LAST",
    lambda: ProposeLoanFact(
        fact=fact_of(
            *paid_in_part_later(), FactKind.SOLD, price_minor=1, buyer="B-7", value_date=date(2024, 1, 2)
        )
    ),
)
refused_as("LEDGER_LOAN_GIVEN_UP", lambda: repayment_of(*written_off()))
refused_as(
    "LEDGER_VALUE_DATE_AHEAD",
    lambda: repayment_of(*funded(), kind="payoff", value_date=date(2024, 1, 3)),
    lambda: ProposeLoanFact(
        fact=fact_of(*borrowing(), FactKind.INTEREST_WAIVED, value_date=date(2024, 1, 3))
    ),
)
refused_as(
    "LEDGER_VALUE_DATE_BEFORE_PAYOUT",
    lambda: repayment_of(*funded(), kind="payoff", value_date=date(2024, 1, 1)),
    lambda: ProposeLoanFact(
        fact=fact_of(*borrowing(), FactKind.INTEREST_WAIVED, value_date=date(2024, 1, 1))
    ),
)
refused_as(
    "LEDGER_REFUND_ABOVE_OVERPAYMENT",
    lambda: ProposeLoanFact(fact=fact_of(*borrowing(), FactKind.REFUNDED, amount_minor=1)),
)
refused_as(
    "LEDGER_WAIVER_ABOVE_OWED",
    lambda: ProposeLoanFact(fact=fact_of(*borrowing(), FactKind.PENALTY_WAIVED)),
    lambda: ProposeLoanFact(fact=fact_of(*overdue(), FactKind.INTEREST_WAIVED, amount_minor=600_000)),
)
refused_as(
    "LEDGER_RATE_ABOVE_AGREED_CEILING",
    lambda: fact_of(*borrowing(), FactKind.RATE_CHANGED, rate_e8=24_000_001),
)
refused_as("LEDGER_NON_ACCRUAL_UNCHANGED", lambda: fact_of(*borrowing(), FactKind.NON_ACCRUAL_ENDED))
refused_as(
    "LEDGER_FACT_INVALID",
    lambda: fact_of(*borrowing(), FactKind.CHARGE_ADDED, amount_minor=-1, due_on=date(2024, 1, 9)),
    lambda: fact_of(*borrowing(), FactKind.CHARGE_ADDED, amount_minor=100, due_on=date(2024, 1, 1)),
    lambda: fact_of(*borrowing(), FactKind.CHARGE_ADDED, amount_minor=100),
    lambda: fact_of(*borrowing(), FactKind.RATE_CHANGED, rate_e8=10_000_000, amount_minor=100),
    lambda: fact_of(*funded(), FactKind.PAYMENT_RECEIVED, amount_minor=100, payment="gift"),
    lambda: fact_of(*borrowing(), FactKind.ACCELERATED, due_on=date(2024, 2, 1), plan=NEW_PLAN),
)
refused_as(
    "LEDGER_FACT_REFERENCE_UNKNOWN",
    lambda: fact_of(*borrowing(), FactKind.PAYMENT_REVERSED, of="none"),
    lambda: fact_of(*borrowing(), FactKind.PAYMENT_REVERSED, of="payout"),
)
refused_as(
    "LEDGER_FACT_IMPOSSIBLE",
    lambda: fact_of(*borrowing(), FactKind.PLAN_CHANGED, change="deferral", due_on=date(2024, 4, 1)),
)
refused_as(
    "LEDGER_LOAN_NOT_DISBURSED", lambda: repayment_of(*requested()), lambda: AgeLoan(loan_id=requested()[1])
)
refused_as(
    "LEDGER_FUNDS_NOT_AVAILABLE",
    lambda: repayment_of(*borrowing(), kind="payoff"),
    lambda: withdrawal_of(rich(), amount_minor=501),
    lambda: withdrawal_of(waiting(), amount_minor=101),
)
refused_as("LEDGER_NOTHING_DUE", lambda: repayment_of(*funded()))
refused_as(
    "LEDGER_PAYOFF_AMOUNT_DIFFERS", lambda: repayment_of(*funded(), kind="payoff", amount_minor=600_001)
)
refused_as(
    "LEDGER_REPAYMENT_AMOUNT_INVALID",
    lambda: repayment_of(*funded(), amount_minor=0),
    lambda: repayment_of(*funded(), kind="prepayment"),
)
refused_as("LEDGER_REPAYMENT_KIND_UNKNOWN", lambda: repayment_of(*funded(), kind="gift"))
refused_as(
    "LEDGER_RECEIPT_CURRENCY_MISMATCH",
    lambda: receipt_of(known(), currency="USD"),
    lambda: returned_of(known(), currency="USD"),
)
refused_as("LEDGER_RECEIPT_VALUE_DATE_IN_FUTURE", lambda: receipt_of(known(), value_date=date(2024, 1, 3)))
refused_as("LEDGER_RETURN_EXCEEDS_RECEIPT", lambda: returned_of(known(), amount_minor=101))
refused_as(
    "LEDGER_SETTLEMENT_AMOUNT_INVALID",
    lambda: receipt_of(known(), amount_minor=0),
    lambda: receipt_of(known(), amount_minor=-5),
    lambda: returned_of(known(), amount_minor=0),
    lambda: withdrawal_of(rich(), amount_minor=0),
    lambda: withdrawal_of(rich(), amount_minor=-5),
)
refused_as("LENDING_ACCOUNT_ROLE_UNKNOWN", lambda: link_of(known(), role="owner"))
refused_as(
    "LENDING_CONSENT_MISSING",
    lambda: link_of(known(), consent_granted_on=None),
    lambda: link_of(known(), consent_granted_on=date(2030, 1, 1)),
)
refused_as("LENDING_ACCOUNT_OPENED_IN_FUTURE", lambda: link_of(known(), opened_on=date(2030, 1, 1)))
refused_as("LENDING_MASTER_ALREADY_LINKED", lambda: link_of(known(), role="master"))
refused_as("LENDING_ACCOUNT_ALREADY_LINKED", lambda: link_of(known(), external_id="E-1-shop-1"))
refused_as("LENDING_REQUESTED_AMOUNT_INVALID", lambda: application_of(known(), requested_minor=0))
refused_as(
    "LENDING_DEBT_RATIO_INVALID",
    lambda: application_of(known(), debt_ratio_bps=10_001),
    lambda: application_of(known(), debt_ratio_bps=-1),
)
refused_as("LENDING_REAPPLY_TOO_EARLY", lambda: application_of(rejected()))
refused_as("LENDING_LINE_EXISTS", lambda: application_of(lined()))
refused_as("LENDING_SALES_CURRENCY_MISMATCH", lambda: replace(sales_of(known()), currency="USD"))
refused_as(
    "LENDING_SALES_INVALID",
    lambda: replace(sales_of(known()), sampling_factor=0),
    lambda: replace(sales_of(known()), months=()),
)
refused_as(
    "LENDING_SALES_ALREADY_RECORDED",
    lambda: sales_of(register_seller()),
    lambda: replace(sales_of(register_seller()), batch_id="another"),
)
refused_as("LENDING_LINE_NOT_FROZEN", lambda: ThawLine(line_id=lined().line_id))
refused_as(
    "LENDING_LINE_AMOUNT_INVALID",
    lambda: ChangeLimit(line_id=lined().line_id, limit_minor=-1, reason="review"),
)
refused_as("LEDGER_DAY_NOT_OPEN", lambda: PostAccrual(shard=known().shard, business_date=date(2024, 1, 9)))
refused_as(
    "LEDGER_NOT_FOUND",
    lambda: draw_of(lined(), line_id=uuid4()),
    lambda: draw_of(lined(), account_id=uuid4()),
    lambda: repayment_of(*borrowing(), loan_id=uuid4()),
    lambda: repayment_of(*borrowing(), line_id=uuid4()),
    lambda: receipt_of(known(), account_id=uuid4()),
    lambda: returned_of(known(), account_id=uuid4()),
    lambda: withdrawal_of(rich(), account_id=uuid4()),
    lambda: returned_of(known(), of_reference="R-2"),
    lambda: returned_of(known(), channel="bank"),
    lambda: link_of(known(), entity_id=uuid4()),
    lambda: application_of(known(), entity_id=uuid4()),
    lambda: AgeLoan(loan_id=uuid4()),
    lambda: ProposeLoanFact(fact=fact_of(*borrowing(), FactKind.INTEREST_WAIVED, loan_id=uuid4())),
    lambda: ProposeLoanFact(fact=fact_of(*borrowing(), FactKind.INTEREST_WAIVED, line_id=uuid4())),
    lambda: fact_of(*funded(), FactKind.PAYMENT_RECEIVED, amount_minor=100, source_account_id=uuid4()),
    lambda: fact_of(*borrowing(), FactKind.ACCELERATED, due_on=date(2024, 2, 1), loan_id=uuid4()),
    lambda: fact_of(*borrowing(), FactKind.ACCELERATED, due_on=date(2024, 2, 1), line_id=uuid4()),
    lambda: FreezeLine(line_id=uuid4(), reason="audit"),
)


def in_parts(**offer: Any) -> tuple[Seller, UUID]:
    """Return a loan of 6,000.00 of which 2,000.00 were paid out."""
    seller = lined()
    code = offer_parts(**offer)
    return seller, seller.borrow(600_000, product=code, term=3, first_part_minor=200_000)


def part_called() -> tuple[Seller, UUID, str]:
    seller, loan = in_parts()
    return seller, loan, seller.call_part(loan, 100_000).value()["part_id"]


def part_of(seller: Seller, loan: UUID, **changes: Any) -> CallPart:
    command = CallPart(loan_id=loan, line_id=seller.line_id, amount_minor=100_000, currency="CNY")
    return replace(command, **changes)


refused_as(
    "LEDGER_PARTS_NOT_OFFERED",
    lambda: draw_of(lined(), first_part_minor=200_000),
    lambda: draw_of(lined(), product_code=offer_parts(), first_part_minor=600_000),
    lambda: draw_of(lined(), product_code=offer_parts(), first_part_minor=99_999),
)
refused_as(
    "LEDGER_NOTHING_TO_CALL",
    lambda: part_of(*borrowing()),
    lambda: GiveUpRest(loan_id=(lent := borrowing())[1], line_id=lent[0].line_id),
)
refused_as("LEDGER_PART_ABOVE_REST", lambda: part_of(*in_parts(), amount_minor=400_001))
refused_as("LENDING_CURRENCY_MISMATCH", lambda: part_of(*in_parts(), currency="USD"))
refused_as("LENDING_LINE_FROZEN", lambda: part_of(*frozen_in_parts()))
refused_as("LEDGER_NOT_FOUND", lambda: part_of(*in_parts(), line_id=uuid4()))


def frozen_in_parts() -> tuple[Seller, UUID]:
    seller, loan = in_parts()
    give(FreezeLine(line_id=seller.line_id, reason="audit")).value()
    return seller, loan


@case("LEDGER_PART_UNDER_WAY")
def a_part_before_the_bank_has_answered() -> Command:
    seller, loan, _ = part_called()
    return part_of(seller, loan)


@case("LEDGER_PART_UNDER_WAY")
def a_decision_before_the_bank_has_answered() -> Command:
    seller, loan, _ = part_called()
    return fact_of(seller, loan, FactKind.ACCELERATED, due_on=date(2024, 2, 1))


@case("LEDGER_PART_NOT_UNDER_WAY")
def a_part_that_was_paid_and_then_failed() -> Command:
    seller, loan, part = part_called()
    pay_outs()
    return FailPart(loan_id=loan, line_id=seller.line_id, part_id=part, reason="late")


@case("LEDGER_LOAN_OVERDUE")
def a_part_of_a_loan_in_arrears() -> Command:
    seller, loan = in_parts()
    seller.close_through(one("SELECT min(due_on) FROM instalment"))
    return part_of(seller, loan)


NEW_PLAN = NewPlan(
    repayment=RepaymentTerms(method=ContractMethod.EQUAL_PRINCIPAL), annual_rate_e8=12_000_000, term=3
)
OWN_PRODUCT = replace(CATALOGUE[0], code="own", currency="CNY", effective_from=date(2024, 1, 2))
refused_as(
    "LEDGER_PRODUCT_TERMS_INVALID",
    lambda: SaveProductVersion(
        terms=replace(
            OWN_PRODUCT,
            pricing=PricingTerms(annual_rate_e8=24_000_000),
            repayment=RepaymentTerms(method=ContractMethod.EQUAL_PRINCIPAL),
        )
    ),
)
refused_as(
    "LEDGER_PRODUCT_VERSION_TOO_EARLY",
    lambda: SaveProductVersion(terms=replace(OWN_PRODUCT, effective_from=date(2024, 1, 1))),
)
refused_as("LEDGER_PRODUCT_NEVER_SAVED", lambda: RetireProduct(code="nothing-such", reason="over"))
refused_as(
    "LEDGER_BATCHES_NOT_OFFERED",
    lambda: draw_of(lined(), product_code="agreed-batches"),
    lambda: draw_of(lined(), batches=(Batch(date(2024, 2, 1), 600_000),)),
)


@case("LEDGER_PRODUCT_CURRENCY_DIFFERS")
def a_draw_in_another_currency_than_the_product() -> Command:
    seller = lined()
    give(SaveProductVersion(terms=replace(OWN_PRODUCT, currency="JPY"))).value()
    return draw_of(seller, product_code="own")


@case("LEDGER_PRODUCT_NOT_OFFERED")
def a_draw_on_a_retired_product() -> Command:
    seller = lined()
    give(RetireProduct(code="instalment-monthly", reason="over")).value()
    return draw_of(seller)


@case("LEDGER_PRODUCT_RETIRED")
def a_version_of_a_retired_product() -> Command:
    give(RetireProduct(code="instalment-monthly", reason="over")).value()
    return SaveProductVersion(terms=replace(OWN_PRODUCT, code="instalment-monthly"))


@case("LEDGER_PREPAYMENT_NOT_OFFERED")
def a_part_of_a_loan_in_its_grace_period() -> Command:
    seller = lined()
    seller.receive(5_000_000)
    loan = seller.borrow(600_000, product="season-start", term=4)
    return repayment_of(seller, loan, kind="prepayment", amount_minor=300_000)


@case("LEDGER_PREPAYMENT_TOO_SMALL")
def less_than_the_interest_so_far() -> Command:
    seller, loan = funded()
    seller.close_through(seller.today() + 9 * DAY)
    return repayment_of(seller, loan, kind="prepayment", amount_minor=5)


@case("LEDGER_ARREARS_NOT_CLEARED")
def interest_as_income_again_while_something_is_overdue() -> Command:
    seller, loan = overdue()
    seller.tell(loan, FactKind.NON_ACCRUAL_STARTED)
    return fact_of(seller, loan, FactKind.NON_ACCRUAL_ENDED)


@case("LEDGER_NON_ACCRUAL_UNCHANGED")
def the_end_of_income_a_second_time() -> Command:
    seller, loan = overdue()
    seller.tell(loan, FactKind.NON_ACCRUAL_STARTED)
    return fact_of(seller, loan, FactKind.NON_ACCRUAL_STARTED)


@case("LEDGER_CHARGEBACK_ABOVE_PAYMENT")
def more_than_is_left_of_a_payment_charged_back_in_part() -> Command:
    seller, loan, payment = repaid_in_part()
    seller.tell(loan, FactKind.CHARGEBACK, of=payment, amount_minor=60_000)
    return fact_of(seller, loan, FactKind.CHARGEBACK, of=payment, amount_minor=40_001)


@case("LEDGER_FACT_REVERSED_TWICE")
def a_payment_that_bounces_twice() -> Command:
    seller, loan, payment = repaid_in_part()
    seller.tell(loan, FactKind.PAYMENT_REVERSED, of=payment)
    return fact_of(seller, loan, FactKind.PAYMENT_REVERSED, of=payment)


@case("LEDGER_NOT_FOUND")
def a_payment_as_a_fact_from_an_account_of_another_entity() -> Command:
    """Two entities of one shard: the account is there, and is not the borrower's."""
    seller, loan = borrowing()
    other = a_neighbour_of(seller)
    other.receive(5_000_000).value()
    return fact_of(
        seller,
        loan,
        FactKind.PAYMENT_RECEIVED,
        amount_minor=100,
        account_ids=(other.accounts[0],),
        source_account_id=other.accounts[0],
    )


@case("LEDGER_RECEIPT_ALREADY_RECORDED")
def the_same_reference_on_another_account() -> Command:
    seller = known()
    give(receipt_of(seller)).value()
    return receipt_of(seller, account_id=seller.accounts[1])


@case("LEDGER_NOT_FOUND")
def the_return_of_a_receipt_of_another_account() -> Command:
    seller = known()
    return returned_of(seller, account_id=seller.accounts[1])


@case("LEDGER_FUNDS_NOT_AVAILABLE")
def the_return_of_money_that_has_paid_a_loan() -> Command:
    seller, loan = borrowing()
    give(receipt_of(seller, amount_minor=600_000, reference="R-2")).value()
    seller.repay(loan, kind="payoff").value()
    return returned_of(seller, amount_minor=600_000, of_reference="R-2")


@case("LEDGER_RECEIPT_ALREADY_RETURNED")
def a_second_return() -> Command:
    seller = known()
    seller.receive(500).value()
    give(returned_of(seller, amount_minor=40)).value()
    return ReturnReceipt(
        account_id=seller.accounts[0],
        amount_minor=60,
        currency="CNY",
        channel="platform",
        reference="B-2",
        of_reference="R-1",
    )


@case("LEDGER_RETURN_REFERENCE_USED")
def the_return_of_two_receipts_under_one_reference() -> Command:
    seller = known()
    give(receipt_of(seller, reference="R-2")).value()
    first = returned_of(seller)
    give(first).value()
    return replace(first, of_reference="R-2")


@case("LENDING_ACCOUNT_LINKED_ELSEWHERE")
def the_shop_of_another_entity() -> Command:
    known()
    return link_of(register_seller(reference="E-2", monthly_minor=0), external_id="E-1-shop-0")


@case("LENDING_ACCOUNT_NOT_LINKED")
def sales_of_an_account_of_another_entity() -> Command:
    seller, other = known(), register_seller(reference="E-2", monthly_minor=0)
    return replace(sales_of(seller), account_id=other.accounts[0])


@case("LENDING_ACCOUNT_OF_ANOTHER_ENTITY")
def a_draw_to_an_account_of_another_entity() -> Command:
    seller = lined()
    return draw_of(seller, account_id=register_seller(reference="E-2", monthly_minor=0).accounts[0])


@case("LENDING_ACCOUNT_OF_ANOTHER_ENTITY")
def a_repayment_from_an_account_of_another_entity() -> Command:
    """Two entities of one shard; across shards the account is not even found."""
    seller, loan = borrowing()
    other = a_neighbour_of(seller)
    other.receive(5_000_000).value()
    return repayment_of(seller, loan, source_account_id=other.accounts[0], kind="payoff")


def a_neighbour_of(seller: Seller) -> Seller:
    from ledger.eventstore.shards import entity_id_for, shard_of

    names = (f"N-{number}" for number in range(100_000))
    reference = next(name for name in names if shard_of(entity_id_for(name)) == seller.shard)
    return register_seller(reference=reference, monthly_minor=0)


@case("LENDING_ENTITY_ALREADY_REGISTERED")
def a_second_registration() -> Command:
    known()
    return RegisterEntity(reference="E-1", country="CN", currency="CNY")


@case("LENDING_APPLICATION_IN_PROGRESS")
def a_second_application() -> Command:
    seller = register_seller()
    give(application_of(seller)).value()
    return application_of(seller)


@case("LENDING_APPLICATION_ALREADY_DECIDED")
def a_second_decision() -> Command:
    seller = lined()
    return DecideApplication(application_id=seller.application_id, entity_id=seller.entity_id)


@case("LENDING_LINE_FROZEN")
def a_draw_on_a_frozen_line() -> Command:
    seller = lined()
    give(FreezeLine(line_id=seller.line_id, reason="audit")).value()
    return draw_of(seller)


@case("LENDING_LINE_FROZEN")
def a_second_freeze() -> Command:
    command = FreezeLine(line_id=lined().line_id, reason="audit")
    give(command).value()
    return command


@case("LENDING_LIMIT_UNCHANGED")
def the_limit_it_has() -> Command:
    seller = lined()
    limit = one("SELECT limit_minor FROM credit_line")
    return ChangeLimit(line_id=seller.line_id, limit_minor=limit, reason="review")


@case("LENDING_ENTITY_BLACKLISTED")
def a_draw_after_the_blacklist() -> Command:
    return draw_of(troubled_life()[0])


@case("LENDING_ENTITY_BLACKLISTED")
def an_application_after_the_blacklist() -> Command:
    return application_of(troubled_life()[0])


@case("LENDING_BLACKLISTED_ENTITY_TAKES_NO_ACCOUNT")
def another_account_after_the_blacklist() -> Command:
    return link_of(troubled_life()[0])


@case("LENDING_ACCOUNT_BLACKLISTED")
def a_listed_shop_comes_back_with_another_entity() -> Command:
    troubled_life()
    return link_of(register_seller(reference="E-2", monthly_minor=0), external_id="E-1-shop-0")


@case("LEDGER_PERIOD_CLOSED")
def a_month_that_is_closed() -> Command:
    command = ClosePeriod(month="2023-12")
    give(command).value()
    return command


@case("LEDGER_PERIOD_NOT_NEXT")
def a_month_that_leaves_an_open_one_behind() -> Command:
    give(ClosePeriod(month="2023-11")).value()
    return ClosePeriod(month="2024-01")


refused_as("LEDGER_PERIOD_NOT_OVER", lambda: ClosePeriod(month="2024-01"))
refused_as("LEDGER_MONTH_INVALID", lambda: ClosePeriod(month="2024-13"), lambda: ClosePeriod(month="January"))
refused_as(
    "LEDGER_FUNDING_INVALID",
    lambda: AgreeFunding(code="revolving-daily", shares=()),
    lambda: AgreeFunding(code="revolving-daily", shares=(FunderShare("own", 99_999_999),)),
)


@case("LEDGER_PRODUCT_RETIRED")
def funders_of_a_retired_product() -> Command:
    give(RetireProduct(code="revolving-daily", reason="over")).value()
    return AgreeFunding(code="revolving-daily", shares=(FunderShare("own", 100_000_000),))


def goodwill_of(seller: Seller, loan: UUID, **changes: Any) -> RecordLoanFact:
    said = {"amount_minor": 1_000, "payment": "goodwill_credit", "reason": "a wrong letter"} | changes
    return fact_of(seller, loan, FactKind.PAYMENT_RECEIVED, **said)


def approval_of(
    wish: RecordLoanFact, *, proposed_by: str = "user:proposer", **changes: Any
) -> ApproveProposal:
    """Return the approval of a wish that one person has just proposed."""
    made = execute(ProposeLoanFact(fact=wish), actor=Actor(proposed_by), key="proposed").value()
    command = ApproveProposal(
        proposal_id=UUID(made["proposal_id"]),
        line_id=wish.line_id,
        account_ids=wish.account_ids,
        seen=made["fingerprint"],
    )
    return replace(command, **changes)


def rejection_of(approval: ApproveProposal) -> RejectProposal:
    return RejectProposal(
        proposal_id=approval.proposal_id,
        line_id=approval.line_id,
        account_ids=approval.account_ids,
        reason="the letter was right",
    )


refused_as(
    "LEDGER_SECOND_PERSON_NEEDED",
    lambda: fact_of(*borrowing(), FactKind.WRITTEN_OFF),
    lambda: fact_of(*borrowing(), FactKind.INTEREST_WAIVED),
    lambda: goodwill_of(*borrowing()),
)
refused_as(
    "LEDGER_SECOND_PERSON_NOT_NEEDED",
    lambda: ProposeLoanFact(
        fact=fact_of(*borrowing(), FactKind.CHARGE_ADDED, amount_minor=100, due_on=date(2024, 1, 9))
    ),
)
refused_as(
    "LEDGER_APPROVAL_BY_SAME_PERSON",
    lambda: approval_of(goodwill_of(*borrowing()), proposed_by=TESTER.principal),
)
refused_as("LEDGER_PROPOSAL_CHANGED", lambda: approval_of(goodwill_of(*borrowing()), seen="another"))
refused_as("LEDGER_NOT_FOUND", lambda: approval_of(goodwill_of(*borrowing()), proposal_id=uuid4()))


@case("LEDGER_PROPOSAL_ALREADY_DECIDED")
def the_approval_of_what_was_rejected() -> Command:
    approval = approval_of(goodwill_of(*borrowing()))
    give(rejection_of(approval)).value()
    return approval


@case("LEDGER_PROPOSAL_ALREADY_DECIDED")
def the_rejection_of_what_was_approved() -> Command:
    approval = approval_of(goodwill_of(*borrowing()))
    give(approval).value()
    return rejection_of(approval)


def used(**changes: Any) -> ReturnPayment:
    """Return that a receipt comes back whose money has repaid a loan."""
    seller, loan = borrowing(product="revolving-daily", term=30)
    seller.receive(100_000, reference="R-1").value()
    seller.repay(loan, 100_000).value()
    command = ReturnPayment(
        account_id=seller.accounts[0],
        line_ids=(seller.line_id,),
        amount_minor=100_000,
        currency="CNY",
        channel="platform",
        reference="B-1",
        of_reference="R-1",
        reason="objected to the debit",
    )
    return replace(command, **changes)


refused_as("LENDING_PAYMENT_NOT_OF_RECEIPT", lambda: used(payment_ids=("nobody",)))
refused_as("LEDGER_RECEIPT_CURRENCY_MISMATCH", lambda: used(currency="USD"))
refused_as("LEDGER_RETURN_EXCEEDS_RECEIPT", lambda: used(amount_minor=100_001))
refused_as("LEDGER_NOT_FOUND", lambda: used(of_reference="R-2"))


@case("LENDING_PAYMENTS_NOT_ENOUGH")
def a_payment_that_is_less_than_what_is_taken_back() -> Command:
    command = used()
    seller = Seller(one("SELECT id FROM legal_entity"), [command.account_id], command.line_ids[0])
    seller.receive(1_000, reference="R-2").value()
    small = seller.repay(one("SELECT id FROM loan"), 1_000).value()["payment_id"]
    return replace(command, payment_ids=(small,))


def month_report_of(seller: Seller, loan: UUID, month: date) -> ReportToBureau:
    found = {row.id: snapshot for row, snapshot in snapshots(shard=seller.shard, month=month)}
    return ReportToBureau(loan_id=loan, entity_id=seller.entity_id, month=month, snapshot=found[loan])


refused_as("COLLECTION_BUREAU_MONTH_NOT_OVER", lambda: month_report_of(*borrowing(), date(2024, 1, 1)))


@case("COLLECTION_BUREAU_NOTHING_NEW")
def a_month_that_was_reported_like_this() -> Command:
    seller, loan = overdue()
    command = month_report_of(seller, loan, date(2024, 1, 1))
    give(command).value()
    return command


def line_of_other_books() -> ImportLine:
    return ImportLine(entity_id=known().entity_id, limit_minor=50_000_000)


PAID_ELSEWHERE = recorded(
    FactKind.PAYMENT_RECEIVED, fact_id="P-1", value_date=date(2023, 12, 10), amount_minor=2_048_191
)
TOLD_ELSEWHERE = ControlBalance(
    as_of=date(2023, 12, 10), outstanding_minor=4_023_809, days_past_due=0, overdue_minor=0
)


def loan_of_other_books(**changes: Any) -> ImportLoan:
    """60,000.00 that were repaid in part in other books."""
    line = line_of_other_books()
    give(line).value()
    command = ImportLoan(
        external_id="L-1",
        entity_id=line.entity_id,
        line_id=line.line_id,
        account_id=one("SELECT id FROM shop_account WHERE role = 'master'"),
        currency="CNY",
        product_code="instalment-monthly",
        principal_minor=6_000_000,
        term=3,
        disbursed_on=date(2023, 11, 10),
        facts=(PAID_ELSEWHERE,),
        controls=(TOLD_ELSEWHERE,),
    )
    return replace(command, **changes)


def paid_again(**changes: Any) -> tuple[RecordedFact, ...]:
    """Return the payment of the other books and one more."""
    return (PAID_ELSEWHERE, replace(PAID_ELSEWHERE, **({"id": "P-2"} | changes)))


refused_as("LEDGER_CONTROL_BALANCE_MISSING", lambda: loan_of_other_books(controls=()))
refused_as(
    "LEDGER_CONTROL_BALANCE_DIFFERS",
    lambda: loan_of_other_books(facts=()),
    lambda: loan_of_other_books(controls=(replace(TOLD_ELSEWHERE, days_past_due=1),)),
)
refused_as(
    "LEDGER_FACT_OUT_OF_ORDER",
    lambda: loan_of_other_books(facts=paid_again(value_date=date(2023, 12, 9))),
)
refused_as("LEDGER_FACT_REPEATED", lambda: loan_of_other_books(facts=paid_again(id="P-1")))
refused_as(
    "LEDGER_FACT_NAME_TAKEN",
    lambda: loan_of_other_books(facts=paid_again(id="1/1")),
    lambda: loan_of_other_books(facts=paid_again(id="1/1e")),
    lambda: loan_of_other_books(facts=paid_again(id="from_overpayment:2023-12-10")),
)
refused_as("LENDING_CURRENCY_MISMATCH", lambda: loan_of_other_books(currency="USD"))
refused_as("LEDGER_VALUE_DATE_AHEAD", lambda: loan_of_other_books(disbursed_on=date(2024, 1, 3)))
refused_as("LENDING_LINE_EXISTS", lambda: ImportLine(entity_id=lined().entity_id, limit_minor=50_000_000))


@case("LENDING_LOAN_IMPORTED_OTHERWISE")
def a_loan_of_other_books_with_another_history() -> Command:
    command = loan_of_other_books()
    give(command).value()
    return replace(command, facts=paid_again(value_date=date(2023, 12, 11)))


@case("LENDING_LINE_ALREADY_OPEN")
def a_line_of_other_books_a_second_time() -> Command:
    command = line_of_other_books()
    give(command).value()
    return command


# Refusals that no command can lead to, by the place where their tests are.
OF_PARSING = {
    "LEDGER_CURRENCY_MISMATCH",
    "LEDGER_MONEY_MALFORMED",
    "LEDGER_MONEY_NOT_TEXT",
    "LEDGER_MONEY_NOT_WHOLE",
    "LEDGER_MONEY_TOO_LARGE",
    "LEDGER_MONEY_TOO_PRECISE",
    "LEDGER_RATE_MALFORMED",
    "LEDGER_RATE_NOT_TEXT",
    "LEDGER_RATE_TOO_LARGE",
    "LEDGER_RATE_TOO_PRECISE",
    "LEDGER_SPLIT_IMPOSSIBLE",
}
# Product and policy records, and the conventions of a new plan, are checked when they are written down.
OF_CONFIGURATION = {
    "LEDGER_ACCOUNT_MAPPING_INVALID",
    "LEDGER_NEW_PLAN_UNSOUND",
    "LENDING_LIMIT_PARAMETER_OUT_OF_RANGE",
}
# The aggregates' own guards behind a guard of the command; the matrices of tests/unit prove each cell.
BEHIND_ANOTHER_GUARD = {
    "LEDGER_ACCRUAL_BUCKET_INVALID",
    "LEDGER_ACCRUAL_RUN_ALREADY_POSTED",
    "LEDGER_AVAILABILITY_ENDED",
    "LEDGER_EFFECTIVE_DATE_TOO_EARLY",
    "LEDGER_HOLD_ALREADY_PLACED",
    "LEDGER_HOLD_UNKNOWN",
    "LEDGER_LOAN_ALREADY_REQUESTED",
    "LEDGER_LOAN_NOT_REQUESTED",
    "LEDGER_LOAN_TERM_INVALID",
    "LEDGER_OWN_ACCOUNT_DEDUCTED",
    "LEDGER_POSITIONS_NOT_COMPARABLE",
    "LEDGER_PREPAYMENT_MODE_UNKNOWN",
    "LEDGER_PRODUCT_ALREADY_SAVED",
    "LEDGER_PRINCIPAL_NOT_POSITIVE",
    "LEDGER_SERVICING_TERMS_INVALID",
    "LEDGER_SETTLEMENT_ALREADY_OPEN",
    "LEDGER_SETTLEMENT_NOT_OPEN",
    "LENDING_APPLICATION_ALREADY_SUBMITTED",
    "LENDING_APPLICATION_NOT_SUBMITTED",
    "LENDING_APPLICATION_WITHDRAWN",
    "LENDING_ENTITY_ALREADY_BLACKLISTED",
    "LENDING_ENTITY_NOT_REGISTERED",
    "LENDING_LINE_CLOSED",
    "LENDING_LINE_IN_USE",
    "LENDING_LINE_NOT_OPEN",
    "LENDING_RESERVATION_EXCEEDED",
    "LENDING_LOAN_ALREADY_RESERVED",
    "LENDING_REAPPLY_NOT_POSSIBLE",
    "LENDING_RESERVATION_UNKNOWN",
    "LENDING_RESTORE_EXCEEDS_DRAWN",
    # A proposal has a new identifier, and a decision names one that is there.
    "LEDGER_PROPOSAL_ALREADY_MADE",
    "LEDGER_PROPOSAL_UNKNOWN",
    # The matrix has a share for each category that a loan can be in.
    "LEDGER_PROVISION_INVALID",
    # A ceiling that fell after the product was saved, months later: tests/unit has the two days.
    "LEDGER_RATE_ABOVE_CEILING",
    # What a plan, a rate or a calendar cannot be: a product that passed its check leads to none of these.
    "LEDGER_ALLOCATION_RULES_INVALID",
    "LEDGER_CALENDAR_CONTRADICTORY",
    "LEDGER_DUE_DATE_RULE_IMPOSSIBLE",
    "LEDGER_EARLY_AMOUNT_TOO_SMALL",
    "LEDGER_FREQUENCY_UNKNOWN",
    "LEDGER_INSTALMENT_BELOW_INTEREST",
    "LEDGER_NOTHING_TO_REPAY_EARLY",
    "LEDGER_OVERDUE_TERMS_INVALID",
    "LEDGER_PERIOD_REVERSED",
    "LEDGER_PLAN_TERMS_IMPOSSIBLE",
    "LEDGER_PRIME_RATE_UNKNOWN",
    "LEDGER_PRINCIPAL_NEVER_IN_USE",
    "LEDGER_RATE_AMBIGUOUS",
    "LEDGER_RATE_NOT_FOUND",
    "LEDGER_RATE_TABLE_INVALID",
    "LEDGER_REBATE_IMPOSSIBLE",
    "LEDGER_REPLAN_IMPOSSIBLE",
    "LEDGER_REVOLVING_IMPOSSIBLE",
    "LEDGER_WITHDRAWAL_ALREADY_REQUESTED",
}
# Given by the processor before any command is looked at; test_refusals_change_nothing has them one by one.
OF_THE_PROCESSOR = {
    "LEDGER_BOOKS_NOT_OPEN",
    "LEDGER_BUSY",
    "LEDGER_IDEMPOTENCY_KEY_INVALID",
    "LEDGER_IDEMPOTENCY_KEY_REUSED",
    "LENDING_POLICY_NOT_IN_FORCE",
}
