"""A proposal's life: two people, one decision, and exactly what was asked for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from ledger.domain.loan_record import FactKind, recorded
from ledger.domain.proposal import ApprovalBySamePerson, Proposal, ProposalChanged
from ledger.domain.proposal_matrix import COMMANDS, EVENT, MATRIX

DAY = date(2024, 3, 4)


def proposal(state="pending"):
    made = Proposal.blank(UUID(int=7))
    if state != "absent":
        give(made, "make")
    if state in ("approved", "rejected"):
        give(made, {"approved": "approve", "rejected": "reject"}[state])
    return made


def give(to, command):
    said = {
        "make": {
            "entity_id": UUID(int=1),
            "loan_id": UUID(int=2),
            "line_id": UUID(int=3),
            "account_ids": (UUID(int=4),),
            "currency": "CNY",
            "fact": recorded(FactKind.PENALTY_WAIVED, fact_id="", value_date=DAY, amount_minor=54_00),
            "effect": (),
            "fingerprint": "f",
            "proposed_by": "user:1",
        },
        "approve": {"fingerprint": "f", "fact_id": "fact-1", "approved_by": "user:2"},
        "reject": {"reason": "too much", "rejected_by": "user:2"},
    }
    getattr(to, command)(effective_date=DAY, **said[command])


class TestAProposal:
    @pytest.mark.parametrize(("state", "command"), sorted(MATRIX))
    def test_takes_or_refuses_each_command_in_each_state(self, state, command):
        about, cell = proposal(state), MATRIX[state, command]
        before = (about.version, about.state)
        if cell == EVENT:
            give(about, command)
            assert about.version == before[0] + 1
        else:
            with pytest.raises(cell):
                give(about, command)
            assert (about.version, about.state) == before

    def test_is_not_approved_by_whoever_made_it(self):
        about = proposal()
        with pytest.raises(ApprovalBySamePerson):
            about.approve(effective_date=DAY, fingerprint="f", fact_id="fact-1", approved_by="user:1")
        assert about.state.status == "pending"

    def test_may_be_taken_back_by_whoever_made_it(self):
        about = proposal()
        about.reject(effective_date=DAY, reason="a mistake", rejected_by="user:1")
        assert about.state.status == "rejected"

    def test_is_not_approved_as_something_else(self):
        about = proposal()
        with pytest.raises(ProposalChanged):
            about.approve(effective_date=DAY, fingerprint="g", fact_id="fact-1", approved_by="user:2")
        assert about.state.status == "pending"

    def test_has_a_cell_for_every_command(self):
        assert {command for _, command in MATRIX} == set(COMMANDS)
