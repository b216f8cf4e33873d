"""A loan with a history worth asking about: paid late, corrected, partly undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_record import FactKind
from ledger.loan_fact_queries import loan_account
from lending.commands.repayment import RecordRepayment
from tests.builders.sellers import agreed, give, one, seller_with_line
from tests.conftest import FIRST_DAY


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


class History:
    """One loan, and the moments between which its facts were recorded."""

    def __init__(self) -> None:
        self.seller = seller_with_line()
        self.moments = [moment()]
        self.receipts: list[tuple[str, int]] = []
        self.loan_id = self.seller.borrow(600_000)
        self.moments.append(moment())

    def fact(self, kind: FactKind, **said):
        command = RecordLoanFact(
            loan_id=self.loan_id,
            line_id=self.seller.line_id,
            kind=kind,
            account_ids=(self.seller.accounts[0],),
            reason="agreed",
            **said,
        )
        result = agreed(command).value()
        self.moments.append(moment())
        return result["fact_id"]

    def pay(self, amount, *, kind="instalment", value_date=None):
        """Pay with money that comes for it, so that no automatic debit finds any."""
        if amount is None:
            amount = loan_account(self.loan_id).due_amount(self.seller.today())
        self.receipts.append((f"for-{len(self.receipts)}", amount))
        self.seller.receive(amount, reference=self.receipts[-1][0]).value()
        command = RecordRepayment(
            loan_id=self.loan_id,
            line_id=self.seller.line_id,
            source_account_id=self.seller.accounts[0],
            kind=kind,
            amount_minor=amount,
            currency="CNY",
            value_date=value_date,
        )
        result = give(command).value()
        self.moments.append(moment())
        return result["payment_id"]

    def close_through(self, number: int) -> None:
        self.seller.close_through(day(number))
        self.moments.append(moment())


def moment():
    return one("SELECT clock_timestamp()")


@pytest.fixture
def history(books):
    """Overdue, waived in part, paid for an earlier day, a payment bounced, and a rate set in hindsight."""
    told = History()
    told.close_through(20)
    told.fact(FactKind.CHARGE_ADDED, amount_minor=1_500, due_on=day(25))
    told.pay(100_000, kind="prepayment", value_date=day(10))
    told.close_through(34)
    paid = told.pay(None)
    told.close_through(50)
    told.fact(FactKind.PAYMENT_REVERSED, of=paid, value_date=day(40))
    reference, amount = told.receipts[-1]
    told.seller.return_receipt(amount, of=reference).value()
    told.fact(FactKind.RATE_CHANGED, rate_e8=12_000_000, value_date=day(5))
    told.close_through(70)
    told.fact(FactKind.PENALTY_WAIVED, amount_minor=100)
    return told
