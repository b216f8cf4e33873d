"""The calculator ``loan``: facts in any order, what a late one changes, and refusals by the path of a field."""

from __future__ import annotations

import pytest

from ledger.calculators import calculate
from ledger.calculators.refusals import InputContradictory, InputFieldMissing

DRAW = {
    "currency": "CNY",
    "revolving": {"limit": "100000.00", "term_days": 365, "annual_rate": "0.18"},
    "facts": [
        {"kind": "disbursed", "id": "payout", "on": "2024-02-01", "amount": "100000.00", "sequence": 1},
        {"kind": "payment", "id": "april", "on": "2024-04-01", "amount": "9000.00", "sequence": 2},
        {"kind": "payment", "id": "late", "on": "2024-03-02", "amount": "30000.00", "sequence": 3},
    ],
    "on": "2024-04-01",
}
PLAN = {
    "method": "equal_instalment",
    "principal": "1.00",
    "annual_rate": "0.1",
    "start": "2024-03-01",
    "count": 3,
}


def result(**changes):
    return calculate("loan", {**DRAW, **changes})["result"]


class TestTheLoanCalculator:
    def test_answers_63572_50_whatever_the_order_of_facts(self):
        answers = [result(facts=facts) for facts in (DRAW["facts"], DRAW["facts"][::-1])]
        assert answers[0] == answers[1]
        assert answers[0]["principal"]["outstanding"] == "63572.50"

    def test_says_what_a_late_fact_changes(self):
        answer = result(compare_without=["late"])
        assert answer["without"]["principal"]["outstanding"] == "94000.00"
        assert {one["component"]: one["amount"] for one in answer["adjustments"]} == {
            "principal": "-30427.50",
            "interest_income": "-427.50",
            "settlement": "-30000.00",
        }

    def test_leaves_out_what_refers_to_a_fact_that_is_left_out(self):
        bounced = {"kind": "payment_reversed", "on": "2024-04-01", "of": "late", "id": "bounce"}
        answer = result(facts=[*DRAW["facts"], bounced], compare_without=["late"])
        assert answer["adjustments"] == []

    def test_says_how_rows_go_on_growing(self):
        first, *_ = result(growth=True)["growth"]
        assert (first["kind"], first["at_start"], first["per_day"]) == ("interest", "2572.5", "31.78625")

    def test_repeats_the_conventions_of_a_plan(self):
        planned = {"currency": "CNY", "schedule": PLAN, "facts": [], "on": "2024-04-01"}
        settled = calculate("loan", planned)
        assert settled["conventions"]["basis"] == "periodic"
        assert settled["result"]["status"] == "not_disbursed"

    def test_takes_orders_by_kind_of_payment(self):
        orders = [{"payment": "goodwill_credit", "rules": ["in_advance.principal"]}]
        goodwill = {
            "kind": "payment",
            "id": "g",
            "on": "2024-02-11",
            "amount": "10.00",
            "payment": "goodwill_credit",
        }
        answer = result(facts=[DRAW["facts"][0], goodwill], orders_by_kind=orders)
        assert [share["part"] for share in answer["money"][0]["shares"]] == ["principal"]

    @pytest.mark.parametrize(
        ("field", "kind", "changes"),
        [
            ("compare_without", InputContradictory, {"compare_without": ["nothing"]}),
            ("schedule", InputFieldMissing, {"revolving": None}),
            ("revolving", InputContradictory, {"schedule": PLAN}),
            ("order", InputContradictory, {"order": ["fee"] * 5, "rules": ["due.fee"]}),
            ("facts[0].of", InputFieldMissing, {"facts": [{"kind": "chargeback", "on": "2024-04-01"}]}),
            (
                "facts[0].until",
                InputContradictory,
                {"facts": [{"kind": "written_off", "on": "2024-04-01", "until": "2024-05-01"}]},
            ),
            (
                "facts[0].terms.currency",
                InputContradictory,
                {
                    "facts": [
                        {
                            "kind": "plan_changed",
                            "on": "2024-04-01",
                            "change": "re_age",
                            "terms": {**PLAN, "currency": "USD"},
                        }
                    ]
                },
            ),
        ],
    )
    def test_refuses_by_the_path_of_the_field(self, field, kind, changes):
        given = {name: value for name, value in {**DRAW, **changes}.items() if value is not None}
        with pytest.raises(kind) as refused:
            calculate("loan", given)
        assert refused.value.field == field
