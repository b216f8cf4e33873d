"""Months are reported once, corrected when they were not like that, and never rewritten."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from collection.bureau.month_file import COLUMNS, month_rows
from collection.bureau.reporting import Reported, report_month
from collection.bureau.snapshots import snapshots
from collection.commands.report_to_bureau import ReportToBureau
from collection.domain.bureau_record import BureauMonthNotOver, BureauNothingNew
from collection.models import BureauRecord
from ledger.commands.save_product import SaveProductVersion
from ledger.domain.loan_record import FactKind
from ledger.eventstore.business_date import business_date
from ledger.models import Instalment
from ledger.policies.product_catalogue import CATALOGUE
from tests.builders.books import assert_books_hold
from tests.builders.lives import troubled_life
from tests.builders.sellers import give, seller_with_line

MARCH = date(2024, 3, 1)


def told(month: date) -> list[dict[str, str]]:
    """Return the records of a month as the file has them."""
    rows = list(month_rows(month=month))
    return [dict(zip(rows[0], map(str, row), strict=True)) for row in rows[1:]]


def without_grace() -> str:
    """Save a product like a shipped one but without days of grace, and return its code."""
    shipped = next(terms for terms in CATALOGUE if terms.code == "instalment-monthly")
    since, arrears = business_date().open_date, replace(shipped.arrears, grace_days=0)
    strict = replace(shipped, code="strict-monthly", version=1, effective_from=since, arrears=arrears)
    give(SaveProductVersion(terms=strict)).value()
    return strict.code


def snapshot_of(seller, loan_id, month):
    return next(found for loan, found in snapshots(shard=seller.shard, month=month) if loan.id == loan_id)


class TestAMonth:
    def test_is_reported_by_what_was_true_at_its_end(self, books):
        """60,000 lent on 2024-01-02; the rows of February and half of March were paid, that of April was not."""
        _, loan, _ = troubled_life()
        figures = {}
        for number in (1, 2, 3, 4):
            month = date(2024, number, 1)
            report_month(month=month)
            (record,) = (row for row in told(month) if row["loan"] == str(loan))
            figures[number] = [record[name] for name in ("balance", "days_past_due", "bucket", "category")]
            assert record["marks"].endswith({1: "*N", 2: "*NN", 3: "*NN1", 4: "*NN12"}[number])
            assert (record["limit"], record["amount"]) == ("144000.00", "60000.00")
        assert figures == {
            1: ["60000.00", "0", "M0", "normal"],
            2: ["35415.14", "0", "M0", "normal"],
            3: ["18187.82", "29", "M1", "special_mention"],
            4: ["18187.82", "59", "M2", "special_mention"],
        }
        assert_books_hold()

    def test_is_reported_once(self, books):
        troubled_life()
        assert report_month(month=MARCH) == Reported(first=2)
        before = told(MARCH)
        assert report_month(month=MARCH) == Reported(unchanged=2)
        assert told(MARCH) == before
        assert_books_hold()

    def test_in_which_a_loan_was_paid_off_is_its_last(self, books):
        seller = seller_with_line()
        loan = seller.borrow(1_000_000)
        seller.receive(2_000_000)
        seller.close_through(date(2024, 1, 10))
        seller.repay(loan, kind="payoff").value()
        seller.borrow(100_000)  # so that the days of the shard go on being closed
        seller.close_through(date(2024, 3, 1))
        for number in (1, 2):
            report_month(month=date(2024, number, 1))
        (record,) = (row for row in told(date(2024, 1, 1)) if row["loan"] == str(loan))
        assert (record["balance"], record["ended_on"], record["marks"][-2:]) == ("0.00", "2024-01-11", "*C")
        assert str(loan) not in {row["loan"] for row in told(date(2024, 2, 1))}
        assert_books_hold()

    def test_in_which_a_loan_was_settled_at_a_discount_does_not_call_it_paid(self, books):
        seller = seller_with_line()
        loan = seller.borrow(1_000_000)
        seller.close_through(date(2024, 2, 20))
        seller.tell(loan, FactKind.SETTLED_AT_DISCOUNT)
        seller.close_through(date(2024, 2, 29))
        report_month(month=date(2024, 2, 1))
        (record,) = told(date(2024, 2, 1))
        assert (record["balance"], record["ended_on"], record["marks"][-1]) == ("0.00", "2024-02-21", "G")
        # Due on 2 February and given up on the 21st: the report says how late it was on the eve.
        assert (record["days_past_due"], record["bucket"]) == ("18", "M1")
        assert_books_hold()

    def test_has_no_loan_whose_payout_came_back(self, books):
        seller = seller_with_line()
        loan = seller.borrow(1_000_000)
        seller.close_through(date(2024, 1, 10))
        seller.tell(loan, FactKind.DISBURSEMENT_REVERSED, of="payout")
        seller.close_through(date(2024, 1, 31))
        assert report_month(month=date(2024, 1, 1)) == Reported()
        assert_books_hold()

    def test_counts_instalments_by_their_own_day_and_not_by_that_of_a_prepayment(self, books):
        """Due on the 30th, without grace. Prepaid on 31 March; 30 April and 30 May are not paid."""
        seller = seller_with_line()
        seller.close_through(date(2024, 1, 29))
        loan = seller.borrow(1_200_000, product=without_grace(), term=6)
        seller.receive(1_000_000)
        seller.close_through(date(2024, 3, 30))
        seller.repay(loan, 100_000, kind="prepayment").value()
        seller.withdraw(seller.balance()).value()
        seller.close_through(date(2024, 5, 31))
        due = Instalment.objects.filter(loan_id=loan, superseded_by=None, due_on__lte=date(2024, 5, 31))
        assert list(due.order_by("due_on").values_list("due_on", "kind", "paid_on__month")) == [
            (date(2024, 2, 29), "instalment", 2),
            (date(2024, 3, 30), "instalment", 3),
            (date(2024, 3, 31), "early", 3),
            (date(2024, 4, 30), "instalment", None),
            (date(2024, 5, 30), "instalment", None),
        ]
        assert snapshot_of(seller, loan, date(2024, 5, 1)).marks.endswith("*NNNN2")
        assert_books_hold()

    def test_that_is_not_over_is_refused_and_nothing_is_reported(self, books):
        seller = seller_with_line()
        seller.borrow(1_000_000)
        with pytest.raises(BureauMonthNotOver):
            report_month(month=date(2024, 1, 1))
        assert not BureauRecord.objects.exists()
        assert_books_hold()

    def test_that_was_asked_for_too_early_is_reported_when_it_is_over(self, books):
        seller = seller_with_line()
        seller.borrow(1_000_000)
        with pytest.raises(BureauMonthNotOver):
            report_month(month=date(2024, 1, 1))
        seller.close_through(date(2024, 1, 31))
        assert report_month(month=date(2024, 1, 1)) == Reported(first=1)
        assert_books_hold()


class TestARecordThatWasWrong:
    def report_wrongly(self):
        seller, loan, _ = troubled_life()
        right = snapshot_of(seller, loan, MARCH)
        wrong = replace(right, days_past_due=0, bucket="M0", category="normal", marks=right.marks[:-1] + "N")
        command = ReportToBureau(loan_id=loan, entity_id=seller.entity_id, month=MARCH, snapshot=wrong)
        give(command).value()
        return seller, loan, right, command

    def test_is_corrected_by_a_new_one_that_names_it(self, books):
        _, loan, right, _ = self.report_wrongly()
        assert report_month(month=MARCH) == Reported(first=1, corrected=1)
        wrong, corrected = (row for row in told(MARCH) if row["loan"] == str(loan))
        assert (wrong["record"], wrong["corrects"], wrong["marks"][-1]) == (f"{loan}/2024-03/1", "", "N")
        assert corrected["record"] == f"{loan}/2024-03/2"
        assert corrected["corrects"] == wrong["record"]
        assert corrected["marks"] == right.marks
        assert report_month(month=MARCH) == Reported(unchanged=2)
        assert_books_hold()

    def test_is_not_corrected_by_the_same_words(self, books):
        _, _, _, command = self.report_wrongly()
        assert isinstance(give(command).refusal, BureauNothingNew)
        assert BureauRecord.objects.count() == 1
        assert_books_hold()


class TestTheCommand:
    def export(self, **options) -> str:
        out = io.StringIO()
        arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        call_command("export_bureau", *arguments, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    def test_writes_the_records_of_the_months_and_nothing_of_persons(self, books):
        seller, loan, _ = troubled_life()
        rows = list(csv.reader(io.StringIO(self.export(month="2024-04", since="2024-03"))))
        assert tuple(rows[0]) == COLUMNS
        assert [(row[2], row[4]) for row in rows[1:]] == [("2024-03", "E-1")] * 2 + [("2024-04", "E-1")] * 2
        assert str(loan) in {row[3] for row in rows}
        assert str(seller.entity_id) not in str(rows)
        assert_books_hold()

    def test_writes_the_same_file_when_it_is_run_again(self, books, tmp_path):
        troubled_life()
        for name in ("first", "second"):
            self.export(month="2024-03", out=tmp_path / name)
        assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "second"]
        assert_books_hold()

    def test_says_by_name_why_a_month_cannot_be_reported(self, books, tmp_path):
        seller_with_line().borrow(1_000_000)
        with pytest.raises(CommandError, match="COLLECTION_BUREAU_MONTH_NOT_OVER"):
            self.export(month="2024-01", out=tmp_path / "file")
        assert list(tmp_path.iterdir()) == []
        assert_books_hold()
