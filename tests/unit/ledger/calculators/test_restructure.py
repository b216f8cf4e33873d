"""The calculator of changes: versions, differences, flags, and refusals by name."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from ledger.calculators import calculate, find_calculator
from ledger.calculators.refusals import (
    InputContradictory,
    InputFieldInvalid,
    InputFieldMissing,
    InputOutOfBounds,
)
from ledger.domain.plan_changes.combination import ChangesContradictory
from ledger.kernel.refusals import Refusal
from ledger.policies.extension_limit import ExtensionTooLong

SCHEDULE = find_calculator("restructure").example["schedule"]
EXAMPLES = settings.BASE_DIR / "docs" / "api" / "calculators" / "restructure.examples.json"


def changed(*changes, schedule=SCHEDULE, rows_paid=2, **more):
    given = {"currency": "CNY", "schedule": schedule, "rows_paid": rows_paid, "changes": list(changes)}
    return calculate("restructure", {**given, **more})


def result(*changes, **more):
    return changed(*changes, **more)["result"]


def change(kind, on="2024-05-15", **fields):
    return {"kind": kind, "on": on, **fields}


class TestVersions:
    def test_name_what_they_replace_and_why(self):
        found = result(change("defer", by=1, reason="sales season"), change("undo", on="2024-05-16"))
        first, second, third = found["versions"]
        assert (first["replaces"], second["replaces"], third["replaces"]) == (None, 1, 2)
        assert (second["reason"], third["restores"]) == ("sales season", 1)
        assert first["fingerprint"] == third["fingerprint"] != second["fingerprint"]
        assert found["differences"]["rows"] == []
        assert [row["kept"] for row in found["rows"]] == [True, True, False, False, False, False]

    def test_say_where_every_new_figure_comes_from(self):
        rows = result(change("disburse", amount="10000.00"))["rows"]
        assert "how" not in rows[1]
        assert rows[2]["how"] == (
            "33631.09 x 0.108 x 5/186 + 43631.09 x 0.108 x 7/124 = 363.6475519355, half_up 363.65;"
            " instalment 11146.94"
        )

    def test_show_what_rows_capitalise_and_carry(self):
        skipped = change("skip", count=1, interest="capitalised", consent=True)
        assert "capitalised" in result(skipped)["rows"][2]
        aged = change("re_age", count=2, first_due_on="2024-06-20", fees="1.00", with_interest=False)
        found = result(aged, rows_paid=1)
        assert (found["rows"][2]["carried_interest"], found["rows"][2]["fees"]) == ("474.31", "1.00")
        assert found["totals"]["fees"] == "1.00"

    def test_of_a_flat_loan_with_fractions_say_the_exact_balance(self):
        flat = {**SCHEDULE, "method": "flat"}
        first = change("disburse", amount="0.01")
        second = change("disburse", on="2024-05-20", amount="0.01")
        assert " + " in result(first, second, schedule=flat)["rows"][2]["how"]


class TestDifferences:
    def test_are_those_of_rows_sums_and_maturity(self):
        found = result(change("extend", count=2))["differences"]
        assert [row["number"] for row in found["rows"]] == [3, 4, 5, 6, 7, 8]
        assert found["rows"][4]["before"] is None
        assert found["principal"] == "0.00"
        assert found["maturity"] == {"before": "2024-09-05", "after": "2024-11-05"}


class TestFlags:
    @pytest.mark.parametrize(
        ("changes", "more", "restructured", "why"),
        [
            ([change("defer", by=1)], {}, False, "offered_before_overdue"),
            ([change("defer", by=1)], {"hardship": True}, True, "granted_for_hardship"),
            ([change("defer", by=1)], {"rows_paid": 1}, True, "granted_while_overdue"),
            ([change("disburse", amount="1.00")], {"rows_paid": 1}, False, "no_concession"),
            ([change("rate_change", annual_rate="0.2")], {"rows_paid": 1}, False, "no_concession"),
            ([change("rate_change", annual_rate="0.05")], {"rows_paid": 1}, True, "granted_while_overdue"),
            (
                [change("rate_change", rates=[{"from": "2024-01-01", "annual_rate": "0.01"}])],
                {"rows_paid": 1},
                False,
                "no_concession",
            ),
            (
                [change("defer", by=1), change("undo", on="2024-05-16")],
                {"hardship": True},
                False,
                "no_change_in_force",
            ),
            (
                [change("forgive", parts=["accrued"]), change("disburse", amount="1.00")],
                {"hardship": True},
                True,
                "granted_for_hardship",
            ),
        ],
    )
    def test_follow_from_concession_difficulty_and_arrears(self, changes, more, restructured, why):
        flags = result(*changes, **more)["flags"]
        assert (flags["restructured"], flags["why"]) == (restructured, why)
        assert flags["category_min"] == ("special_mention" if restructured else "normal")
        assert flags["observed_until"] == ("2025-05-15" if restructured else None)


class TestPlannedTranches:
    def test_count_unless_left_out(self):
        planned = change("disburse", on="2024-07-10", amount="10000.00", planned=True)
        assert result(planned)["totals"]["principal"] == "60000.00"
        left_out = result(planned, include_planned=False)
        assert (left_out["totals"]["principal"], len(left_out["versions"])) == ("50000.00", 1)
        assert left_out["flags"]["why"] == "no_change_in_force"


class TestTheFieldsOfAChange:
    def test_are_those_of_its_kind(self):
        with pytest.raises(InputContradictory) as refused:
            result(change("defer", by=1, amount="1.00"))
        assert refused.value.field == "changes[0].amount"
        with pytest.raises(InputFieldMissing) as missing:
            result(change("disburse"))
        assert missing.value.field == "changes[0].amount"
        with pytest.raises(InputFieldInvalid) as invalid:
            result(change("skip", count=1, interest="full"))
        assert invalid.value.field == "changes[0].interest"

    def test_are_named_with_the_change_a_rule_refuses(self):
        first = change("defer", by=1)
        with pytest.raises(Refusal) as refused:
            result(first, change("accelerate", on="2024-06-25", ground="three_rows_unpaid"))
        assert refused.value.field == "changes[1].ground"
        assert refused.value.details["change"] == 1

    def test_of_one_rate_have_no_spread(self):
        with pytest.raises(InputContradictory):
            result(change("rate_change", annual_rate="0.1", spread="0.01"))

    def test_may_say_what_was_paid_by_its_day(self):
        first = change("re_amortise", on="2024-05-20", rows_paid=1)
        second = change(
            "re_amortise",
            on="2024-06-20",
            rows_paid=2,
            part_paid=[{"row": 3, "principal": "10.00", "interest": "1.00"}],
        )
        figures = result(first, second)["figures"]
        assert [figure["days_past_due"] for figure in figures] == [15, 15]
        assert figures[1]["overdue_principal"] == "10340.39"

    def test_may_take_a_spread_off_published_rates(self):
        published = [{"from": "2024-01-01", "annual_rate": "0.05"}]
        found = result(change("rate_change", rates=published, spread_below="0.01"))
        assert found["figures"][0]["rates"] == [{"from": "2024-05-15", "annual_rate": "0.04"}]


class TestTheWhole:
    def test_goes_no_further_than_the_original_term(self):
        far = change("extend", count=7)
        with pytest.raises(ExtensionTooLong):
            result(far)
        assert len(result(far, extension_limit=False)["rows"]) == 13
        longer = change("disburse", on="2024-05-05", amount="50000.00", rows="keep_instalment")
        assert len(result(longer)["rows"]) == 13

    def test_is_checked_before_anything_is_computed(self):
        with pytest.raises(ChangesContradictory):
            result(change("accelerate", ground="fraud"), change("disburse", amount="1.00"))


class TestTheExamples:
    @pytest.mark.parametrize(
        "example", json.loads(EXAMPLES.read_text("utf-8")), ids=lambda found: found["title"]
    )
    def test_keep_principal_and_end_at_zero(self, example):
        if "refusal" in example:
            return
        found = calculate("restructure", example["input"])["result"]
        assert found["rows"][-1]["closing"] == "0.00"
        numbers = [row["number"] for row in found["rows"]]
        assert numbers == sorted(set(numbers))

    @pytest.mark.parametrize(
        ("rates", "field"),
        [
            ({}, "changes[0].annual_rate"),
            (
                {"annual_rate": "0.1", "rates": [{"from": "2024-01-01", "annual_rate": "0.1"}]},
                "changes[0].rates",
            ),
        ],
    )
    def test_name_a_rate_within_the_changes(self, rates, field):
        with pytest.raises((InputFieldMissing, InputContradictory)) as refused:
            result(change("rate_change", **rates))
        assert refused.value.field == field

    def test_refuse_more_rows_rates_and_changes_than_are_answered_in_time(self):
        rates = [{"from": f"{1990 + at}-01-01", "annual_rate": "0.1"} for at in range(40)]
        plan = {name: value for name, value in SCHEDULE.items() if name != "annual_rate"}
        plan |= {"rates": rates, "count": 600}
        with pytest.raises(InputOutOfBounds) as refused:
            result(*[change("disburse", amount="1.00")] * 4, schedule=plan)
        assert refused.value.field == "changes"
