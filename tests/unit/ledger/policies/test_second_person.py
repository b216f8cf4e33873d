"""What one person may not decide alone."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanStatus
from ledger.policies.second_person import AtStake, charge_off_alone_minor, needs_second_person

TODAY = date(2024, 3, 4)


def needs(
    kind, *, outstanding_minor=0, currency="CNY", status=LoanStatus.ACTIVE, undone=None, on=TODAY, **details
):
    stake = AtStake(outstanding_minor=outstanding_minor, currency=currency, status=status, undone=undone)
    return needs_second_person(kind, details, stake=stake, on=on)


class TestASecondPerson:
    @pytest.mark.parametrize(
        "kind",
        ["charge_waived", "charge_adjusted", "interest_waived", "penalty_waived", "refunded", "written_off",
         "settled_at_discount", "sold", "sale_undone"],
    )  # fmt: skip
    def test_is_needed_for_what_gives_money_away(self, kind):
        assert needs(FactKind(kind))

    @pytest.mark.parametrize(
        "kind", ["payment_reversed", "charge_added", "accelerated", "chargeback", "recovered"]
    )
    def test_is_not_needed_for_what_happened(self, kind):
        assert not needs(FactKind(kind))

    @pytest.mark.parametrize("status", ["written_off", "settled_at_discount", "sold"])
    @pytest.mark.parametrize("kind", ["payment_reversed", "chargeback"])
    def test_is_needed_to_give_back_what_is_not_owed_again(self, kind, status):
        assert needs(FactKind(kind), status=LoanStatus(status))
        assert not needs(FactKind(kind), status=LoanStatus.CHARGED_OFF)
        assert not needs(FactKind.RECOVERED, status=LoanStatus(status))

    def test_is_needed_to_undo_a_charge_and_no_other_change(self):
        assert needs(FactKind.CHANGE_UNDONE, undone=FactKind.CHARGE_ADDED)
        assert not needs(FactKind.CHANGE_UNDONE, undone=FactKind.RATE_CHANGED)
        assert not needs(FactKind.CHANGE_UNDONE)

    def test_is_needed_for_goodwill_and_not_for_other_payments(self):
        assert needs(FactKind.PAYMENT_RECEIVED, payment="goodwill_credit")
        assert not needs(FactKind.PAYMENT_RECEIVED, payment="instalment")

    def test_is_needed_where_a_new_plan_forgives_interest(self):
        assert needs(FactKind.PLAN_CHANGED, interest="forgiven")
        assert not needs(FactKind.PLAN_CHANGED, interest="carried")

    def test_is_needed_to_charge_off_more_than_one_person_may(self):
        most = charge_off_alone_minor("CNY", on=TODAY)
        assert not needs(FactKind.CHARGED_OFF, outstanding_minor=most)
        assert needs(FactKind.CHARGED_OFF, outstanding_minor=most + 1)

    def test_is_always_needed_in_a_currency_or_at_a_time_without_an_amount(self):
        assert needs(FactKind.CHARGED_OFF, outstanding_minor=1, currency="JPY")
        assert needs(FactKind.CHARGED_OFF, outstanding_minor=1, on=date(2019, 12, 31))
