"""``manage.py calculate``: lines in, lines out, and nothing else needed."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from ledger.calculators import calculate, find_calculator

EXAMPLE = find_calculator("interest").example


def run(*arguments, lines=b"", monkeypatch=None, **options):
    out = io.StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(lines)))
    call_command("calculate", *arguments, stdout=out, **options)
    return out.getvalue()


class TestCalculate:
    def test_answers_each_line_and_goes_on_after_a_refusal(self, monkeypatch):
        good = json.dumps(EXAMPLE).encode()
        lines = b"\n".join([good, b"", b'{"surprise": 1}', b"[1]", b'{"a":1,"a":2}', b"\xff", good])
        answers = [
            json.loads(line) for line in run("interest", lines=lines, monkeypatch=monkeypatch).splitlines()
        ]
        assert answers[0] == answers[5] == calculate("interest", EXAMPLE)
        assert [answer["refusal"]["code"] for answer in answers[1:5]] == [
            "LEDGER_CALCULATOR_FIELD_UNKNOWN",
            "API_BODY_MALFORMED",
            "API_BODY_MALFORMED",
            "API_BODY_MALFORMED",
        ]
        assert answers[1]["refusal"]["field"] == "surprise"

    def test_refuses_a_number_with_a_fraction_by_the_name_of_its_field(self, monkeypatch):
        lines = json.dumps({**EXAMPLE, "principal": 1.5}).encode()
        (line,) = run("interest", lines=lines, monkeypatch=monkeypatch).splitlines()
        assert json.loads(line)["refusal"]["code"] == "LEDGER_MONEY_NOT_TEXT"

    def test_reads_a_file(self, tmp_path):
        file = tmp_path / "cases.jsonl"
        file.write_text(json.dumps(EXAMPLE) + "\n")
        assert json.loads(run("interest", str(file)))["result"]["interest"] == "1137.50"

    def test_lists_the_calculators_of_every_app(self):
        listed = {line.split()[0] for line in run().splitlines()}
        assert {"schedule", "limit", "linked-deduction"} <= listed

    def test_prints_a_schema(self):
        assert json.loads(run("interest", schema=True)) == find_calculator("interest").schema()

    def test_refuses_an_unknown_name_with_a_status(self):
        with pytest.raises(CommandError, match="schedule") as refused:
            run("tarot")
        assert refused.value.returncode == 2

    def test_writes_the_documents_and_keeps_the_inputs_found_there(self, tmp_path):
        kept = [{"title": "Mine", "input": {**EXAMPLE, "principal": "60000.00"}}]
        (tmp_path / "interest.examples.json").write_text(json.dumps(kept))
        run(document=tmp_path)
        (example,) = json.loads((tmp_path / "interest.examples.json").read_text())
        assert (example["title"], example["output"]["result"]["interest"]) == ("Mine", "2275.00")
        assert (tmp_path / "schedule.schema.json").exists()
