"""The fields of a reported fact: what each kind needs, what it may have, and what it does not know."""

from __future__ import annotations

import pytest

from ledger.domain.loan_fact_fields import (
    COMMON,
    FIELDS,
    REPORTED,
    FactFieldMissing,
    FactFieldUnexpected,
    require_fields,
)
from ledger.domain.loan_record import FactKind

PAYMENT = FactKind.PAYMENT_RECEIVED
CHANGE = FactKind.PLAN_CHANGED


def needed(kind):
    """Return the least that a fact of the kind is reported with, on a loan with a plan."""
    names = ["kind", *FIELDS[kind][0]]
    if kind is CHANGE:
        names.append("plan")
    if "amount" in names or "price" in names:
        names.append("currency")
    return names


def missing(kind, given, *, is_revolving=False):
    with pytest.raises(FactFieldMissing) as refused:
        require_fields(kind, given, is_revolving=is_revolving)
    return refused.value.field


def unexpected(kind, given, *, is_revolving=False):
    with pytest.raises(FactFieldUnexpected) as refused:
        require_fields(kind, given, is_revolving=is_revolving)
    return refused.value.field


class TestAReportedFact:
    def test_is_of_any_kind_but_the_payout(self):
        assert set(REPORTED) == set(FactKind) - {FactKind.DISBURSED}

    @pytest.mark.parametrize("kind", REPORTED)
    def test_is_taken_with_what_its_kind_needs_and_with_all_it_may_have(self, kind):
        require_fields(kind, needed(kind), is_revolving=False)
        may_have = set(FIELDS[kind][1]) - ({"due_on"} if kind is CHANGE else set())
        require_fields(kind, {*needed(kind), *COMMON, *may_have}, is_revolving=False)

    @pytest.mark.parametrize(
        ("kind", "name"), [(kind, name) for kind in REPORTED for name in needed(kind) if name != "kind"]
    )
    def test_is_refused_without_what_its_kind_needs(self, kind, name):
        assert missing(kind, [one for one in needed(kind) if one != name]) == name

    @pytest.mark.parametrize("kind", REPORTED)
    def test_is_refused_with_a_field_its_kind_does_not_have(self, kind):
        assert unexpected(kind, [*needed(kind), "colour"]) == "colour"

    def test_is_told_which_fields_its_kind_has(self):
        with pytest.raises(FactFieldUnexpected) as refused:
            require_fields(FactKind.CHARGE_WAIVED, ["of", "due_on"], is_revolving=False)
        assert refused.value.details["known"] == [
            "amount",
            "currency",
            "kind",
            "of",
            "reason",
            "value_date",
        ]

    def test_is_refused_at_the_place_where_it_stands(self):
        with pytest.raises(FactFieldUnexpected) as odd:
            require_fields(PAYMENT, ["until"], is_revolving=False, path="facts[2].")
        with pytest.raises(FactFieldMissing) as absent:
            require_fields(PAYMENT, [], is_revolving=False, path="facts[2].")
        assert (odd.value.field, absent.value.field) == ("facts[2].until", "facts[2].amount")

    def test_says_its_currency_where_it_says_an_amount(self):
        waiver = FactKind.INTEREST_WAIVED
        require_fields(waiver, [], is_revolving=False)
        assert missing(waiver, ["amount"]) == "currency"
        require_fields(waiver, ["amount", "currency"], is_revolving=False)


class TestAChangeOfThePlan:
    def test_has_a_plan_and_no_day_where_instalments_are_repaid(self):
        require_fields(CHANGE, ["change", "plan"], is_revolving=False)
        assert missing(CHANGE, ["change"]) == "plan"
        assert unexpected(CHANGE, ["change", "plan", "due_on"]) == "due_on"

    def test_has_a_day_and_no_plan_where_draws_are_open(self):
        require_fields(CHANGE, ["change", "due_on"], is_revolving=True)
        assert missing(CHANGE, ["change"], is_revolving=True) == "due_on"
        assert unexpected(CHANGE, ["change", "due_on", "plan"], is_revolving=True) == "plan"

    @pytest.mark.parametrize(("is_revolving", "own"), [(False, "plan"), (True, "due_on")])
    def test_says_what_becomes_of_what_is_open(self, is_revolving, own):
        given = ["change", own, "takes_overdue", "open_interest"]
        require_fields(CHANGE, given, is_revolving=is_revolving)
        assert missing(CHANGE, given[1:], is_revolving=is_revolving) == "change"

    def test_alone_depends_on_how_the_loan_is_repaid(self):
        charge = ["amount", "currency", "due_on"]
        for is_revolving in (False, True):
            require_fields(FactKind.CHARGE_ADDED, charge, is_revolving=is_revolving)
