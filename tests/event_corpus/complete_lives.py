"""One or more complete lives of every aggregate, told by its own commands on fixed days.

Owns: which streams make up the corpus; together they contain every kind of event. Refuses to know: the
database. Nothing here may be reordered or changed: a new kind of event gets a new life, and a life whose
events got a new version is told anew under another name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from collection.domain.bureau_record import BureauRecord, Snapshot
from ledger.domain.accrual_run import AccrualBucket, AccrualRun
from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms, PaymentSource, SourceRules
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_parts import LoanParts
from ledger.domain.loan_record import FactKind, NewPlan, recorded
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.periods import Month, Periods
from ledger.domain.plans.replanning import Replan
from ledger.domain.product import Product
from ledger.domain.proposal import Proposal
from ledger.domain.provision_run import ProvisionBucket, ProvisionRun
from ledger.domain.servicing.differing import Adjustment
from ledger.domain.settlement_account import SettlementAccount
from ledger.kernel.aggregate import Aggregate
from ledger.kernel.day_count import DayCount
from ledger.policies.agreeing import loan_terms_of
from ledger.policies.funding import FunderShare, Funding
from ledger.policies.product_pricing import PricingTerms, RateKind
from ledger.policies.product_terms import OfferTerms, ProductTerms
from lending.domain.application import Application
from lending.domain.credit_line import CreditLine
from lending.domain.entity import LegalEntity
from lending.domain.entity_events import MonthTurnover

ENTITY = UUID("5b000000-0000-4000-8000-000000000001")
LINE = UUID("5b000000-0000-4000-8000-000000000002")
ACCOUNT = UUID("5b000000-0000-4000-8000-000000000003")
OTHER_ACCOUNT = UUID("5b000000-0000-4000-8000-000000000004")
LOAN = UUID("5b000000-0000-4000-8000-000000000005")
TERMS = LoanTerms(
    product_code="instalment-monthly",
    product_version=1,
    currency="CNY",
    method="equal_instalment",
    term=3,
    annual_rate_e8=14_400_000,
    day_base=360,
    penalty_rate_e8=21_600_000,
    compound=True,
    grace_days=3,
    early_fee_e8=1_000_000,
    allocation_order=("fee", "penalty", "compound", "interest", "principal"),
    principal_first_after_dpd=90,
    prepayment_mode="shorten_term",
)


def stream(number: int) -> UUID:
    """Return the identifier of one life."""
    return UUID(f"5b000000-0000-4000-8000-{number:012x}")


def requested(number: int) -> LoanAccount:
    loan = LoanAccount.blank(stream(number))
    loan.request(
        effective_date=date(2024, 1, 31),
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=1_000_001,
        terms=TERMS,
    )
    return loan


def paid(loan: LoanAccount, on: date, payment_id: str, **how: Any) -> None:
    """Pay from the loan's own account, an instalment unless something else is said."""
    given = {"kind": "instalment", "source_account_id": ACCOUNT, **how}
    loan.repay(effective_date=on, payment_id=payment_id, **given)


def loan_repaid_after_arrears() -> LoanAccount:
    """Overdue, penalised, cured, prepaid in part, paid off."""
    loan = requested(0x101)
    loan.disburse(effective_date=date(2024, 1, 31), bank_reference="BANK-1", paid_minor=1_000_001)
    loan.catch_up(effective_date=date(2024, 3, 1))
    loan.catch_up(effective_date=date(2024, 3, 6))
    paid(loan, date(2024, 3, 8), "p1", amount_minor=200_000)
    paid(loan, date(2024, 3, 9), "p2", source_account_id=OTHER_ACCOUNT)
    paid(loan, date(2024, 3, 10), "p3", kind="prepayment", amount_minor=300_000)
    paid(loan, date(2024, 3, 20), "p4", kind="payoff")
    return loan


def loan_left_overdue() -> LoanAccount:
    loan = requested(0x102)
    loan.disburse(effective_date=date(2024, 2, 29), bank_reference="BANK-2", paid_minor=1_000_001)
    loan.catch_up(effective_date=date(2024, 6, 15))
    return loan


def disbursed(number: int) -> LoanAccount:
    loan = requested(number)
    loan.disburse(effective_date=date(2024, 1, 31), bank_reference=f"BANK-{number:x}")
    return loan


def tell(loan: LoanAccount, on: date, kind: FactKind, fact_id: str, **said: Any) -> None:
    """Record a fact on an open date."""
    loan.record(effective_date=on, kind=kind, fact_id=fact_id, **said)


def loan_paid_out_in_parts() -> LoanAccount:
    """Three parts at most: the second failed and was called again, the third is given up."""
    loan = LoanAccount.blank(stream(0x10C))
    loan.request(
        effective_date=date(2024, 1, 31),
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=1_000_001,
        terms=TERMS,
        parts=LoanParts(
            first_minor=400_000, parts_max=3, available_until=date(2024, 4, 30), rest_minor=600_001
        ),
    )
    loan.disburse(effective_date=date(2024, 1, 31), bank_reference="BANK-10c", paid_minor=400_000)
    loan.call_part(effective_date=date(2024, 2, 5), part_id="part-2", amount_minor=300_000)
    loan.fail_part(effective_date=date(2024, 2, 5), part_id="part-2", reason="account closed")
    loan.call_part(effective_date=date(2024, 2, 10), part_id="part-3", amount_minor=300_000)
    loan.confirm_part(effective_date=date(2024, 2, 11), part_id="part-3", bank_reference="BANK-10c-2")
    loan.give_up_rest(effective_date=date(2024, 2, 20))
    return loan


def line_drawn_in_parts() -> CreditLine:
    """Half of a reservation was paid out and the rest given back."""
    line = CreditLine.blank(stream(0x205))
    line.open(entity_id=ENTITY, currency="CNY", limit_minor=5_000_000, effective_date=date(2024, 1, 2))
    line.reserve(loan_id=LOAN, amount_minor=1_000_000, effective_date=date(2024, 1, 2))
    line.book(loan_id=LOAN, amount_minor=500_000, effective_date=date(2024, 1, 2))
    line.release(loan_id=LOAN, amount_minor=500_000, effective_date=date(2024, 1, 9))
    return line


def loan_whose_payments_came_back() -> LoanAccount:
    """Paid late by a bank that reports late, bounced, overpaid, refunded, charged back."""
    loan = disbursed(0x106)
    loan.catch_up(effective_date=date(2024, 3, 6))
    paid(loan, date(2024, 3, 8), "p1", amount_minor=341_000, value_date=date(2024, 2, 29))
    paid(loan, date(2024, 3, 31), "p2", source_account_id=OTHER_ACCOUNT)
    tell(loan, date(2024, 4, 12), FactKind.PAYMENT_REVERSED, "b1", of="p2", reason="returned by the bank")
    late = {"amount_minor": 800_000, "payment": "insurance", "source_account_id": ACCOUNT}
    tell(loan, date(2024, 5, 2), FactKind.PAYMENT_RECEIVED, "i1", value_date=date(2024, 4, 30), **late)
    tell(loan, date(2024, 5, 3), FactKind.REFUNDED, "r1", amount_minor=50_000)
    tell(loan, date(2024, 5, 20), FactKind.CHARGEBACK, "c1", of="p1", amount_minor=100_000)
    return loan


def loan_with_charges_and_waivers() -> LoanAccount:
    """Fees that were too high or let go, a late fee, interest and penalty that were let go in part."""
    loan = disbursed(0x107)
    tell(loan, date(2024, 2, 5), FactKind.CHARGE_ADDED, "f1", amount_minor=3_000, due_on=date(2024, 2, 29))
    paid(loan, date(2024, 2, 29), "p1", amount_minor=2_000)
    tell(loan, date(2024, 3, 3), FactKind.CHARGE_ADJUSTED, "a1", of="f1", amount_minor=2_500)
    tell(loan, date(2024, 3, 4), FactKind.CHARGE_ADDED, "f2", amount_minor=700, due_on=date(2024, 3, 20))
    late = {"amount_minor": 1_000, "due_on": date(2024, 3, 20), "is_late_fee": True}
    tell(loan, date(2024, 3, 20), FactKind.CHARGE_ADDED, "f3", **late)
    tell(loan, date(2024, 3, 21), FactKind.CHARGE_WAIVED, "w1", of="f2")
    tell(loan, date(2024, 3, 22), FactKind.PENALTY_WAIVED, "w2", amount_minor=900, reason="goodwill")
    tell(loan, date(2024, 3, 22), FactKind.INTEREST_WAIVED, "w3", amount_minor=500)
    return loan


def loan_on_changed_terms() -> LoanAccount:
    """Another rate from an earlier day, a pause, a promotion, other rows, a mistake, everything called due."""
    loan = disbursed(0x108)
    tell(
        loan, date(2024, 2, 10), FactKind.RATE_CHANGED, "k1", rate_e8=12_000_000, value_date=date(2024, 2, 6)
    )
    tell(loan, date(2024, 2, 12), FactKind.INTEREST_PAUSED, "k2", until=date(2024, 2, 20))
    tell(loan, date(2024, 2, 22), FactKind.PROMOTION_GRANTED, "k3", share_e8=50_000_000)
    tell(loan, date(2024, 2, 25), FactKind.PROMOTION_ENDED, "k4", of="k3")
    tell(loan, date(2024, 2, 26), FactKind.CHANGE_UNDONE, "k5", of="k2", reason="meant for another loan")
    loan.catch_up(effective_date=date(2024, 3, 6))
    longer = NewPlan(
        repayment=RepaymentTerms(method=ContractMethod.EQUAL_PRINCIPAL), annual_rate_e8=12_000_000, term=4
    )
    change = {"change": "restructure", "takes_overdue": True, "interest": "capitalised", "plan": longer}
    tell(loan, date(2024, 3, 10), FactKind.PLAN_CHANGED, "k6", **change)
    tell(loan, date(2024, 4, 1), FactKind.ACCELERATED, "k7", due_on=date(2024, 4, 10))
    return loan


def loan_off_the_books() -> LoanAccount:
    """Interest that is no income and is again, a charge-off by mistake, one that stays, a recovery, the end."""
    loan = disbursed(0x109)
    tell(loan, date(2024, 2, 20), FactKind.NON_ACCRUAL_STARTED, "n1", reason="the shop is closed")
    tell(loan, date(2024, 2, 25), FactKind.NON_ACCRUAL_ENDED, "n2", reason="the shop is open")
    loan.catch_up(effective_date=date(2024, 6, 15))
    tell(loan, date(2024, 6, 20), FactKind.CHARGED_OFF, "o1")
    tell(loan, date(2024, 6, 21), FactKind.CHARGE_OFF_UNDONE, "o2", of="o1", reason="another loan was meant")
    tell(loan, date(2024, 9, 30), FactKind.CHARGED_OFF, "o3")
    recovery = {"amount_minor": 123_456, "source_account_id": ACCOUNT}
    tell(loan, date(2024, 10, 8), FactKind.RECOVERED, "o4", **recovery)
    tell(loan, date(2024, 12, 31), FactKind.WRITTEN_OFF, "o5")
    return loan


def loan_settled_for_less() -> LoanAccount:
    loan = disbursed(0x10A)
    loan.catch_up(effective_date=date(2024, 3, 20))
    paid(loan, date(2024, 3, 21), "p1", amount_minor=250_000)
    tell(loan, date(2024, 3, 21), FactKind.SETTLED_AT_DISCOUNT, "d1", reason="agreed in court")
    return loan


def loan_sold_and_given_back() -> LoanAccount:
    """Sold overdue, a payment of before the sale that arrives later, the sale undone, and sold again as it is paid."""
    loan = disbursed(0x10C)
    loan.catch_up(effective_date=date(2024, 3, 20))
    tell(
        loan,
        date(2024, 3, 25),
        FactKind.SOLD,
        "s1",
        price_minor=700_000,
        buyer="B-7",
        reason="portfolio 2024-1",
    )
    late = {"amount_minor": 300_000, "source_account_id": ACCOUNT, "value_date": date(2024, 3, 22)}
    tell(loan, date(2024, 3, 28), FactKind.PAYMENT_RECEIVED, "p1", **late)
    tell(loan, date(2024, 4, 2), FactKind.SALE_UNDONE, "s2", of="s1", reason="not as warranted")
    tell(
        loan,
        date(2024, 4, 3),
        FactKind.SOLD,
        "s3",
        price_minor=900_000,
        buyer="B-8",
        reason="portfolio 2024-2",
    )
    return loan


def loan_whose_payout_came_back() -> LoanAccount:
    loan = disbursed(0x10B)
    tell(loan, date(2024, 2, 2), FactKind.DISBURSEMENT_REVERSED, "x1", of="payout", reason="BANK-10b-R")
    return loan


def loan_not_paid_out() -> LoanAccount:
    loan = requested(0x103)
    loan.fail_disbursement(effective_date=date(2024, 2, 1), reason="account closed")
    return loan


def revolving_loan_repaid() -> LoanAccount:
    """Interest by the day, restarted at a smaller principal, across a leap day."""
    loan = LoanAccount.blank(stream(0x104))
    loan.request(
        effective_date=date(2024, 2, 20),
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=2_000_000,
        terms=replace(
            TERMS, product_code="revolving-daily", method="revolving_daily", term=30, early_fee_e8=0
        ),
    )
    loan.disburse(effective_date=date(2024, 2, 20), bank_reference="BANK-4")
    paid(loan, date(2024, 2, 29), "p1", amount_minor=700_000)
    paid(loan, date(2024, 3, 4), "p2", amount_minor=1_000)
    paid(loan, date(2024, 3, 25), "p3", kind="payoff")
    return loan


def season_product() -> ProductTerms:
    """A product whose loans keep conventions: grace rows, calendar, rules by source, dearer after maturity."""
    return ProductTerms(
        code="season",
        version=1,
        effective_from=date(2024, 2, 1),
        title="Season",
        currency="CNY",
        offer=OfferTerms(
            terms=(2, 3), amount_minor_min=100_000, amount_minor_max=5_000_000, offered_until=date(2025, 1, 1)
        ),
        pricing=PricingTerms(annual_rate_e8=13_800_000),
        repayment=RepaymentTerms(
            method=ContractMethod.EQUAL_PRINCIPAL,
            day_count=DayCount.ACT_365F,
            grace_interest_rows=1,
            calendar="CN",
        ),
        arrears=ArrearsTerms(
            grace_mode=GraceMode.PLAIN, compound=CompoundMode.CONTRACT_UNTIL_MATURITY, dpd_tolerance_minor=1
        ),
        allocation=AllocationTerms(
            by_source=(
                SourceRules(
                    source=PaymentSource.AUTO_DEBIT,
                    rules=tuple(
                        f"{timing}.{bucket}"
                        for timing in ("past_due", "due")
                        for bucket in ("principal", "interest", "compound", "penalty", "fee")
                    ),
                ),
            )
        ),
        early=EarlyTerms(modes=(Replan.REDUCE_INSTALMENT, Replan.SHORTEN_TERM)),
    )


def loan_on_conventions_left_overdue() -> LoanAccount:
    """Due after a grace row, overdue until after the maturity, paid in part."""
    product = season_product()
    loan = LoanAccount.blank(stream(0x105))
    loan.request(
        effective_date=date(2024, 2, 20),
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=1_000_001,
        terms=loan_terms_of(product, currency="CNY", term=3, signed_on=date(2024, 2, 20)),
        conventions=product.conventions(),
    )
    loan.disburse(effective_date=date(2024, 2, 20), bank_reference="BANK-5")
    loan.catch_up(effective_date=date(2024, 3, 26))
    paid(loan, date(2024, 4, 2), "p1", amount_minor=50_000, reason="auto_debit")
    loan.catch_up(effective_date=date(2024, 4, 26))
    loan.catch_up(effective_date=date(2024, 6, 1))
    return loan


def product_in_parts_retired() -> Product:
    """A version in force, a later one that is dearer and paid out in parts, and the end of the offer."""
    product, first = Product.blank(stream(0x601)), season_product()
    product.save_version(effective_date=date(2024, 1, 2), terms=first)
    dearer = replace(
        first,
        version=2,
        effective_from=date(2024, 6, 1),
        pricing=PricingTerms(kind=RateKind.PRIME_PLUS_SPREAD, spread_e8=10_000_000),
        repayment=replace(first.repayment, grace_interest_rows=0),
        payout=PayoutTerms(parts_max=4, availability_days=120),
    )
    product.save_version(effective_date=date(2024, 1, 5), terms=dearer)
    product.retire(effective_date=date(2024, 7, 1), reason="season over")
    return product


def _waiver_proposed(number: int) -> Proposal:
    proposal, day = Proposal.blank(stream(number)), date(2024, 3, 4)
    proposal.make(
        effective_date=day,
        entity_id=ENTITY,
        loan_id=LOAN,
        line_id=LINE,
        account_ids=(ACCOUNT,),
        currency="CNY",
        fact=recorded(
            FactKind.PENALTY_WAIVED, fact_id="", value_date=day, reason="hardship", amount_minor=5_400
        ),
        effect=(
            Adjustment("penalty_receivable", "debit", -5_400),
            Adjustment("waiver_expense", "debit", 5_400),
        ),
        fingerprint="0123abcd",
        proposed_by="user:1",
    )
    return proposal


def proposal_approved() -> Proposal:
    """Asked for by one person, agreed to by another one a day later."""
    proposal = _waiver_proposed(0x701)
    proposal.approve(
        effective_date=date(2024, 3, 5), fingerprint="0123abcd", fact_id="fact-1", approved_by="user:2"
    )
    return proposal


def proposal_rejected() -> Proposal:
    """Asked for by one person, turned down by another one."""
    proposal = _waiver_proposed(0x702)
    proposal.reject(effective_date=date(2024, 3, 5), reason="no hardship seen", rejected_by="user:2")
    return proposal


def line_owed_again() -> CreditLine:
    """Drawn, repaid, owed again above its limit."""
    line, day = CreditLine.blank(stream(0x203)), date(2024, 1, 2)
    line.open(entity_id=ENTITY, currency="CNY", limit_minor=10_000_000, effective_date=day)
    line.change_limit(limit_minor=12_000_000, reason="turnover grew", effective_date=day)
    line.reserve(loan_id=LOAN, amount_minor=3_000_000, effective_date=day)
    line.release(loan_id=LOAN, effective_date=day)
    line.reserve(loan_id=LOAN, amount_minor=2_000_000, effective_date=day)
    line.book(loan_id=LOAN, effective_date=day)
    line.restore_limit(loan_id=LOAN, amount_minor=500_000, effective_date=date(2024, 2, 2))
    line.change_limit(limit_minor=1_800_000, reason="turnover fell", effective_date=date(2024, 2, 2))
    line.owe_again(loan_id=LOAN, amount_minor=400_000, effective_date=date(2024, 2, 3))
    line.restore_limit(loan_id=LOAN, amount_minor=300_000, effective_date=date(2024, 2, 3))
    line.freeze(reason="audit", effective_date=date(2024, 2, 3))
    line.thaw(effective_date=date(2024, 2, 4))
    line.blacklist(reason="three overdue instalments", effective_date=date(2024, 5, 20))
    return line


def line_closed() -> CreditLine:
    line = CreditLine.blank(stream(0x202))
    line.open(entity_id=ENTITY, currency="JPY", limit_minor=500_000, effective_date=date(2024, 1, 2))
    line.close(reason="asked for", effective_date=date(2024, 12, 31))
    return line


def settlement_withdrawn() -> SettlementAccount:
    """Late money, returned in part after the loans it had paid gave it back; the rest is paid out."""
    account, day = SettlementAccount.blank(ACCOUNT), date(2024, 1, 2)
    account.open(entity_id=ENTITY, currency="CNY", effective_date=day)
    account.receive(amount_minor=1_000_000, channel="platform", reference="R-1", effective_date=day)
    account.receive(
        amount_minor=300_000,
        channel="platform",
        reference="R-2",
        value_date=date(2023, 12, 29),
        effective_date=day,
    )
    account.reserve(amount_minor=100_000, purpose="payroll", effective_date=day)
    account.debit(amount_minor=200_000, loan_id=LOAN, reason="auto_debit", effective_date=date(2024, 2, 2))
    account.deduct(
        amount_minor=50_000,
        loan_id=LOAN,
        loan_account_id=OTHER_ACCOUNT,
        reason="linked_deduction",
        effective_date=date(2024, 2, 3),
    )
    account.credit(amount_minor=120_000, loan_id=LOAN, reason="reversal", effective_date=date(2024, 2, 4))
    account.return_deduction(
        amount_minor=50_000,
        loan_id=LOAN,
        loan_account_id=OTHER_ACCOUNT,
        reason="reversal",
        effective_date=date(2024, 2, 4),
    )
    account.return_receipt(
        amount_minor=290_000,
        channel="platform",
        reference="B-2",
        of_reference="R-2",
        effective_date=date(2024, 2, 4),
    )
    account.release(purpose="payroll", effective_date=date(2024, 2, 4))
    for reference, amount_minor in (("W-1", 10_000), ("W-2", 20_000), ("W-3", 30_000)):
        account.request_withdrawal(
            amount_minor=amount_minor, reference=reference, effective_date=date(2024, 2, 5)
        )
    account.confirm_withdrawal(reference="W-1", bank_reference="B-71", effective_date=date(2024, 2, 5))
    account.fail_withdrawal(reference="W-2", reason="account closed", effective_date=date(2024, 2, 6))
    account.reserve(amount_minor=7, purpose="tax", effective_date=date(2024, 2, 6))
    return account


def entity_listed() -> LegalEntity:
    entity, day = LegalEntity.blank(ENTITY), date(2024, 1, 2)
    entity.register(reference="E-1", country="CN", currency="CNY", effective_date=day)
    for account_id, role, external_id in (
        (ACCOUNT, "master", "shop-1"),
        (OTHER_ACCOUNT, "sub", "shop-\u5e97"),
    ):
        entity.link_account(
            account_id=account_id,
            platform="taobao",
            external_id=external_id,
            role=role,
            opened_on=date(2020, 2, 29),
            consent_granted_on=day,
            effective_date=day,
        )
    entity.record_sales(
        account_id=ACCOUNT,
        batch_id="batch-1",
        file_sha256="0" * 64,
        sampling_factor=20,
        currency="CNY",
        months=(MonthTurnover("2023-11", 3, 12_345), MonthTurnover("2023-12", 4, 99_999)),
        first_order_on=date(2023, 11, 1),
        last_order_on=date(2023, 12, 31),
        effective_date=day,
    )
    entity.blacklist(
        reason="three overdue instalments",
        overdue_instalments=(f"{LOAN}/1", f"{LOAN}/2", f"{LOAN}/3"),
        effective_date=date(2024, 5, 20),
    )
    return entity


def submitted(number: int) -> Application:
    application = Application.blank(stream(number))
    application.submit(
        entity_id=ENTITY,
        currency="CNY",
        product_family="seller-credit",
        industry_code="apparel",
        requested_minor=5_000_000 if number % 2 else None,
        debt_ratio_bps=2_000,
        clean_record=True,
        effective_date=date(2024, 1, 2),
    )
    return application


def decision(*, approved: bool) -> Any:
    reason = SimpleNamespace(code="turnover_too_low", category="operating")
    return SimpleNamespace(
        approved=approved,
        limit_minor=10_000_000 if approved else 0,
        reasons=() if approved else (reason,),
        reapply_from=None if approved else date(2024, 2, 29),
        policy_version="seller-credit-1",
        inputs_sha256="f" * 64,
        figures=(("input.currency", "CNY"), ("factor.industry", "17/20")),
    )


def application_approved() -> Application:
    application = submitted(0x401)
    application.decide(decision=decision(approved=True), effective_date=date(2024, 1, 3))
    return application


def application_rejected() -> Application:
    application = submitted(0x402)
    application.decide(decision=decision(approved=False), effective_date=date(2024, 1, 31))
    return application


def application_withdrawn() -> Application:
    application = submitted(0x403)
    application.withdraw(reason="changed my mind", effective_date=date(2024, 1, 4))
    return application


def accrual_posted() -> AccrualRun:
    run = AccrualRun.blank(stream(0x501))
    run.post(
        business_date=date(2024, 2, 29),
        buckets=(
            AccrualBucket("instalment-monthly", "CNY", "interest", 2, 1_234),
            AccrualBucket("instalment-monthly", "CNY", "penalty", 1, 56),
        ),
        rows=3,
        checksum="9876543210",
    )
    return run


def provision_posted() -> ProvisionRun:
    """One loan became overdue, another one was paid off."""
    run = ProvisionRun.blank(stream(0x801))
    run.post(
        effective_date=date(2024, 3, 1),
        business_date=date(2024, 2, 29),
        buckets=(
            ProvisionBucket("bullet", "CNY", "normal", 0, 0, 0, -10_000),
            ProvisionBucket("bullet", "CNY", "special_mention", 1, 1_000_000, 20_000, 20_000),
        ),
    )
    return run


# Told by earlier versions of their events; the files stay, and are read and replayed for ever.
TOLD_BEFORE = frozenset({"line_used", "settlement_used", "settlement_given_back", "product_retired"})


def bureau_record_corrected() -> BureauRecord:
    """A month reported as overdue, and corrected when the payment turned out to be older."""
    record, month = BureauRecord.blank(stream(0x701)), date(2024, 3, 1)
    overdue = Snapshot(
        currency="CNY",
        opened_on=date(2024, 1, 2),
        ended_on=None,
        limit_minor=10_000_000,
        principal_minor=2_000_000,
        balance_minor=1_340_000,
        days_past_due=29,
        bucket="M1",
        category="special_mention",
        marks="*" * 21 + "NN1",
    )
    paid = replace(
        overdue, balance_minor=0, ended_on=date(2024, 3, 30), days_past_due=0, bucket="M0", category="normal",
        marks="*" * 21 + "NNC",
    )  # fmt: skip
    for day, snapshot in ((date(2024, 4, 1), overdue), (date(2024, 4, 9), paid)):
        record.report(effective_date=day, loan_id=LOAN, entity_id=ENTITY, month=month, snapshot=snapshot)
    return record


def months_closed() -> Periods:
    periods = Periods.blank(stream(0x601))
    for month, accounts in ((Month(date(2024, 1, 1)), 7), (Month(date(2024, 2, 1)), 9)):
        periods.close(
            effective_date=date(2024, 3, 2),
            month=month,
            days_closed_through=date(2024, 3, 1),
            accounts=accounts,
            trial_balance_hash="a" * 64,
        )
    return periods


def product_funded() -> Product:
    product = Product.blank(stream(0x602))
    funding = Funding((FunderShare("own", 60_000_000), FunderShare("bank-a", 40_000_000)))
    product.agree_funding(
        effective_date=date(2024, 1, 2), code="instalment-monthly", latest_version=1, funding=funding
    )
    return product


def loan_taken_over() -> LoanAccount:
    """Lived in other books: a payment, a bounced one, arrears; then paid here."""
    loan = LoanAccount.blank(stream(0x701))
    loan.request(
        effective_date=date(2024, 4, 15),
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=1_000_001,
        terms=TERMS,
        paid_out_on=date(2024, 1, 31),
    )
    paid = recorded(
        FactKind.PAYMENT_RECEIVED, fact_id="P-1", value_date=date(2024, 2, 29), amount_minor=341_000
    )
    bounced = replace(paid, id="P-2", value_date=date(2024, 3, 30))
    back = recorded(FactKind.PAYMENT_REVERSED, fact_id="R-1", value_date=date(2024, 4, 3), of="P-2")
    loan.take_over(
        effective_date=date(2024, 4, 15),
        paid_out_on=date(2024, 1, 31),
        facts=(paid, bounced, back),
        origin="OLD-17",
        content="b" * 64,
    )
    loan.repay(
        effective_date=date(2024, 4, 16),
        payment_id="5b000000-0000-4000-8000-0000000007ff",
        kind="instalment",
        amount_minor=100_000,
        source_account_id=ACCOUNT,
    )
    return loan


LIVES: dict[str, Callable[[], Aggregate[Any]]] = {
    life.__name__: life
    for life in (
        loan_repaid_after_arrears,
        loan_left_overdue,
        loan_not_paid_out,
        revolving_loan_repaid,
        loan_on_conventions_left_overdue,
        loan_whose_payments_came_back,
        loan_with_charges_and_waivers,
        loan_on_changed_terms,
        loan_off_the_books,
        loan_settled_for_less,
        loan_sold_and_given_back,
        loan_whose_payout_came_back,
        product_in_parts_retired,
        proposal_approved,
        proposal_rejected,
        line_owed_again,
        line_closed,
        settlement_withdrawn,
        entity_listed,
        application_approved,
        application_rejected,
        application_withdrawn,
        accrual_posted,
        provision_posted,
        bureau_record_corrected,
        months_closed,
        product_funded,
        loan_taken_over,
        loan_paid_out_in_parts,
        line_drawn_in_parts,
    )
}
