"""Another rate, a pause, and floating rates with repricing days."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from ledger.domain.plan_changes.rate_changes import change_rate, pause
from ledger.domain.plan_changes.repricing import Floating, RepricingDay, repriced_steps
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, Remake
from ledger.domain.plan_changes.tranches import Tranche, disburse
from ledger.domain.plans.choices import Grace
from ledger.domain.plans.rate_table import RateStep, RateTableInvalid
from tests.unit.ledger.domain.plan_changes.building import (
    MONTHS,
    assert_holds,
    on,
    rows_from,
    steps,
    version,
)
from tests.unit.ledger.domain.plan_changes.by_hand import Rows, half_up
from tests.unit.ledger.domain.plans.building import rates

MONTH = Fraction(1, 12)
OLD, NEW = Fraction("0.108"), Fraction("0.08")


def at_rate(plan, day, rate_e8=8_000_000, *, how=Remake.NEW_INSTALMENT):
    changed = change_rate(plan, on=on(day), steps=[RateStep(on(day), rate_e8)], how=how)
    assert_holds(changed)
    return changed


class TestAnotherRate:
    @pytest.mark.parametrize("day", ["2024-05-05", "2024-05-20"])
    @pytest.mark.parametrize("exact", [False, True])
    def test_counts_from_its_day_and_sets_a_new_instalment(self, day, exact):
        plan = version(exact=exact)
        hand = Rows(
            steps(MONTHS[2:]),
            owed=plan.rows[1].closing_minor,
            rate=lambda at: NEW if at >= on(day) else OLD,
            parts=None if exact else [MONTH] * 4,
        )
        found = rows_from(at_rate(plan, day), 2)
        assert found == hand.by_instalment()

    def test_before_anything_happened_is_the_plan_at_that_rate(self):
        for method in ("equal_instalment", "equal_principal", "interest_only", "bullet", "flat"):
            assert rows_from(at_rate(version(method), "2024-03-05")) == rows_from(
                version(method, rate="0.08")
            )

    def test_is_what_a_table_known_from_the_start_would_have_done(self):
        table = rates(("2024-03-05", "0.108"), ("2024-05-20", "0.08"))
        assert rows_from(at_rate(version(), "2024-05-20")) == rows_from(version(rates=table))

    def test_may_keep_the_instalment_and_end_sooner(self):
        found = at_rate(version(count=24), "2024-05-05", 1_000_000, how=Remake.KEEP_INSTALMENT)
        assert len(found.rows) == 23
        assert found.rows[-1].total_minor < found.rows[2].total_minor == version(count=24).rows[0].total_minor

    def test_may_keep_the_principal_of_each_row(self):
        plan = version()
        found = at_rate(plan, "2024-05-05", how=Remake.KEEP_PRINCIPAL)
        kept = [row.principal_minor for row in plan.rows]
        assert [row.principal_minor for row in found.rows] == kept
        flat = at_rate(version("flat"), "2024-05-05", how=Remake.KEEP_PRINCIPAL)
        assert [row.interest_minor for row in flat.rows] == [45_000] * 2 + [33_333] * 4

    def test_takes_the_place_of_rates_agreed_for_later(self):
        table = rates(("2024-03-05", "0.108"), ("2024-07-01", "0.2"))
        assert len(at_rate(version(rates=table), "2024-05-05").terms.rates.steps) == 2

    def test_holds_for_each_balance_of_a_row_with_a_tranche(self):
        plan = version("interest_only", exact=True)
        grown = disburse(plan, on=on("2024-05-15"), tranche=Tranche(amount_minor=1_000_000))
        found = at_rate(grown, "2024-05-20")
        exact = (5_000_000 * 10 * OLD + 6_000_000 * 5 * OLD + 6_000_000 * 16 * NEW) / 360
        assert found.rows[2].interest_minor == half_up(exact)

    def test_begins_on_the_day_of_the_change(self):
        with pytest.raises(RateTableInvalid):
            change_rate(version(), on=on("2024-05-05"), steps=[])
        with pytest.raises(RateTableInvalid):
            change_rate(version(), on=on("2024-05-05"), steps=[RateStep(on("2024-05-06"), 1)])

    def test_has_no_instalment_to_keep_when_principal_was_kept(self):
        kept = at_rate(version(), "2024-05-05", how=Remake.KEEP_PRINCIPAL)
        with pytest.raises(ChangeImpossible):
            at_rate(kept, "2024-05-06", how=Remake.KEEP_INSTALMENT)
        resting = version("equal_principal", grace=Grace(principal_rows=1), count=2)
        assert len(at_rate(resting, "2024-03-06", how=Remake.KEEP_INSTALMENT).rows) == 2


class TestAPause:
    def test_charges_nothing_for_its_days(self):
        plan = version(exact=True)
        found = pause(plan, on=on("2024-05-20"), until=on("2024-06-20"))
        assert_holds(found)
        hand = Rows(
            steps(MONTHS[2:]),
            owed=plan.rows[1].closing_minor,
            rate=lambda at: 0 if on("2024-05-20") <= at < on("2024-06-20") else OLD,
        )
        assert rows_from(found, 2) == hand.by_principal([row.principal_minor for row in plan.rows[2:]])

    def test_may_lead_to_a_new_instalment(self):
        plan = version(exact=True)
        found = pause(plan, on=on("2024-05-20"), until=on("2024-06-20"), how=Remake.NEW_INSTALMENT)
        hand = Rows(
            steps(MONTHS[2:]),
            owed=plan.rows[1].closing_minor,
            rate=lambda at: 0 if on("2024-05-20") <= at < on("2024-06-20") else OLD,
        )
        assert rows_from(found, 2) == hand.by_instalment()

    def test_may_be_repeated_but_not_overlap(self):
        first = pause(version(), on=on("2024-05-20"), until=on("2024-06-01"))
        again = pause(first, on=on("2024-06-01"), until=on("2024-06-03"))
        assert len(again.terms.rates.pauses) == 2
        with pytest.raises(RateTableInvalid):
            pause(first, on=on("2024-05-30"), until=on("2024-06-03"))
        with pytest.raises(RateTableInvalid):
            pause(first, on=on("2024-06-30"), until=on("2024-06-30"))


PUBLISHED = rates(("2023-08-21", "0.0345"), ("2024-07-22", "0.0335"), ("2024-10-21", "0.031"))


class TestRepricing:
    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (
                RepricingDay.FIRST_OF_JANUARY,
                [("2023-11-10", 4_450_000), ("2025-01-01", 4_100_000)],
            ),
            (
                RepricingDay.ANNIVERSARY,
                [("2023-11-10", 4_450_000), ("2024-11-10", 4_100_000)],
            ),
            (
                RepricingDay.PUBLICATION,
                [("2023-11-10", 4_450_000), ("2024-07-22", 4_350_000), ("2024-10-21", 4_100_000)],
            ),
        ],
    )
    def test_takes_over_the_rate_last_published(self, days, expected):
        floating = Floating(published=PUBLISHED, spread_e8=1_000_000, days=days)
        start = on("2023-11-10")
        found = repriced_steps(floating, contract_start=start, since=start, until=on("2026-01-02"))
        assert [(step.effective_from.isoformat(), step.rate_e8) for step in found] == expected

    def test_between_repricing_days_keeps_the_rate_of_the_last_one(self):
        floating = Floating(published=PUBLISHED, spread_e8=0, days=RepricingDay.FIRST_OF_JANUARY)
        start, since = on("2023-11-10"), on("2024-08-01")
        (step,) = repriced_steps(floating, contract_start=start, since=since, until=on("2024-12-31"))
        assert (step.effective_from, step.rate_e8) == (since, 3_450_000)

    def test_of_a_leap_day_falls_on_the_last_of_february(self):
        floating = Floating(published=PUBLISHED, spread_e8=0, days=RepricingDay.ANNIVERSARY)
        start = on("2024-02-29")
        found = repriced_steps(floating, contract_start=start, since=start, until=start + timedelta(days=400))
        assert found[-1].effective_from == on("2025-02-28")

    def test_refuses_days_without_a_rate_and_spreads_beyond_it(self):
        start = on("2023-08-01")
        with pytest.raises(RateTableInvalid) as refused:
            repriced_steps(
                Floating(published=PUBLISHED, spread_e8=0, days=RepricingDay.ANNIVERSARY),
                contract_start=start,
                since=start,
                until=on("2024-01-01"),
            )
        assert refused.value.field == "rates"
        with pytest.raises(RateTableInvalid) as refused:
            repriced_steps(
                Floating(published=PUBLISHED, spread_e8=-4_000_000, days=RepricingDay.PUBLICATION),
                contract_start=on("2023-11-10"),
                since=on("2023-11-10"),
                until=on("2024-01-01"),
            )
        assert refused.value.field == "spread"
