"""What the kernel's refusals say: the field that was wrong, and the figures that help."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.kernel.business_days import SEARCH_DAYS_MAX, BusinessCalendar, CalendarContradictory
from ledger.kernel.day_count import PeriodReversed, days_between
from ledger.kernel.frequencies import (
    COUNT_MAX,
    EVERY_MAX,
    NAMED,
    DueDateRule,
    DueDateRuleImpossible,
    Frequency,
    FrequencyUnknown,
    Unit,
)
from ledger.kernel.money import (
    CurrencyMismatch,
    Money,
    MoneyMalformed,
    MoneyNotText,
    MoneyNotWhole,
    MoneyTooLarge,
    MoneyTooPrecise,
    SplitImpossible,
    split_minor_units,
)
from ledger.kernel.rates import RateMalformed, RateNotText, RateTooLarge, RateTooPrecise, parse_rate
from ledger.kernel.root_finding import RateAmbiguous, RateNotFound, find_rate

DAY = date(2024, 3, 1)
MONTHLY = Frequency(Unit.MONTH, 1)
YUAN, YEN = Money(100, "CNY"), Money(100, "JPY")
NO_WORK = BusinessCalendar(weekend=frozenset(range(7)))


def limit(text, currency="CNY"):
    return Money.parse(text, currency=currency, field="limit")


def dates(**rule):
    count, start = rule.pop("count", 3), rule.pop("start", DAY)
    return DueDateRule(frequency=rule.pop("frequency", MONTHLY), **rule).dates(start=start, count=count)


CASES = {
    "both kinds of day": (
        lambda: BusinessCalendar(holidays=frozenset({DAY}), working_days=frozenset({DAY})),
        (CalendarContradictory, "working_days", {"day": "2024-03-01"}),
    ),
    "no working day": (lambda: NO_WORK.next_business_day(DAY), (CalendarContradictory, "holidays", {})),
    "reversed": (
        lambda: days_between(start=DAY, end=DAY - timedelta(days=1)),
        (PeriodReversed, "end", {}),
    ),
    "not whole": (lambda: Money(1.0, "CNY"), (MoneyNotWhole, "amount", {})),
    "above": (lambda: Money(10**15 + 1, "CNY"), (MoneyTooLarge, "amount", {})),
    "below": (lambda: Money(-(10**15) - 1, "CNY"), (MoneyTooLarge, "amount", {})),
    "text above": (lambda: limit("10000000000000.01"), (MoneyTooLarge, "limit", {})),
    "long text": (lambda: limit("9" * 41), (MoneyTooLarge, "limit", {})),
    "text as long as is read": (lambda: limit("0." + "0" * 38), (MoneyTooPrecise, "limit", {"decimals": 2})),
    "no text": (lambda: limit(1), (MoneyNotText, "limit", {})),
    "no number": (lambda: limit("1e3"), (MoneyMalformed, "limit", {})),
    "decimals": (lambda: limit("0.001"), (MoneyTooPrecise, "limit", {"decimals": 2})),
    "decimals of yen": (lambda: limit("0.1", "JPY"), (MoneyTooPrecise, "limit", {"decimals": 0})),
    "two currencies": (lambda: YUAN + YEN, (CurrencyMismatch, "currency", {"currencies": ["CNY", "JPY"]})),
    "neither": (lambda: YUAN.split(), (SplitImpossible, "parts", {})),
    "both": (lambda: YUAN.split(parts=1, ratios=[1]), (SplitImpossible, "parts", {})),
    "no part": (lambda: YUAN.split(parts=0), (SplitImpossible, "parts", {})),
    "half a part": (lambda: YUAN.split(parts=True), (SplitImpossible, "parts", {})),
    "no ratio": (lambda: split_minor_units(1, ratios=[]), (SplitImpossible, "ratios", {})),
    "ratios of nothing": (lambda: split_minor_units(1, ratios=[0, 0]), (SplitImpossible, "ratios", {})),
    "negative ratio": (lambda: split_minor_units(1, ratios=[2, -1]), (SplitImpossible, "ratios", {})),
    "rate as number": (lambda: parse_rate(0.1, field="apr"), (RateNotText, "apr", {})),
    "rate as percent": (lambda: parse_rate("5%", field="apr"), (RateMalformed, "apr", {})),
    "rate too fine": (
        lambda: parse_rate("0.123456789", field="apr"),
        (RateTooPrecise, "apr", {"decimals": 8}),
    ),
    "rate too large": (lambda: parse_rate("10.00000001", field="apr"), (RateTooLarge, "apr", {})),
    "step of nothing": (
        lambda: Frequency(Unit.WEEK, 0),
        (FrequencyUnknown, "every", {"maximum": EVERY_MAX[Unit.WEEK]}),
    ),
    "unknown step": (
        lambda: Frequency.named("sometimes"),
        (FrequencyUnknown, "frequency", {"known": sorted(NAMED)}),
    ),
    "two rules": (lambda: dates(fixed_day=5, end_of_month=True), (DueDateRuleImpossible, "fixed_day", {})),
    "day 0": (lambda: dates(fixed_day=0), (DueDateRuleImpossible, "fixed_day", {})),
    "day 32": (lambda: dates(fixed_day=32), (DueDateRuleImpossible, "fixed_day", {})),
    "list and rule": (
        lambda: dates(listed=(DAY,), end_of_month=True),
        (DueDateRuleImpossible, "due_dates", {}),
    ),
    "weeks without a day": (
        lambda: dates(fixed_day=5, frequency=Frequency(Unit.WEEK, 1)),
        (DueDateRuleImpossible, "frequency", {}),
    ),
    "no rows": (lambda: dates(count=0), (DueDateRuleImpossible, "count", {"maximum": COUNT_MAX})),
    "endless rows": (
        lambda: dates(count=COUNT_MAX + 1),
        (DueDateRuleImpossible, "count", {"maximum": COUNT_MAX}),
    ),
    "due at once": (lambda: dates(first_due_on=DAY), (DueDateRuleImpossible, "first_due_on", {})),
    "list too short": (
        lambda: dates(listed=(DAY + timedelta(days=1),), count=2),
        (DueDateRuleImpossible, "due_dates", {}),
    ),
    "list not after the start": (
        lambda: dates(listed=(DAY,), count=1),
        (DueDateRuleImpossible, "due_dates", {}),
    ),
    "never zero": (lambda: find_rate(lambda rate: (1 + rate * rate, 2 * rate)), (RateNotFound, "flows", {})),
}


class TestARefusalOfTheKernel:
    @pytest.mark.parametrize("case", CASES)
    def test_names_the_field_and_the_figures(self, case):
        refused_call, (refusal, field, details) = CASES[case]
        with pytest.raises(refusal) as refused:
            refused_call()
        assert type(refused.value) is refusal
        assert (refused.value.field, refused.value.details) == (field, details)

    def test_shows_every_rate_there_is(self):
        # Zero at 10% and at 20%; a curve gives its value and its slope.
        with pytest.raises(RateAmbiguous) as refused:
            find_rate(lambda rate: ((rate * 10 - 1) * (rate * 10 - 2), 200 * rate - 30))
        assert refused.value.field == "near"
        assert [rate.rstrip("0") for rate in refused.value.details["rates"]] == ["0.1", "0.2"]


class TestTheBounds:
    def test_of_what_is_refused_are_allowed_themselves(self):
        assert Money(10**15, "CNY").minor_units == 10**15
        assert limit("10000000000000.00").minor_units == 10**15
        assert days_between(start=DAY, end=DAY) == 0
        assert len(dates(count=COUNT_MAX)) == COUNT_MAX
        assert dates(fixed_day=31, count=1)[0].day == 31
        assert dates(fixed_day=1, count=1)[0].day == 1
        assert [Frequency(unit, most).every for unit, most in EVERY_MAX.items()] == list(EVERY_MAX.values())

    def test_of_the_search_for_a_working_day_are_a_number_of_days(self):
        last = DAY + timedelta(days=SEARCH_DAYS_MAX - 1)
        calendar = BusinessCalendar(weekend=frozenset(range(7)), working_days=frozenset({last}))
        assert calendar.next_business_day(DAY) == last
        with pytest.raises(CalendarContradictory):
            calendar.next_business_day(DAY - timedelta(days=1))
