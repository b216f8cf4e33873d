"""How long does a payment take that arrives late, on a loan with two thousand facts, and many of them at once?

The loan is a revolving draw that was paid in two thousand small parts over some weeks; it is taken over with
them from other books, which fills it by one command. A late payment has a value date of some days ago; it is
measured from the command to its commit, each with the reading of the loan. The figure to hold it against, in the
same run, is a payment of today on a new loan.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from statistics import median
from threading import Barrier, Thread
from uuid import UUID

from bench.setting import open_empty_books

FACTS = 2_000
DAYS = 40
LATE_DAYS = 10
ROUNDS = 15
AT_ONCE = 25
FACTS_EACH = 2_000
BAR_MS = 100


def late_payments() -> dict:
    """Pay late on a long loan, one after the other; then on 25 long loans of 25 sellers at once."""
    seller, loan, new = _long_life()
    late = [_timed(lambda: _pay(seller, loan, days_ago=LATE_DAYS)) for _ in range(ROUNDS)]
    today = [_timed(lambda: _pay(seller, loan)) for _ in range(ROUNDS)]
    fresh = [_timed(lambda: _pay(seller, new)) for _ in range(ROUNDS)]
    processor = [_processor(lambda: _pay(seller, loan, days_ago=LATE_DAYS)) for _ in range(ROUNDS)]
    answer = {
        "facts": FACTS,
        "late_payment_ms": median(late),
        "late_payment_ms_range": (min(late), max(late)),
        "late_payment_client_processor_ms": median(processor),
        "payment_of_today_ms": median(today),
        "payment_on_a_new_loan_ms": median(fresh),
        "bar_ms": BAR_MS,
        "met": median(late) <= BAR_MS,
    }
    return {**answer, **_many_at_once()}


def _long_life():
    from tests.builders.sellers import seller_with_line

    open_empty_books()
    seller = seller_with_line(reference="late")
    loan = _long_loan(seller, FACTS)
    return seller, loan, seller.borrow(500_000, product="revolving-daily", term=90)


def _long_loan(seller, payments: int):
    """Take over a revolving loan that was paid in so many small parts, a few on each of the days before today."""
    from ledger.domain.loan_controls import ControlBalance
    from ledger.domain.loan_record import FactKind, recorded
    from lending.commands.import_loan import ImportLoan
    from tests.builders.sellers import give

    today = seller.today()
    paid_out_on = today - timedelta(days=DAYS)
    facts = tuple(
        recorded(
            FactKind.PAYMENT_RECEIVED,
            fact_id=f"payment-{number}",
            value_date=paid_out_on + timedelta(days=1 + number * DAYS // payments),
            amount_minor=500,
            payment="instalment",
            instruction="none",
        )
        for number in range(payments)
    )
    command = ImportLoan(
        external_id="long",
        entity_id=seller.entity_id,
        line_id=seller.line_id,
        account_id=seller.accounts[0],
        currency="CNY",
        product_code="revolving-daily",
        principal_minor=2_000_000,
        term=90,
        disbursed_on=paid_out_on,
        facts=facts,
        controls=(
            ControlBalance(as_of=paid_out_on, outstanding_minor=2_000_000, days_past_due=0, overdue_minor=0),
        ),
    )
    loan_id = UUID(give(command).value()["loan_id"])
    seller.receive(500_000)
    return loan_id


def _pay(seller, loan, *, days_ago: int = 0) -> None:
    from lending.commands.repayment import RecordRepayment
    from tests.builders.sellers import give

    on = seller.today() - timedelta(days=days_ago) if days_ago else None
    command = RecordRepayment(
        loan_id=loan,
        line_id=seller.line_id,
        source_account_id=seller.accounts[0],
        kind="instalment",
        amount_minor=500,
        currency="CNY",
        value_date=on,
    )
    give(command).value()


def _many_at_once() -> dict:
    from django.db import connection

    from tests.builders.sellers import seller_with_line

    lives = []
    for number in range(AT_ONCE):
        seller = seller_with_line(reference=f"late-{number}")
        lives.append((seller, _long_loan(seller, FACTS_EACH)))
    outcomes: Counter[str] = Counter()
    barrier = Barrier(AT_ONCE)

    def pay(seller, loan) -> None:
        barrier.wait()
        try:
            _pay(seller, loan, days_ago=LATE_DAYS)
            outcomes["done"] += 1
        except Exception as fault:  # what a deadlock or a refusal would show as
            outcomes[type(fault).__name__] += 1
        finally:
            connection.close()

    threads = [Thread(target=pay, args=life) for life in lives]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "at_once": AT_ONCE,
        "facts_each": FACTS_EACH,
        "at_once_seconds": time.perf_counter() - begun,
        "at_once_outcomes": dict(outcomes),
    }


def _timed(work) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _processor(work) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000
