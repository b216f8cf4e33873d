"""The example of every kind of fact in the guide to the API is carried out as it is printed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from config.identities import ACCOUNTANT, COLLECTOR, REVIEWER
from ledger.domain.loan_fact_fields import REPORTED
from tests.api.callers import assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.source_tree import REPOSITORY
from tests.conftest import FIRST_DAY

GUIDE = (REPOSITORY / "docs/api/README.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")


def examples():
    """Yield each kind with its example and whether two people are needed, from the rows of the table."""
    for line in GUIDE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        kinds = CODE.findall(cells[0])
        if len(cells) != 2 or not kinds or kinds[0] not in {kind.value for kind in REPORTED}:
            continue
        printed = CODE.findall(cells[1])
        said = json.loads("{" + printed[0] + "}") if printed and printed[0].startswith('"') else {}
        for kind in kinds:
            yield kind, said, bool(re.match(r"`[^|]*\*", cells[0]))


EXAMPLES = {kind: (said, is_proposed) for kind, said, is_proposed in examples()}
# What has to have happened to the loan before.
AFTER = {
    "payment_reversed": "payment_received",
    "chargeback": "payment_received",
    "refunded": "overpayment",
    "charge_waived": "charge_added",
    "charge_adjusted": "charge_added",
    "promotion_ended": "promotion_granted",
    "change_undone": "rate_changed",
    "non_accrual_ended": "non_accrual_started",
    "charge_off_undone": "charged_off",
    "recovered": "charged_off",
    "sale_undone": "sold",
}
IN_ARREARS = {"interest_waived", "penalty_waived", "charged_off", "charge_off_undone", "recovered", "written_off",
              "settled_at_discount"}  # fmt: skip


@pytest.fixture
def lent(world):
    """A loan of the second seller, who has no money unless it is received."""
    return world, world.other.borrow(500_000)


def report(world, loan, kind, said):
    body = {"kind": kind, "reason": "as printed", **said}
    return world[ACCOUNTANT].post(f"loans/{loan}/facts", body)


def before(world, loan, kind):
    """Have happen what an example refers to; return its identifier."""
    if kind in IN_ARREARS:
        world.other.close_through(FIRST_DAY + timedelta(days=45))
    first = AFTER.get(kind)
    if first is None:
        return ""
    if first in ("payment_received", "overpayment"):
        world.other.receive(10_00).value()
    said = EXAMPLES[first][0] if first in EXAMPLES else {"amount": "10.00", "currency": "CNY"}
    if EXAMPLES.get(first, ("", False))[1] and first != "charged_off":
        return propose_and_approve(world, loan, first, said).json()["fact_id"]
    done = report(world, loan, "payment_received" if first == "overpayment" else first, said)
    assert done.status_code == 201, done.json()
    return done.json()["fact_id"]


def propose_and_approve(world, loan, kind, said):
    """Have two people agree to what an example says."""
    body = {"kind": kind, "reason": "as printed", **said}
    made = world[COLLECTOR].post(f"loans/{loan}/proposals", body)
    assert made.status_code == 201, made.json()
    row = world[REVIEWER].get(f"proposals/{made.json()['proposal_id']}").json()
    yes = world[REVIEWER].post(f"proposals/{row['id']}/approval", {"fingerprint": row["fingerprint"]})
    assert yes.status_code == 200, yes.json()
    assert world[REVIEWER].get(f"proposals/{row['id']}").json()["status"] == "approved"
    return yes


class TestTheGuide:
    def test_has_an_example_of_every_kind(self):
        assert set(EXAMPLES) == {kind.value for kind in REPORTED}

    @pytest.mark.parametrize("kind", sorted(EXAMPLES))
    def test_prints_what_can_be_sent(self, lent, kind):
        world, loan = lent
        said, is_proposed = EXAMPLES[kind]
        referred = before(world, loan, kind)
        if said.get("of", "payout") != "payout":
            said = said | {"of": referred}
        if kind in ("payment_received", "recovered"):
            world.other.receive(10_00).value()
        answer = report(world, loan, kind, said)
        if not is_proposed:
            assert answer.status_code == 201, answer.json()
            assert_books_hold()
            return
        assert answer.json()["code"] == "LEDGER_SECOND_PERSON_NEEDED"
        propose_and_approve(world, loan, kind, said)
        assert_books_hold()


class TestTheQuestions:
    def test_of_the_guide_are_answered(self, lent):
        world, loan = lent
        steps = re.search(r"what-if -d '(\{.*?\]\})'", GUIDE, re.DOTALL)
        answer = world[ACCOUNTANT].post(f"loans/{loan}/what-if", json.loads(steps[1]), key=None)
        assert answer.status_code == 200, answer.json()
        found = answer.json()
        assert (found["on"], found["after"]["status"]) == ("2024-02-20", "settled")
        assert found["difference"]["outstanding"] == "-5000.00"
        for where in (
            f"position?as_of=2024-02-20&known_at={datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "explanation?component=interest_receivable",
        ):
            assert world[ACCOUNTANT].get(f"loans/{loan}/{where}").status_code == 200
        assert_books_hold()

    @pytest.mark.parametrize(
        ("where", "status", "code"),
        [
            ("position?known_at=2024-03-01T08:00:00", 422, "API_MOMENT_INVALID"),
            ("position?as_of=2999-01-01", 422, "LEDGER_POSITION_DATE_TOO_FAR"),
            ("position?known_at=2999-01-01T00:00:00Z", 422, "LEDGER_KNOWN_AT_IN_FUTURE"),
            ("position?known_at=2001-01-01T00:00:00Z", 404, "LEDGER_NOT_KNOWN_THEN"),
            ("explanation?component=luck", 422, "API_FIELD_INVALID"),
            ("explanation", 422, "API_FIELD_MISSING"),
        ],
    )
    def test_are_refused_by_name(self, lent, where, status, code):
        world, loan = lent
        assert_problem(world[ACCOUNTANT].get(f"loans/{loan}/{where}"), status, code)
