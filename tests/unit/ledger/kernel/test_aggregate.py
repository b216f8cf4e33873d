"""Aggregates and events: a fact is applied once, to its own aggregate, in its own place."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from eventsourcing.domain import OriginatorIDError, OriginatorVersionError

from ledger.domain.accrual_run import AccrualRun
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_events import LOAN_EVENTS, LoanFact, LoanSettled
from ledger.domain.loan_state import LoanStatus
from ledger.kernel.aggregate import AGGREGATES, EVENTS, Aggregate, DomainEvent, event_of

LOAN, OTHER = UUID(int=1), UUID(int=2)
DAY = date(2024, 3, 1)


def settled(*, loan=LOAN, version=1):
    """Build the fact that ends a loan, as it is read from a stream."""
    return LoanSettled(
        originator_id=loan,
        originator_version=version,
        effective_date=DAY,
        entity_id=UUID(int=3),
        line_id=UUID(int=4),
        account_id=UUID(int=5),
        product_code="revolving-daily",
        currency="CNY",
        principal_minor=100,
    )


class TestAFact:
    def test_that_comes_first_makes_its_aggregate(self):
        loan = settled().mutate(None)
        assert type(loan) is LoanAccount
        assert (loan.id, loan.version) == (LOAN, 1)
        assert (loan.state.status, loan.state.as_of) == (LoanStatus.SETTLED, DAY)

    def test_is_not_applied_to_another_aggregate(self):
        loan = LoanAccount.blank(OTHER)
        with pytest.raises(OriginatorIDError):
            settled().mutate(loan)
        assert (loan.version, loan.state) == (0, LoanAccount.State())

    @pytest.mark.parametrize("version", [0, 2, 3])
    def test_is_not_applied_out_of_its_place(self, version):
        loan = LoanAccount.blank(LOAN)
        with pytest.raises(OriginatorVersionError):
            settled(version=version).mutate(loan)
        assert (loan.version, loan.state) == (0, LoanAccount.State())

    @pytest.mark.parametrize(("kind", "apply"), [(DomainEvent, "apply"), (LoanFact, "change")])
    def test_of_no_kind_changes_nothing(self, kind, apply):
        with pytest.raises(NotImplementedError, match="LoanSettled"):
            getattr(kind, apply)(settled(), LoanAccount.State())


class TestTheRegister:
    def test_gives_a_topic_once(self):
        before = EVENTS["loan.settled"]
        with pytest.raises(ValueError, match=r"loan\.settled is already taken by LoanSettled"):
            event_of(AccrualRun, "loan.settled")(LoanSettled)
        assert EVENTS["loan.settled"] is before
        assert before.aggregate_class is LoanAccount

    def test_knows_each_fact_of_a_loan_by_its_topic(self):
        assert {topic: EVENTS[topic] for topic in LOAN_EVENTS} == LOAN_EVENTS
        assert {kind.aggregate_class for kind in LOAN_EVENTS.values()} == {LoanAccount}

    def test_knows_an_aggregate_by_its_stream(self):
        assert AGGREGATES["loan"] is LoanAccount
        assert LoanAccount.STREAM == "loan"


class TestACopy:
    def test_can_go_its_own_way(self):
        loan = settled().mutate(None)
        copy = loan.copy()
        copy.state.status = LoanStatus.ACTIVE
        assert isinstance(copy, Aggregate)
        assert (copy.id, copy.version, copy.collect_events()) == (LOAN, 1, [])
        assert loan.state.status is LoanStatus.SETTLED
