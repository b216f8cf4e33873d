"""An exported journal is the journal: other software adds it up to the same balances, or says it is wrong."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ledger.account_balances import trial_balance
from ledger.book_moment import BookMoment
from ledger.exports.beancount import beancount_lines
from ledger.exports.journal_lines import exported_entries
from ledger.models import JournalLine

MIDDLE = date(2024, 1, 6)


def export(to: Path, *arguments: str) -> str:
    call_command("export_journal", "--out", str(to), *arguments)
    return to.read_text(encoding="utf-8")


def bean_check(file: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("bean-check")
    return subprocess.run(
        [str(program), "--no-cache", str(file)], capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("committed_life")
class TestTheBeancountFile:
    def test_is_accepted(self, tmp_path):
        text = export(tmp_path / "books.beancount", "--format", "beancount")
        assert text.count("\n20") > 20
        checked = bean_check(tmp_path / "books.beancount")
        assert (checked.returncode, checked.stderr) == (0, "")
        assert 'product: "revolving-daily"' in text
        assert " open Assets:1301-10-LoanPrincipalRevolving" in text

    def test_names_the_value_date_of_an_entry_that_counts_earlier(self):
        first, *others = next(
            entry for entry in exported_entries(start=date(2024, 1, 1), end=MIDDLE) if len(entry) == 2
        )
        late = [replace(line, value_date=date(2023, 12, 29)) for line in (first, *others)]
        period = {"opened_on": date(2024, 1, 1), "opening": [], "closed_on": MIDDLE, "closing": []}
        assert "  value: 2023-12-29" in beancount_lines(entries=[late], **period)
        assert "value:" not in "\n".join(beancount_lines(entries=[[first, *others]], **period))

    def test_of_a_period_brings_balances_forward(self, tmp_path):
        text = export(
            tmp_path / "period.beancount",
            "--format",
            "beancount",
            "--from",
            str(MIDDLE),
            "--until",
            "2024-01-08",
        )
        assert "Balances brought forward" in text
        assert "2024-01-05 *" not in text
        assert bean_check(tmp_path / "period.beancount").returncode == 0

    @pytest.mark.parametrize("changed", ["first", "last"])
    def test_is_rejected_once_one_cent_is_changed(self, tmp_path, changed):
        file = tmp_path / "books.beancount"
        lines = export(file, "--format", "beancount").splitlines()
        postings = [number for number, line in enumerate(lines) if line.startswith("  Assets:1301")]
        number = postings[0] if changed == "first" else postings[-1]
        account, amount, currency = lines[number].split()
        lines[number] = f"  {account}  {Decimal(amount) + Decimal('0.01')} {currency}"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert "Balance failed" in bean_check(file).stderr

    def test_is_rejected_once_an_entry_is_missing(self, tmp_path):
        file = tmp_path / "books.beancount"
        head, entry, *rest = export(file, "--format", "beancount").split("\n\n")
        assert 'source: "' in entry
        file.write_text("\n\n".join([head, *rest]), encoding="utf-8")
        assert "Balance failed" in bean_check(file).stderr


@pytest.mark.usefixtures("committed_life")
class TestTheCsvFile:
    def test_adds_up_to_the_trial_balance(self, tmp_path):
        rows = list(csv.DictReader(export(tmp_path / "journal.csv").splitlines()))
        assert len(rows) == JournalLine.objects.count()
        found: Counter[tuple[str, str]] = Counter()
        for row in rows:
            found[row["account"], row["currency"]] += Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
        expected = {
            (row.account, row.currency): row.balance_minor for row in trial_balance(moment=BookMoment())
        }
        assert {key: int(amount * 100) for key, amount in found.items()} == expected

    def test_has_the_value_date_and_the_product_of_each_line(self, tmp_path):
        rows = list(csv.DictReader(export(tmp_path / "journal.csv").splitlines()))
        stored = JournalLine.objects.order_by("posting_date", "shard", "pos", "line_no")
        assert [row["product_code"] for row in rows] == [line.product_code for line in stored]
        assert {row["product_code"] for row in rows} == {"", "instalment-monthly", "revolving-daily"}
        assert all(row["value_date"] == row["posting_date"] for row in rows)

    def test_of_two_halves_is_the_whole(self, tmp_path):
        whole = export(tmp_path / "whole.csv").splitlines()
        first = export(tmp_path / "first.csv", "--until", str(MIDDLE)).splitlines()
        second = export(tmp_path / "second.csv", "--from", str(MIDDLE)).splitlines()
        assert len(first) > 5
        assert len(second) > 5
        assert first + second[1:] == whole


@pytest.mark.usefixtures("committed_life")
class TestARefusedExport:
    def test_leaves_the_earlier_file_as_it_was(self, tmp_path):
        file = tmp_path / "journal.csv"
        file.write_text("kept", encoding="utf-8")
        with pytest.raises(CommandError, match="--until"):
            export(file, "--from", "2024-01-05", "--until", "2024-01-05")
        assert file.read_text(encoding="utf-8") == "kept"


@pytest.mark.django_db
class TestAnEmptyJournal:
    def test_is_said_to_be_empty(self, tmp_path):
        with pytest.raises(CommandError, match="empty"):
            export(tmp_path / "journal.csv")
