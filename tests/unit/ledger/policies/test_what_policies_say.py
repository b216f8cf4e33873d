"""What classification, provisioning, upgrades and ceilings answer beside the category: reasons, dates, fields."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ledger.kernel.rounding import Rounding
from ledger.policies.classification import Category, Findings, classify, oldest_unpaid
from ledger.policies.provisioning import (
    LossParameters,
    ProvisionInvalid,
    expected_credit_loss,
    matrix_provision,
)
from ledger.policies.rate_ceiling import (
    CeilingKind,
    PrimeRateUnknown,
    RateAboveCeiling,
    ceiling_e8,
    require_within_ceiling,
)
from ledger.policies.upgrade import Upgrade, UpgradeRule, upgrade_on

DAY = date(2024, 3, 1)


class TestAClassification:
    @pytest.mark.parametrize(
        ("found", "category", "reason"),
        [
            ({"misuse_of_funds": True}, Category.SPECIAL_MENTION, "misuse_of_funds"),
            ({"repays_old_debt": True}, Category.SPECIAL_MENTION, "repays_old_debt"),
            ({"other_debt_is_bad": True}, Category.SPECIAL_MENTION, "other_debt_is_bad"),
            ({"restructured": True}, Category.SPECIAL_MENTION, "restructured"),
            ({"credit_impaired": True}, Category.SUBSTANDARD, "credit_impaired"),
            (
                {"share_of_debts_over_90_days_e8": 20_000_001},
                Category.SUBSTANDARD,
                "share_of_debts_over_90_days",
            ),
            ({"expected_loss_e8": 50_000_000}, Category.DOUBTFUL, "expected_loss_half"),
            ({"evades_debt": True}, Category.DOUBTFUL, "evades_debt"),
            ({"expected_loss_e8": 90_000_000}, Category.LOSS, "expected_loss_nine_tenths"),
            ({"bankrupt": True}, Category.LOSS, "bankrupt"),
        ],
    )
    def test_names_the_one_finding_that_decided(self, found, category, reason):
        answer = classify(days=0, findings=Findings(**found))
        assert (answer.category, answer.reasons) == (category, (reason,))

    @pytest.mark.parametrize(
        ("found", "category"),
        [
            ({"share_of_debts_over_90_days_e8": 20_000_000}, Category.NORMAL),
            ({"expected_loss_e8": 49_999_999}, Category.NORMAL),
            ({"expected_loss_e8": 89_999_999}, Category.DOUBTFUL),
        ],
    )
    def test_is_not_worse_just_below_a_bound(self, found, category):
        assert classify(days=0, findings=Findings(**found)).category is category

    def test_tells_days_bucket_and_the_category_of_the_days_alone(self):
        answer = classify(days=45, findings=Findings(bankrupt=True))
        assert (answer.days_past_due, answer.bucket) == (45, "M2")
        assert (answer.by_days, answer.category) == (Category.SPECIAL_MENTION, Category.LOSS)

    def test_forgives_even_one_technical_day(self):
        answer = classify(days=1, findings=Findings(technical_overdue=True))
        assert (answer.category, answer.reasons) == (Category.NORMAL, ("technical_overdue",))

    def test_counts_an_instalment_from_the_day_it_falls_due(self):
        assert oldest_unpaid(unpaid=[(DAY, 1)], on=DAY) == DAY


class TestAProvision:
    @pytest.mark.parametrize(
        ("category", "matrix"),
        [("normal", {}), ("normal", {"normal": -1}), ("normal", {"normal": 10**8 + 1})],
    )
    def test_without_a_sound_matrix_says_so(self, category, matrix):
        with pytest.raises(ProvisionInvalid) as refused:
            matrix_provision(exposure_minor=1, category=category, matrix_e8=matrix)
        assert refused.value.field == "matrix"

    @pytest.mark.parametrize(("share_e8", "minor"), [(0, 0), (10**8, 7)])
    def test_may_be_nothing_or_everything(self, share_e8, minor):
        assert matrix_provision(exposure_minor=7, category="loss", matrix_e8={"loss": share_e8}) == minor

    @pytest.mark.parametrize(("mode", "minor"), [(Rounding.HALF_UP, 1), (Rounding.DOWN, 0)])
    def test_rounds_as_it_is_told(self, mode, minor):
        half = {"loss": 50_000_000}
        assert matrix_provision(exposure_minor=1, category="loss", matrix_e8=half, rounding=mode) == minor
        sure = LossParameters(pd_12_months_e8=10**8, pd_lifetime_e8=10**8, lgd_e8=50_000_000)
        assert (
            expected_credit_loss(stage=1, drawn_minor=1, parameters=sure, rounding=mode).loss_minor == minor
        )

    @pytest.mark.parametrize(
        ("stage", "probability"), [(1, Fraction(1, 50)), (2, Fraction(1, 5)), (3, Fraction(1))]
    )
    def test_tells_stage_exposure_and_probability(self, stage, probability):
        parameters = LossParameters(pd_12_months_e8=2_000_000, pd_lifetime_e8=20_000_000, lgd_e8=45_000_000)
        found = expected_credit_loss(stage=stage, drawn_minor=10_000, undrawn_minor=5, parameters=parameters)
        assert (found.stage, found.exposure, found.probability) == (stage, 10_000, probability)
        assert found.interest_on_net is (stage == 3)


class TestAnUpgrade:
    def test_counts_from_the_day_the_arrears_were_cleared(self):
        found = upgrade_on(on=DAY, arrears_cleared_on=DAY, periods_performed=2)
        assert found == Upgrade(is_allowed=False, earliest_on=date(2024, 9, 1), missing=("months_performed",))

    def test_is_allowed_on_the_earliest_day_itself(self):
        found = upgrade_on(on=date(2024, 9, 1), arrears_cleared_on=DAY, periods_performed=2)
        assert found == Upgrade(is_allowed=True, earliest_on=date(2024, 9, 1), missing=())

    @pytest.mark.parametrize(
        ("restructured", "periods", "missing"),
        [
            (False, 2, ()),
            (False, 1, ("periods_performed",)),
            (True, 4, ()),
            (True, 3, ("periods_performed",)),
        ],
    )
    def test_asks_a_restructured_loan_for_its_own_number_of_periods(self, restructured, periods, missing):
        found = upgrade_on(
            on=date(2025, 3, 1),
            arrears_cleared_on=DAY,
            periods_performed=periods,
            restructured=restructured,
            rule=UpgradeRule(restructured_periods_min=4),
        )
        assert found.missing == missing


class TestACeiling:
    def test_before_the_first_prime_rate_names_the_date(self):
        with pytest.raises(PrimeRateUnknown) as refused:
            ceiling_e8(CeilingKind.PRIVATE_LENDING, signed_on=date(2019, 8, 19))
        assert refused.value.field == "signed_on"

    def test_that_is_passed_names_the_rate(self):
        with pytest.raises(RateAboveCeiling) as refused:
            require_within_ceiling(Decimal("0.24000001"), ceiling=24_000_000)
        assert (refused.value.field, refused.value.details) == ("annual_rate", {"ceiling": "0.24"})
