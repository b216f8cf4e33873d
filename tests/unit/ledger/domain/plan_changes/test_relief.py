"""Interest that becomes principal or is given up, acceleration, and what payments a change is told of."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.domain.plan_changes.acceleration import Ground, Notice, accelerate, penalty_rate
from ledger.domain.plan_changes.consent import CapitalisationWithoutConsent
from ledger.domain.plan_changes.earned_interest import Earned, earned_interest
from ledger.domain.plan_changes.interest_relief import capitalise, forgive
from ledger.domain.plan_changes.payments import PaymentsImpossible, days_past_due, unpaid_rows
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible
from ledger.domain.plan_changes.standing import NothingToChange, standing_on
from ledger.domain.plan_changes.tranches import Tranche, disburse
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Batch, Grace, GraceInterest
from ledger.domain.plans.early import payoff_on
from tests.unit.ledger.domain.plan_changes.building import (
    MONTHS,
    assert_holds,
    on,
    paid,
    rows_from,
    steps,
    version,
)
from tests.unit.ledger.domain.plan_changes.by_hand import Rows, half_up

RATE = Fraction("0.108")
MONTH = Fraction(1, 12)
OVERDUE, PUT_OFF, ACCRUED = Earned


def capitalised(plan, day, parts, payments=None):
    changed = capitalise(plan, on=on(day), parts=parts, payments=payments or paid(2), has_consent=True)
    assert_holds(changed)
    return changed


def forgiven(plan, day, parts, payments=None):
    changed = forgive(plan, on=on(day), parts=parts, payments=payments or paid(2))
    assert_holds(changed)
    return changed


def called(plan, day, *, ground=Ground.FRAUD, payments=None, **more):
    notice = Notice(ground=ground, **more)
    changed = accelerate(plan, on=on(day), notice=notice, payments=payments or paid(2))
    assert_holds(changed)
    return changed


class TestCapitalising:
    def test_overdue_interest_makes_it_principal_from_that_day(self):
        plan = version(exact=True)
        overdue = plan.rows[1].interest_minor
        found = capitalised(plan, "2024-05-20", {OVERDUE}, paid(1))
        assert found.rows[1].interest_minor == 0
        assert found.movements[-1].principal_minor == overdue
        hand = Rows(
            steps(MONTHS[2:]),
            owed=plan.rows[1].closing_minor,
            rate=RATE,
            drawn=("2024-05-20", overdue),
        )
        assert rows_from(found, 2) == hand.by_instalment()

    def test_accrued_interest_begins_the_row_anew(self):
        plan = version(exact=True)
        owed = plan.rows[1].closing_minor
        accrued = half_up(owed * RATE * 15 / 360)
        found = capitalised(plan, "2024-05-20", {ACCRUED})
        assert found.rows[2].period.starts_on == on("2024-05-20")
        dates = [("2024-05-20", "2024-06-05"), *steps(MONTHS[3:])]
        assert rows_from(found, 2) == Rows(dates, owed=owed + accrued, rate=RATE).by_instalment()

    def test_interest_put_off_ends_its_way_to_a_row(self):
        plan = version(grace=Grace(principal_rows=2, interest_rows=2))
        found = capitalised(plan, "2024-04-15", {PUT_OFF}, paid(1))
        assert found.rows[1].opening_minor == 5_045_000
        assert found.rows[2].interest_minor < 100_000
        left = capitalised(plan, "2024-04-15", {ACCRUED}, paid(1))
        assert left.rows[2].carried_interest_minor == 45_000

    def test_leaves_what_was_paid_of_the_interest(self):
        found = capitalised(version(), "2024-05-20", {OVERDUE}, paid(1, (2, 0, 7_667)))
        assert (found.rows[1].interest_minor, found.movements[-1].principal_minor) == (7_667, 30_000)

    def test_needs_consent_interest_and_a_balance_it_is_charged_on(self):
        for plan, parts, consent, kind in (
            (version(), {OVERDUE}, False, CapitalisationWithoutConsent),
            (version(), {OVERDUE}, True, ChangeImpossible),
            (version("flat"), {ACCRUED}, True, ChangeImpossible),
        ):
            with pytest.raises(kind):
                capitalise(plan, on=on("2024-05-20"), parts=parts, payments=paid(2), has_consent=consent)


class TestForgiving:
    def test_overdue_interest_leaves_the_principal_due(self):
        plan = version()
        found = forgiven(plan, "2024-05-20", {OVERDUE}, paid(1))
        assert (found.rows[1].principal_minor, found.rows[1].interest_minor) == (822_112, 0)
        assert rows_from(found, 2) == rows_from(plan, 2)

    def test_accrued_interest_leaves_that_of_the_days_to_come(self):
        plan = version(exact=True)
        found = forgiven(plan, "2024-05-20", {ACCRUED})
        owed = plan.rows[1].closing_minor
        assert found.rows[2].interest_minor == half_up(owed * RATE * 16 / 360)

    def test_interest_put_off_falls_due_no_more(self):
        plan = version(grace=Grace(principal_rows=2, interest_rows=2))
        found = forgiven(plan, "2024-05-20", {PUT_OFF}, paid(2))
        assert found.rows[2].interest_minor == 45_000

    def test_refuses_to_forgive_nothing(self):
        with pytest.raises(ChangeImpossible) as refused:
            forgive(version(), on=on("2024-05-20"), parts={OVERDUE}, payments=paid(2))
        assert refused.value.field == "interest"


class TestEarnedInterest:
    def test_of_a_forgiven_grace_is_nothing(self):
        grace = Grace(principal_rows=2, interest_rows=2, interest=GraceInterest.FORGIVEN)
        standing = standing_on(version(grace=grace), on=on("2024-04-15"))
        assert earned_interest(standing, unpaid=()).of(set(Earned)) == 0

    def test_of_a_flat_loan_is_on_what_was_lent(self):
        standing = standing_on(version("flat"), on=on("2024-05-15"))
        assert earned_interest(standing, unpaid=()).accrued_minor == half_up(45_000 * Fraction(10, 31))


class TestAcceleration:
    @pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_only", "flat"])
    @pytest.mark.parametrize("exact", [False, True])
    def test_asks_for_what_a_payoff_takes_on_that_day(self, method, exact):
        plan = version(method, exact=exact)
        found = called(plan, "2024-05-11")
        row = found.rows[-1]
        agreed = plan.terms
        quote = payoff_on(agreed, build_plan(agreed), rows_paid=2, on=on("2024-05-16"))
        assert (row.period.due_on, row.total_minor) == (on("2024-05-16"), quote.total_minor)
        assert found.rows[:2] == plan.rows[:2]

    def test_leaves_rows_that_fall_due_within_the_cure_days(self):
        plan = version()
        found = called(plan, "2024-06-03")
        assert found.rows[:3] == plan.rows[:3]
        assert (found.rows[3].period.days, len(found.rows)) == (3, 4)

    def test_on_a_due_date_asks_for_principal_alone(self):
        found = called(version(), "2024-05-31")
        assert (found.rows[-1].interest_minor, found.rows[-1].period.days) == (0, 0)
        assert called(version(), "2024-05-05", cure_days=0).rows[-1].total_minor == 3_363_109

    def test_charges_each_balance_of_a_row_with_a_tranche(self):
        plan = version("interest_only", exact=True)
        grown = disburse(plan, on=on("2024-05-15"), tranche=Tranche(amount_minor=1_000_000))
        row = called(grown, "2024-05-20").rows[-1]
        assert row.interest_minor == half_up(Fraction(5_000_000 * 10 + 6_000_000 * 10) * RATE / 360)

    def test_brings_interest_put_off_and_none_that_is_forgiven(self):
        put_off = version(grace=Grace(principal_rows=3, interest_rows=3))
        row = called(put_off, "2024-04-30", payments=paid(1)).rows[-1]
        assert row.interest_minor == 90_000
        free = version(grace=Grace(principal_rows=3, interest_rows=3, interest=GraceInterest.FORGIVEN))
        assert called(free, "2024-04-15", payments=paid(1)).rows[-1].total_minor == 5_000_000

    def test_of_batches_and_bullets_leaves_one_row(self):
        batches = (Batch(on("2024-04-20"), 1_000_000), Batch(on("2024-06-30"), 4_000_000))
        plan = version("custom", exact=True, count=2, batches=batches)
        found = called(plan, "2024-04-20", payments=paid(1))
        assert [row.principal_minor for row in found.rows] == [1_000_000, 4_000_000]
        assert len(called(version("bullet"), "2024-04-20", payments=paid()).rows) == 1

    def test_for_unpaid_rows_needs_three_of_them(self):
        plan = version()
        assert len(called(plan, "2024-06-10", ground=Ground.THREE_ROWS_UNPAID, payments=paid()).rows) == 4
        with pytest.raises(ChangeImpossible) as refused:
            called(plan, "2024-06-10", ground=Ground.THREE_ROWS_UNPAID, payments=paid(1))
        assert refused.value.details == {"rows_unpaid": 2}

    def test_is_pointless_when_all_falls_due_anyway(self):
        with pytest.raises(NothingToChange):
            called(version(), "2024-09-01")

    def test_raises_the_rate_by_the_uplift(self):
        notice = Notice(ground=Ground.FRAUD)
        assert penalty_rate(version().terms, on=on("2024-05-16"), notice=notice) == Fraction("0.162")
        assert notice.cure_days == 5


class TestPaymentsToldOf:
    def test_say_what_is_overdue_and_since_when(self):
        due = version().rows[:3]
        unpaid = unpaid_rows(due, payments=paid(1, (2, 822_112, 0), (3, 829_511, 30_268)))
        assert [(item.row.period.number, item.principal_minor, item.interest_minor) for item in unpaid] == [
            (2, 0, 37_667)
        ]
        assert days_past_due(unpaid, on=on("2024-05-06")) == 1
        assert days_past_due((), on=on("2024-05-06")) == 0

    @pytest.mark.parametrize(
        "payments",
        [
            paid(4),
            paid(1, (1, 1, 0)),
            paid(1, (4, 1, 0)),
            paid(1, (2, 1, 0), (2, 1, 0)),
            paid(1, (2, 822_113, 0)),
            paid(1, (2, 0, 37_668)),
        ],
    )
    def test_are_refused_where_they_do_not_fit(self, payments):
        with pytest.raises(PaymentsImpossible):
            unpaid_rows(version().rows[:3], payments=payments)

    def test_of_nothing_due_is_nothing(self):
        assert unpaid_rows((), payments=paid()) == ()
