"""Aggregates and events: a fact is applied once, to its own aggregate, in its own place."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from eventsourcing.domain import OriginatorIDError, OriginatorVersionError

from ledger.domain.accrual_run import AccrualRun
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_events import LOAN_EVENTS, LoanDisbursementFailed, LoanEvent
from ledger.domain.loan_state import LoanStatus
from ledger.kernel.aggregate import AGGREGATES, EVENTS, Aggregate, DomainEvent, event_of

LOAN, OTHER = UUID(int=1), UUID(int=2)
DAY = date(2024, 3, 1)


def cancelled(*, loan=LOAN, version=1):
    """Build the fact that ends a loan before it began, as it is read from a stream."""
    return LoanDisbursementFailed(
        originator_id=loan,
        originator_version=version,
        effective_date=DAY,
        entity_id=UUID(int=3),
        line_id=UUID(int=4),
        account_id=UUID(int=5),
        product_code="revolving-daily",
        currency="CNY",
        principal_minor=100,
        reason="account closed",
    )


class TestAFact:
    def test_that_comes_first_makes_its_aggregate(self):
        loan = cancelled().mutate(None)
        assert type(loan) is LoanAccount
        assert (loan.id, loan.version) == (LOAN, 1)
        assert (loan.state.status, loan.state.as_of) == (LoanStatus.CANCELLED, DAY)

    def test_is_not_applied_to_another_aggregate(self):
        loan = LoanAccount.blank(OTHER)
        with pytest.raises(OriginatorIDError):
            cancelled().mutate(loan)
        assert (loan.version, loan.state) == (0, LoanAccount.State())

    @pytest.mark.parametrize("version", [0, 2, 3])
    def test_is_not_applied_out_of_its_place(self, version):
        loan = LoanAccount.blank(LOAN)
        with pytest.raises(OriginatorVersionError):
            cancelled(version=version).mutate(loan)
        assert (loan.version, loan.state) == (0, LoanAccount.State())

    @pytest.mark.parametrize(("kind", "apply"), [(DomainEvent, "apply"), (LoanEvent, "change")])
    def test_of_no_kind_changes_nothing(self, kind, apply):
        with pytest.raises(NotImplementedError, match="LoanDisbursementFailed"):
            getattr(kind, apply)(cancelled(), LoanAccount.State())


class TestTheRegister:
    def test_gives_a_topic_once(self):
        before = EVENTS["loan.disbursement_failed"]
        with pytest.raises(
            ValueError, match=r"loan\.disbursement_failed is already taken by LoanDisbursementFailed"
        ):
            event_of(AccrualRun, "loan.disbursement_failed")(LoanDisbursementFailed)
        assert EVENTS["loan.disbursement_failed"] is before
        assert before.aggregate_class is LoanAccount

    def test_knows_each_fact_of_a_loan_by_its_topic(self):
        assert {topic: EVENTS[topic] for topic in LOAN_EVENTS} == LOAN_EVENTS
        assert {kind.aggregate_class for kind in LOAN_EVENTS.values()} == {LoanAccount}

    def test_knows_an_aggregate_by_its_stream(self):
        assert AGGREGATES["loan"] is LoanAccount
        assert LoanAccount.STREAM == "loan"


class TestACopy:
    def test_can_go_its_own_way(self):
        loan = cancelled().mutate(None)
        copy = loan.copy()
        copy.state.status = LoanStatus.ACTIVE
        assert isinstance(copy, Aggregate)
        assert (copy.id, copy.version, copy.collect_events()) == (LOAN, 1, [])
        assert loan.state.status is LoanStatus.CANCELLED
