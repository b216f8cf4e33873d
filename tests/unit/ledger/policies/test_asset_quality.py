"""Days past due, buckets, categories, upgrades and provisions: every boundary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.policies.classification import (
    Category,
    Findings,
    Scheme,
    bucket_of,
    classify,
    days_past_due,
    oldest_unpaid,
    worst_of,
)
from ledger.policies.provisioning import (
    LossParameters,
    ProvisionInvalid,
    expected_credit_loss,
    matrix_provision,
    stage_of,
)
from ledger.policies.upgrade import upgrade_on

ON = date(2024, 7, 1)


class TestDaysPastDue:
    @pytest.mark.parametrize(
        ("due_on", "counts_due_day", "days"),
        [
            (None, False, 0),
            (ON, False, 0),
            (ON, True, 1),
            (date(2024, 6, 30), False, 1),
            (date(2024, 6, 30), True, 2),
            (date(2024, 7, 2), True, 0),
        ],
    )
    def test_count_from_the_oldest_unpaid_due_date(self, due_on, counts_due_day, days):
        assert days_past_due(oldest_unpaid_due_on=due_on, on=ON, counts_due_day=counts_due_day) == days

    @pytest.mark.parametrize(
        ("unpaid", "oldest"),
        [
            ([], None),
            ([(date(2024, 6, 1), 100), (date(2024, 5, 1), 100)], date(2024, 5, 1)),
            ([(date(2024, 6, 1), 100), (date(2024, 5, 1), 99)], date(2024, 6, 1)),
            ([(date(2024, 8, 1), 100)], None),
        ],
    )
    def test_forget_what_is_within_the_tolerance_or_not_yet_due(self, unpaid, oldest):
        assert oldest_unpaid(unpaid=unpaid, on=ON, tolerance_minor=99) == oldest

    @pytest.mark.parametrize(
        ("days", "bucket"),
        [
            (0, "M0"),
            (1, "M1"),
            (30, "M1"),
            (31, "M2"),
            (60, "M2"),
            (61, "M3"),
            (91, "M4"),
            (121, "M5"),
            (151, "M6"),
            (180, "M6"),
            (181, "M6+"),
        ],
    )
    def test_fill_buckets_of_thirty(self, days, bucket):
        assert bucket_of(days) == bucket


class TestClassify:
    @pytest.mark.parametrize(
        ("days", "decree", "guide"),
        [
            (0, "normal", "normal"),
            (1, "special_mention", "special_mention"),
            (30, "special_mention", "special_mention"),
            (31, "special_mention", "substandard"),
            (90, "special_mention", "substandard"),
            (91, "substandard", "doubtful"),
            (270, "substandard", "doubtful"),
            (271, "doubtful", "doubtful"),
            (360, "doubtful", "doubtful"),
            (361, "loss", "loss"),
        ],
    )
    def test_by_days_in_both_schemes_and_the_stricter(self, days, decree, guide):
        assert classify(days=days).category == decree
        assert classify(days=days, scheme=Scheme.SMALL_BUSINESS_2007).category == guide
        strictest = classify(days=days, scheme=Scheme.STRICTEST).category
        assert strictest is worst_of([Category(decree), Category(guide)])

    @pytest.mark.parametrize(
        ("finding", "category"),
        [
            ({"misuse_of_funds": True}, "special_mention"),
            ({"repays_old_debt": True}, "special_mention"),
            ({"other_debt_is_bad": True}, "special_mention"),
            ({"restructured": True}, "special_mention"),
            ({"credit_impaired": True}, "substandard"),
            ({"share_of_debts_over_90_days_e8": 20_000_000}, "normal"),
            ({"share_of_debts_over_90_days_e8": 20_000_001}, "substandard"),
            ({"expected_loss_e8": 49_999_999}, "normal"),
            ({"expected_loss_e8": 50_000_000}, "doubtful"),
            ({"evades_debt": True}, "doubtful"),
            ({"expected_loss_e8": 90_000_000}, "loss"),
            ({"bankrupt": True}, "loss"),
        ],
    )
    def test_is_worse_by_what_else_is_known(self, finding, category):
        found = classify(days=0, findings=Findings(**finding))
        assert (found.by_days, found.category) == ("normal", category)

    def test_names_every_rule_that_led_to_the_worst(self):
        found = classify(days=120, findings=Findings(credit_impaired=True, restructured=True))
        assert found.reasons == ("120_days_past_due", "credit_impaired")

    @pytest.mark.parametrize(("days", "category"), [(7, "normal"), (8, "special_mention"), (0, "normal")])
    def test_a_technical_overdue_of_a_week_stays_normal(self, days, category):
        found = classify(days=days, findings=Findings(technical_overdue=True))
        assert found.category == category
        assert (found.reasons == ("technical_overdue",)) is (days == 7)

    @pytest.mark.parametrize(("days", "is_non_accrual"), [(90, False), (91, True)])
    def test_stops_taking_income_after_ninety_days(self, days, is_non_accrual):
        assert classify(days=days).is_non_accrual is is_non_accrual

    def test_the_worst_of_nothing_is_normal(self):
        assert worst_of([]) is Category.NORMAL


class TestUpgrade:
    @pytest.mark.parametrize(
        ("on", "cleared", "periods", "restructured", "missing"),
        [
            (ON, None, 9, False, ("arrears_cleared",)),
            (ON, date(2024, 7, 2), 9, False, ("arrears_cleared",)),
            (ON, date(2024, 1, 1), 2, False, ()),
            (ON, date(2024, 1, 1), 1, False, ("periods_performed",)),
            (ON, date(2024, 1, 2), 6, False, ("months_performed",)),
            (ON, date(2024, 5, 1), 1, False, ("periods_performed", "months_performed")),
            (ON, date(2024, 1, 1), 6, True, ("months_performed",)),
            (ON, date(2023, 7, 1), 6, True, ()),
        ],
    )
    def test_needs_arrears_cleared_and_the_longer_time(self, on, cleared, periods, restructured, missing):
        found = upgrade_on(
            on=on, arrears_cleared_on=cleared, periods_performed=periods, restructured=restructured
        )
        assert (found.is_allowed, found.missing) == (not missing, missing)


class TestProvision:
    @pytest.mark.parametrize(
        ("category", "minor"),
        [
            ("normal", 50_000),
            ("special_mention", 100_000),
            ("substandard", 1_250_000),
            ("doubtful", 2_500_000),
            ("loss", 5_000_000),
        ],
    )
    def test_by_matrix(self, category, minor):
        assert matrix_provision(exposure_minor=5_000_000, category=category) == minor

    @pytest.mark.parametrize(("category", "matrix"), [("fine", {}), ("normal", {"normal": 100_000_001})])
    def test_refuses_a_matrix_without_a_sound_share(self, category, matrix):
        with pytest.raises(ProvisionInvalid):
            matrix_provision(exposure_minor=1, category=category, matrix_e8=matrix)

    @pytest.mark.parametrize(
        ("days", "watched", "impaired", "stage"),
        [
            (0, False, False, 1),
            (30, False, False, 1),
            (31, False, False, 2),
            (0, True, False, 2),
            (90, False, False, 2),
            (91, False, False, 3),
            (0, False, True, 3),
        ],
    )
    def test_finds_the_stage(self, days, watched, impaired, stage):
        assert stage_of(days_past_due=days, on_watch_list=watched, credit_impaired=impaired) == stage

    @pytest.mark.parametrize(("stage", "minor"), [(1, 60_000), (2, 240_000), (3, 3_000_000)])
    def test_expects_a_loss_by_stage(self, stage, minor):
        parameters = LossParameters(pd_12_months_e8=2_000_000, pd_lifetime_e8=8_000_000, lgd_e8=60_000_000)
        found = expected_credit_loss(stage=stage, drawn_minor=5_000_000, parameters=parameters)
        assert (found.loss_minor, found.interest_on_net) == (minor, stage == 3)

    def test_a_probability_may_be_stated_for_stage_3(self):
        shares = {"pd_12_months_e8": 2_000_000, "pd_lifetime_e8": 8_000_000, "lgd_e8": 60_000_000}
        parameters = LossParameters(**shares, pd_stage_3_e8=90_000_000)
        assert (
            expected_credit_loss(stage=3, drawn_minor=5_000_000, parameters=parameters).loss_minor
            == 2_700_000
        )

    def test_converts_part_of_the_undrawn_and_discounts(self):
        parameters = LossParameters(
            pd_12_months_e8=2_000_000,
            pd_lifetime_e8=2_000_000,
            lgd_e8=60_000_000,
            discount_e8=90_000_000,
            conversion_e8=50_000_000,
        )
        found = expected_credit_loss(
            stage=1, drawn_minor=5_000_000, undrawn_minor=1_000_000, parameters=parameters
        )
        assert (found.exposure, found.loss_minor) == (Fraction(5_500_000), 59_400)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"lgd_e8": 100_000_001}, "lgd"),
            ({"pd_12_months_e8": -1}, "pd_12_months"),
            ({"pd_lifetime_e8": 1}, "pd_lifetime"),
        ],
    )
    def test_refuses_unsound_parameters(self, changes, field):
        sound = {"pd_12_months_e8": 2_000_000, "pd_lifetime_e8": 2_000_000, "lgd_e8": 60_000_000}
        with pytest.raises(ProvisionInvalid) as refused:
            LossParameters(**{**sound, **changes})
        assert refused.value.field == field
