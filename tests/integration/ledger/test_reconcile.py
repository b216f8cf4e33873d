"""A statement made from the books agrees with them; each fault put into it is found, and only those."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

PERIOD = ("--from", "2024-01-01", "--until", "2024-02-01")


def reconcile(file, capsys, *arguments: str):
    status = 0
    try:
        call_command("reconcile", str(file), *PERIOD, "--json", *arguments)
    except SystemExit as leaving:
        status = leaving.code
    shown = capsys.readouterr()
    return status, json.loads(shown.out) if shown.out else shown.err


@pytest.mark.usefixtures("committed_life")
class TestReconcile:
    def test_finds_no_break_in_a_true_statement(self, tmp_path, capsys):
        file = tmp_path / "statement.csv"
        call_command("reconcile", str(file), *PERIOD, "--make-sandbox")
        status, found = reconcile(file, capsys)
        assert (status, found["breaks"]) == (0, [])
        assert found["outcomes"]["matched"] >= 3
        assert found["totals"][0]["bank"] == found["totals"][0]["books"] != "0.00"

    def test_reports_each_fault_once(self, tmp_path, capsys):
        file = tmp_path / "statement.csv"
        call_command(
            "reconcile", str(file), *PERIOD, "--make-sandbox", "--fault", "one_off", "--fault", "twice"
        )
        status, found = reconcile(file, capsys)
        assert status == 1
        assert sorted(each["outcome"] for each in found["breaks"]) == ["amount_differs", "twice_in_bank"]
        assert reconcile(file, capsys) == (status, found)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("value_date,amount\n", "currency, reference"),
            ("value_date,amount,currency,reference\n2024-01-02,1.0.0,CNY,A\n", "line 2, amount"),
            ("value_date,amount,currency,reference\n2024-01-02,0.00,CNY,A\n", "moves money"),
            ("value_date,amount,currency,reference\n2024-13-02,1.00,CNY,A\n", "line 2, value_date"),
            ("value_date,amount,currency,reference\n2024-01-02,1.00,XXX,A\n", "line 2, currency"),
            ("value_date,amount,currency,reference\n2024-01-02,1.00\n", "line 2, currency"),
            ('value_date,amount,currency,reference\n2024-01-02,1.00,CNY,"A\n', "comma-separated"),
            (None, "No such file"),
        ],
    )
    def test_refuses_half_a_statement(self, tmp_path, capsys, text, why):
        file = tmp_path / "statement.csv"
        if text is not None:
            file.write_text(text, encoding="utf-8")
        status, said = reconcile(file, capsys)
        assert status == 2
        assert why in said
