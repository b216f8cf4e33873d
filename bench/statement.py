"""How long does a statement of a busy year take: data, JSON, comma-separated text, PDF?

A loan of twelve instalments is paid in small sums on every day of a year, by the product's own commands, so that
its account has 2,333 movements and the loan two thousand payments, with interest and penalty between them. Each
form is asked for several times; the median counts. The bar is for the statement as JSON, from the question to
the bytes; the processor time of client and server together says whether a quiet machine would reach it.
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import date, timedelta

from bench.accrual import processor_of_server
from bench.setting import FIRST_DAY, open_empty_books

DAYS = 365
DAYS_OF_PAYMENT = 334
PAYMENTS_A_DAY = 6
ROUNDS = 7
BAR_MS = 200


def statement_of_a_busy_year() -> dict:
    """Make the year, then ask for the statement of the account and of the loan in every form."""
    from ledger.queries import EVERYTHING
    from ledger.statements.asking import account_statement, loan_statement
    from ledger.statements.sheets import Period

    seller, loan_id = _busy_year()
    period = Period(FIRST_DAY, FIRST_DAY + timedelta(days=DAYS + 1))
    asks = {
        "account": lambda moment=None: account_statement(
            scope=EVERYTHING, account_id=seller.accounts[0], period=period, moment=moment
        ),
        "loan": lambda moment=None: loan_statement(
            scope=EVERYTHING, loan_id=loan_id, period=period, moment=moment
        ),
    }
    answers: dict = {}
    for name, ask in asks.items():
        answers |= {f"{name}_{key}": value for key, value in _measured(ask).items()}
    return {
        **answers,
        "bar": f"{BAR_MS} ms as JSON",
        "met": _slowest(answers, "json_ms") <= BAR_MS,
        "met_in_processor_time": _slowest(answers, "json_processor_ms") <= BAR_MS,
    }


def _slowest(answers: dict, form: str) -> float:
    return max(answers[f"account_{form}"], answers[f"loan_{form}"])


def _measured(ask) -> dict:
    from config.documents.comma import csv_of
    from config.documents.pdf import pdf_of
    from ledger.statements.as_paper import statement_paper
    from ledger.statements.as_values import statement_rows, statement_values

    told = ask()
    moment = _recorded_on(told.sheets[0].lines[len(told.sheets[0].lines) // 2].posting_date)
    forms = {
        "data": ask,
        "json": lambda: json.dumps(statement_values(ask(), with_commands=True)),
        "csv": lambda: csv_of(statement_rows(ask(), with_commands=True)),
        "pdf": lambda: pdf_of(statement_paper(ask(), borrower="busy")),
        "as_known_in_the_middle_json": lambda: json.dumps(statement_values(ask(moment), with_commands=True)),
    }
    figures = {"movements": len(told.sheets[0].lines)}
    for name, form in forms.items():
        figures[f"{name}_ms"], figures[f"{name}_processor_ms"] = _medians_ms(form)
    return figures


def _medians_ms(form) -> tuple[float, float]:
    """Return the time that passed, and the processor time of client and server together."""
    passed, spent = [], []
    for _ in range(ROUNDS + 1):
        begun, used = time.perf_counter(), time.process_time() + processor_of_server()
        form()
        passed.append(time.perf_counter() - begun)
        spent.append(time.process_time() + processor_of_server() - used)
    return statistics.median(passed[1:]) * 1000, statistics.median(spent[1:]) * 1000


def _recorded_on(day: date):
    from ledger.models import EsEvent

    return (
        EsEvent.objects.filter(effective_date=day)
        .order_by("pos")
        .values_list("recorded_at", flat=True)
        .first()
    )


def _busy_year() -> tuple:
    from tests.builders.sellers import seller_with_line

    open_empty_books()
    seller = seller_with_line(reference="busy", monthly_minor=50_000_000)
    loan_id = seller.borrow(9_000_000, term=12)
    for day in range(DAYS):
        if day > DAYS - DAYS_OF_PAYMENT:
            seller.receive(1_500 * PAYMENTS_A_DAY)
        for _ in range(PAYMENTS_A_DAY if day > DAYS - DAYS_OF_PAYMENT else 0):
            seller.repay(loan_id, 1_500)
        seller.close_through(FIRST_DAY + timedelta(days=day))
    _analyze()
    return seller, loan_id


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
