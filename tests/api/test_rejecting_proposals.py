"""Who may turn a proposal down: those who decide, and whoever made it."""

from __future__ import annotations

import pytest

from config.identities import ACCOUNTANT, COLLECTOR, REVIEWER
from tests.api.callers import assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one
from tests.builders.storage import fingerprint

ASKED = {
    "kind": "payment_received",
    "payment": "goodwill_credit",
    "amount": "10.00",
    "currency": "CNY",
    "reason": "late delivery",
}
NO = {"reason": "not ours to give"}


def proposed_by(world, role) -> str:
    made = world[role].post(f"loans/{world.instalment}/proposals", ASKED)
    assert made.status_code == 201, made.json()
    return made.json()["proposal_id"]


class TestARejection:
    def test_by_a_collector_of_what_another_person_proposed_changes_nothing(self, world):
        proposal = proposed_by(world, REVIEWER)
        before = fingerprint()
        answer = world[COLLECTOR].post(f"proposals/{proposal}/rejection", NO)
        assert_problem(answer, 403, "LEDGER_PROPOSAL_OF_ANOTHER")
        assert fingerprint() == before
        assert one("SELECT status FROM proposal") == "pending"
        assert_books_hold()

    @pytest.mark.parametrize(
        ("proposer", "decider"), [(COLLECTOR, COLLECTOR), (COLLECTOR, ACCOUNTANT), (REVIEWER, ACCOUNTANT)]
    )
    def test_is_open_to_the_proposer_and_to_those_who_decide(self, world, proposer, decider):
        proposal = proposed_by(world, proposer)
        answer = world[decider].post(f"proposals/{proposal}/rejection", NO)
        assert answer.status_code == 200, answer.json()
        assert one("SELECT status FROM proposal") == "rejected"
        assert_books_hold()
