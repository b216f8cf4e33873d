"""``schedule`` by its progressive and classic engines: through JSON, with conventions and refusals by name."""

from __future__ import annotations

import pytest

from ledger.calculators import calculate, schedule
from ledger.calculators.refusals import InputContradictory, InputFieldMissing, InputOutOfBounds
from ledger.domain.classic.terms import ClassicTermsImpossible
from ledger.domain.progressive.allowance import ProgressiveFactsTooMany
from ledger.domain.progressive.checks import ProgressiveFactImpossible
from ledger.domain.progressive.terms import ProgressiveTermsImpossible

LOAN = {
    "engine": "progressive",
    "currency": "EUR",
    "principal": "100.00",
    "method": "equal_instalment",
    "annual_rate": "0.07",
    "start": "2024-01-01",
    "count": 6,
}
PLANNED = ["17.01", "17.01", "17.01", "17.01", "17.01", "17.00"]


def answer(**changes):
    given = {**LOAN, **changes}
    return calculate("schedule", {name: value for name, value in given.items() if value is not None})


def totals(**changes):
    return [row["total"] for row in answer(**changes)["result"]["rows"]]


class TestTheProgressiveEngine:
    def test_plans_a_loan(self):
        assert totals() == PLANNED

    def test_says_what_it_used_and_leaves_out_what_it_did_not(self):
        conventions = answer()["conventions"]
        assert conventions["engine"] == "progressive"
        assert (conventions["rounding"], conventions["unit"], conventions["every"]) == (
            "half_even",
            "month",
            1,
        )
        assert conventions["progressive"]["days_in_year"] == "360"
        assert conventions["progressive"]["recalculation"] is True
        assert {"day_count", "basis", "level", "absorbs", "holiday_rule"}.isdisjoint(conventions)

    def test_takes_a_monthly_rate_and_a_spread(self):
        assert totals(annual_rate=None, monthly_rate="0.005", spread="0.01") == PLANNED

    def test_follows_facts_in_any_order(self):
        payments = [{"on": "2024-03-05", "amount": "10.00"}, {"on": "2024-02-01", "amount": "17.01"}]
        told = answer(facts={"payments": payments}, as_of="2024-03-10")
        assert told == answer(facts={"payments": payments[::-1]}, as_of="2024-03-10")
        assert told["result"]["rows"][1]["paid"]["late"] == "10.00"

    def test_says_which_interest_moved_from_row_to_row(self):
        # 1,000 at 26%: January costs 9.78 to the 15th and 8.87 after it, February 16.17 and those 8.87.
        paid = {"payments": [{"on": "2024-01-15", "amount": "263.69"}]}
        first, second, third, _ = answer(principal="1000.00", annual_rate="0.26", count=4, facts=paid)[
            "result"
        ]["rows"]
        assert (first["interest"], second["interest"]) == ("9.78", "25.04")
        assert first["how"].endswith("; 8.87 carried to the next row")
        assert second["how"].endswith("; 8.87 brought from other rows")
        assert ";" not in third["how"]

    def test_is_seen_on_the_day_of_the_latest_fact(self):
        assert answer()["result"]["as_of"] == "2024-01-01"
        assert (
            answer(facts={"payments": [{"on": "2024-02-01", "amount": "17.01"}]})["result"]["as_of"]
            == "2024-02-01"
        )
        agreed = {"rate_changes": [{"from": "2024-05-01", "annual_rate": "0.01"}]}
        assert answer(facts=agreed)["result"]["as_of"] == "2024-01-01"

    def test_shows_how_a_payment_was_shared_out_and_what_is_left(self):
        result = answer(facts={"payments": [{"on": "2024-01-15", "amount": "150.00"}]})["result"]
        assert result["payments"][0]["shares"][0] == {
            "row": 1,
            "rule": "in_advance.interest",
            "amount": "0.26",
        }
        assert result["payments"][0]["left_over"] == result["overpaid"] == "49.74"
        assert result["payoff"]["total"] == "0.00"

    def test_shows_the_bases_of_interest(self):
        row = answer(facts={"pauses": [{"from": "2024-01-11", "to": "2024-01-20"}]})["result"]["rows"][0]
        assert row["how"].split(" + ")[0] == "100.00 x 0.0058333333333333333 x 9/31"
        assert "no interest for 10 days" in row["how"]

    def test_names_the_row_from_which_an_instalment_counts_beside_a_down_payment(self):
        lent = [{"on": "2024-01-01", "amount": "50.00"}, {"on": "2024-02-01", "amount": "50.00"}]
        result = answer(down_payment_share="0.2", facts={"disbursements": lent})["result"]
        assert [level["from_row"] for level in result["levels"]] == [2, 4]
        assert [row["kind"] for row in result["rows"][:4]] == [
            "down_payment",
            "instalment",
            "down_payment",
            "instalment",
        ]

    def test_shares_out_by_rules_of_a_kind(self):
        payments = [{"on": "2024-01-15", "amount": "10.00", "kind": "merchant_refund"}]
        rules = [{"kind": "merchant_refund", "future": "last", "mode": "by_component"}]
        rows = answer(facts={"payments": payments}, progressive={"allocation": rules})["result"]["rows"]
        # Interest comes before principal, and only the running row has any yet.
        assert (rows[0]["paid"]["interest"], rows[-1]["paid"]["principal"]) == ("0.26", "9.74")

    def test_ends_the_last_row_after_a_fixed_length(self):
        rows = answer(count=3, every=2, progressive={"fixed_length": 5})["result"]["rows"]
        assert [row["due_on"] for row in rows] == ["2024-03-01", "2024-05-01", "2024-06-01"]

    def test_keeps_flat_interest_as_it_is_unless_asked(self):
        assert answer(method="flat")["conventions"]["progressive"]["recalculation"] is False

    def test_tells_charges_and_arrears_that_are_spread(self):
        facts = {
            "charges": [{"on": "2024-01-10", "component": "fee", "amount": "2.00"}],
            "re_amortisations": [{"on": "2024-02-01"}],
        }
        result = answer(facts=facts)["result"]
        assert result["rows"][0]["fee"] == result["totals"]["fee"] == "2.00"
        assert result["levels"][-1]["why"] == "re_amortisation"

    @pytest.mark.parametrize(
        ("currency", "principal", "instalment"),
        [("JPY", "1000000", "170086"), ("EUR", "10000.00", "1700.86"), ("KWD", "1000.000", "170.086")],
    )
    def test_knows_currencies_of_any_scale(self, currency, principal, instalment):
        rows = answer(currency=currency, principal=principal)["result"]["rows"]
        assert rows[0]["total"] == instalment

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("balloon", {"balloon": "10.00"}),
            ("day_count", {"day_count": "ACT/365F"}),
            ("pauses", {"pauses": [{"from": "2024-01-02", "until": "2024-01-03"}]}),
            ("classic", {"classic": {"interest_free": 1}}),
            ("method", {"method": "bullet"}),
            ("rounding", {"rounding": "down"}),
            ("annual_rate", {"monthly_rate": "0.01", "annual_rate": "0.07"}),
            ("facts.disbursements", {"facts": {"disbursements": [{"on": "2024-01-01", "amount": "100.01"}]}}),
            ("progressive.allocation", {"progressive": {"allocation": [{}, {}]}}),
        ],
    )
    def test_refuses_by_name_what_it_has_no_meaning_for(self, field, changes):
        with pytest.raises(InputContradictory) as refused:
            answer(**changes)
        assert refused.value.field in {field, "monthly_rate"}

    def test_refuses_more_rows_than_it_answers_in_time(self):
        with pytest.raises(InputOutOfBounds) as refused:
            answer(count=361)
        assert refused.value.field == "count"

    def test_refuses_facts_that_work_all_rows_out_too_often(self, monkeypatch):
        closing = {"payments": [{"on": "2024-01-15", "amount": "200.00"}]}
        assert answer(facts=closing)["result"]["totals"]["outstanding"] == "0.00"
        monkeypatch.setattr(schedule, "ROWS_SETTLED_MAX", 60)
        assert answer()["result"]["rows"]
        with pytest.raises(ProgressiveFactsTooMany) as refused:
            answer(facts=closing)
        assert refused.value.field == "facts"

    def test_refuses_impossible_facts_and_terms(self):
        with pytest.raises(ProgressiveFactImpossible):
            answer(facts={"payments": [{"on": "2023-12-31", "amount": "1.00"}]})
        with pytest.raises(ProgressiveTermsImpossible):
            answer(method="flat", progressive={"recalculation": True})
        with pytest.raises(InputFieldMissing):
            answer(annual_rate=None)


class TestTheClassicEngine:
    def classic(self, **changes):
        return answer(
            **{"engine": "classic", "principal": "1250.00", "annual_rate": "0.15", "count": 4, **changes}
        )

    @pytest.mark.parametrize(
        ("method", "rows"),
        [
            ("flat", ["328.00", "328.00", "328.00", "328.50"]),
            ("equal_instalment", ["322.00", "322.00", "322.00", "323.33"]),
        ],
    )
    def test_plans_in_whole_units(self, method, rows):
        result = self.classic(method=method, multiple="1.00")["result"]
        assert [row["total"] for row in result["rows"]] == rows

    def test_says_what_it_used(self):
        conventions = self.classic()["conventions"]
        assert conventions["classic"]["interest_period"] == "same_as_repayment"
        assert "progressive" not in conventions

    def test_repays_equal_principal(self):
        rows = self.classic(method="equal_principal", classic={"grace_principal": 2})["result"]["rows"]
        assert [row["principal"] for row in rows] == ["0.00", "0.00", "625.00", "625.00"]

    def test_refuses_facts_by_name(self):
        with pytest.raises(InputContradictory) as refused:
            self.classic(as_of="2024-02-01")
        assert refused.value.field == "as_of"
        with pytest.raises(ClassicTermsImpossible):
            self.classic(instalment="1.00")


class TestTheStandardEngine:
    def test_is_meant_unless_another_is_named(self):
        assert answer(engine=None)["conventions"]["engine"] == "standard"

    @pytest.mark.parametrize("field", ["progressive", "facts", "as_of"])
    def test_refuses_what_belongs_to_others(self, field):
        given = {
            "progressive": {"rest": "same_as_repayment"},
            "facts": {"re_amortisations": [{"on": "2024-01-02"}]},
            "as_of": "2024-01-02",
        }
        with pytest.raises(InputContradictory) as refused:
            answer(engine="standard", **{field: given[field]})
        assert refused.value.field == field
