"""A loan of 60,000.00 at 14.4% a year over 360 days: lent, paid, repaid early, overdue, and what its statement says.

Each line of the tables below can be checked by hand: 60,000.00 x 31 / 31 days of an instalment of 720.00 interest,
18,187.82 of overdue principal and 182.26 of unpaid interest at 21.6% a year, and so on.
"""

from __future__ import annotations

from datetime import date

from ledger.queries import EVERYTHING
from ledger.statements.as_values import statement_rows, statement_values
from ledger.statements.asking import account_statement, entity_statement, loan_statement
from ledger.statements.sheets import Period
from tests.builders.books import assert_books_hold
from tests.builders.lives import troubled_life

WHOLE_LIFE = Period(date(2024, 1, 1), date(2024, 6, 1))

LOAN = """
2024-01-02 | Loan paid out                                     |  60000.00 |    0.00 |   0.00 | 60000.00
2024-01-31 | Interest, 30 days from 2024-01-02                 |      0.00 |  696.77 |   0.00 | 60696.77
2024-02-01 | Interest, 1 day from 2024-02-01                   |      0.00 |   23.23 |   0.00 | 60720.00
2024-02-02 | Payment                                           | -19761.91 | -720.00 |   0.00 | 40238.09
2024-02-12 | Interest, 11 days from 2024-02-02                 |      0.00 |  183.15 |   0.00 | 40421.24
2024-02-13 | Payment, prepayment                               |  -4822.95 | -183.15 |   0.00 | 35415.14
2024-02-29 | Interest, 17 days from 2024-02-13                 |      0.00 |  240.82 |   0.00 | 35655.96
2024-03-01 | Interest, 1 day from 2024-03-01                   |      0.00 |   14.17 |   0.00 | 35670.13
2024-03-02 | Payment                                           | -14263.10 | -254.99 |   0.00 | 21152.04
2024-03-05 | Interest, 4 days from 2024-03-02                  |      0.00 |   23.52 |   0.00 | 21175.56
2024-03-06 | Penalty since the due date                        |      0.00 |    0.00 |  14.31 | 21189.87
2024-03-11 | Interest and penalty, 6 days from 2024-03-06      |      0.00 |   35.27 |  21.47 | 21246.61
2024-03-12 | Payment                                           |  -2964.22 |    0.00 | -35.78 | 18246.61
2024-03-31 | Interest and penalty, 20 days from 2024-03-12     |      0.00 |  117.59 |  36.00 | 18400.20
2024-04-05 | Interest and penalty, 5 days from 2024-04-01      |      0.00 |    5.88 |   9.00 | 18415.08
2024-04-06 | Penalty since the due date                        |      0.00 |    0.00 |  36.89 | 18451.97
2024-04-30 | Penalty, 25 days from 2024-04-06                  |      0.00 |    0.00 | 275.55 | 18727.52
2024-05-20 | Penalty, 20 days from 2024-05-01                  |      0.00 |    0.00 | 220.44 | 18947.96
"""

ACCOUNT = """
2024-01-02 | Loan paid out                               |  60000.00 | 60000.00
2024-01-02 | Loan passed on to the bank account          | -60000.00 |     0.00
2024-01-02 | Money received                              |  50000.00 | 50000.00
2024-02-02 | Loan repayment                              | -20481.91 | 29518.09
2024-02-03 | Loan paid out                               |  20000.00 | 49518.09
2024-02-03 | Loan passed on to the bank account          | -20000.00 | 29518.09
2024-02-13 | Loan repayment                              | -10000.00 | 19518.09
2024-02-13 | Loan repayment, prepayment                  |  -5000.00 | 14518.09
2024-03-02 | Loan repayment                              | -14518.09 |     0.00
2024-03-12 | Received from a linked account for a loan   |   3000.00 |  3000.00
2024-03-12 | Loan repayment                              |  -3000.00 |     0.00
"""


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def movements(statement) -> list[dict[str, str]]:
    rows = list(statement_rows(statement, with_commands=True))
    named = [dict(zip(rows[0], map(str, row), strict=True)) for row in rows[1:]]
    return [row for row in named if row["row"] == "movement"]


class TestAStatementOfALoan:
    def test_tells_what_was_owed_and_why(self, books):
        _, loan, _ = troubled_life()
        told = loan_statement(scope=EVERYTHING, loan_id=loan, period=WHOLE_LIFE)
        columns = ("posting_date", "what", "principal", "interest", "penalty", "balance")
        assert [[row[name] for name in columns] for row in movements(told)] == table(LOAN)
        sheet = statement_values(told, with_commands=True)["sheets"][0]
        assert (sheet["opening"], sheet["closing"]) == ("0.00", "18947.96")
        assert sheet["closing_parts"] == {"principal": "18187.82", "interest": "182.26", "penalty": "577.88"}
        assert_books_hold()

    def test_of_a_month_begins_where_the_month_before_ended(self, books):
        _, loan, _ = troubled_life()
        february, march = (
            loan_statement(
                scope=EVERYTHING, loan_id=loan, period=Period(date(2024, m, 1), date(2024, m + 1, 1))
            )
            for m in (2, 3)
        )
        assert february.sheets[0].closing == march.sheets[0].opening
        assert sum(march.sheets[0].opening) == 35_655_96
        assert_books_hold()


class TestAStatementOfAnAccount:
    def test_tells_what_came_and_what_went(self, books):
        seller, _, _ = troubled_life()
        told = account_statement(scope=EVERYTHING, account_id=seller.accounts[0], period=WHOLE_LIFE)
        columns = ("posting_date", "what", "amount", "balance")
        assert [[row[name] for name in columns] for row in movements(told)] == table(ACCOUNT)
        assert_books_hold()


class TestAStatementOfAnEntity:
    def test_has_a_sheet_for_each_account_and_loan_that_moved(self, books):
        seller, loan, revolving = troubled_life()
        period = Period(date(2024, 2, 5), date(2024, 6, 1))
        told = entity_statement(scope=EVERYTHING, entity_id=seller.entity_id, period=period)
        # The second of three accounts never held anything.
        moved = {seller.accounts[0], seller.accounts[2], loan, revolving}
        assert {sheet.id for sheet in told.sheets} == moved
        totals = statement_values(told, with_commands=True)["totals"]
        assert totals == [
            {
                "kind": "settlement_account",
                "currency": "CNY",
                "opening": "29518.09",
                "movements": "-29518.09",
                "closing": "0.00",
            },
            {
                "kind": "loan",
                "currency": "CNY",
                "opening": "60304.04",
                "movements": "-30719.93",
                "closing": "29584.11",
            },
        ]
        assert_books_hold()
