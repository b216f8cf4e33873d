"""Facts of loans over the API: each kind by its fields, refusals by name, and what is listed afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.identities import ACCOUNTANT, AUDITOR, BORROWER, COLLECTOR, SERVICE
from ledger.domain.loan_fact_fields import FIELDS, REPORTED
from ledger.domain.loan_record import FactKind
from ledger.loan_fact_reports import FACT
from ledger.models import Instalment
from tests.api.callers import assert_problem
from tests.builders.books import assert_books_hold
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY

DAY = FIRST_DAY.isoformat()


def rate_from(value_date):
    return fact("rate_changed", annual_rate="0.1", value_date=value_date)


def fact(kind, **fields):
    return {"kind": kind, "reason": "agreed with the seller", **fields}


def money(kind, amount, **fields):
    return fact(kind, amount=amount, currency="CNY", **fields)


def report(world, body, *, role=ACCOUNTANT, loan=None, dry=False):
    where = f"loans/{loan or world.instalment}/facts"
    return world[role].post(f"{where}?dry_run=true" if dry else where, body)


class TestAFact:
    def test_of_a_charge_is_recorded_listed_and_posted(self, world):
        body = money("charge_added", "12.50", due_on="2024-01-20")
        answer = report(world, body)
        assert answer.status_code == 201, answer.json()
        assert answer.json()["kind"] == "charge_added"
        listed = world[AUDITOR].get(f"loans/{world.instalment}/facts").json()["results"]
        assert [row["kind"] for row in listed] == ["disbursed", "charge_added"]
        added = listed[-1]
        assert added["amount"] == "12.50"
        assert added["details"] == {"due_on": "2024-01-20"}
        assert added["value_date"] == DAY
        assert added["actor"].startswith("user:")
        assert added["recorded_at"]
        assert added["reason"] == "agreed with the seller"
        assert added["reversed_by"] is None
        assert_books_hold()

    def test_that_is_reversed_says_so_and_from_when(self, world):
        added = report(world, fact("interest_paused", until="2024-01-20")).json()
        undone = report(world, fact("change_undone", of=added["fact_id"])).json()
        listed = world[AUDITOR].get(f"loans/{world.instalment}/facts").json()["results"]
        assert listed[1]["reversed_by"] == undone["fact_id"]
        assert listed[1]["reversed_from"] == DAY
        assert_books_hold()

    def test_of_a_payment_takes_money_from_the_loans_account(self, world):
        before = world.seller.balance()
        answer = report(world, money("payment_received", "100.00", instruction="shorten"), role=SERVICE)
        assert answer.status_code == 201, answer.json()
        assert world.seller.balance() == before - 100_00
        assert_books_hold()

    def test_of_a_reversal_gives_the_money_back(self, world):
        paid = report(world, money("payment_received", "100.00", instruction="shorten")).json()
        before = world.seller.balance()
        assert report(world, fact("payment_reversed", of=paid["fact_id"])).status_code == 201
        assert world.seller.balance() == before + 100_00
        assert_books_hold()

    def test_as_a_dry_run_answers_the_same_and_changes_nothing(self, world):
        body = money("charge_added", "12.50", due_on="2024-01-20")
        before = fingerprint(attempts=True)
        tried = report(world, body, dry=True)
        assert tried.status_code == 200, tried.json()
        assert fingerprint(attempts=True) == before
        done = report(world, body).json()
        assert {**tried.json(), "fact_id": ""} == {**done, "fact_id": ""}
        assert_books_hold()


# One sound report of each kind that a running loan takes on its first day.
RUNNING = {
    "payment_received": money("payment_received", "10.00", payment="instalment", instruction="reduce"),
    "charge_added": money("charge_added", "5.00", due_on="2024-02-10", late_fee=False),
    "rate_changed": fact("rate_changed", annual_rate="0.10"),
    "interest_paused": fact("interest_paused", until="2024-02-01"),
    "promotion_granted": fact("promotion_granted", share="0.5", until="2024-02-01"),
    "plan_changed": fact(
        "plan_changed",
        change="restructure",
        plan={"annual_rate": "0.12", "term": 6, "repayment": {"method": "equal_principal"}},
        open_interest="carried",
    ),
    "accelerated": fact("accelerated", due_on="2024-01-10"),
    "non_accrual_started": fact("non_accrual_started"),
    "disbursement_reversed": fact("disbursement_reversed", of="payout"),
}


class TestEveryKind:
    @pytest.mark.parametrize("kind", RUNNING)
    def test_that_a_running_loan_takes_is_recorded(self, world, kind):
        answer = report(world, RUNNING[kind])
        assert answer.status_code == 201, answer.json()
        assert_books_hold()

    def test_of_a_new_plan_without_conventions_keeps_those_of_the_loan(self, world):
        loan = world[AUDITOR].get(f"loans/{world.instalment}").json()["terms"]
        same = {"annual_rate": loan["annual_rate"], "term": loan["term"]}
        body = fact("plan_changed", change="re_amortise", plan=same, value_date=DAY)
        assert report(world, body).status_code == 201
        rows = Instalment.objects.filter(loan_id=world.instalment, kind="instalment")
        asked = ("due_on", "interest_minor", "principal_minor")
        before, after = (
            list(rows.filter(schedule_version=version).order_by("due_on").values_list(*asked))
            for version in (1, 2)
        )
        assert after == before
        assert len(after) == loan["term"]
        assert_books_hold()

    def test_has_fields_that_exist(self):
        assert set(REPORTED) == set(FactKind) - {FactKind.DISBURSED}
        known = set(FACT.fields)
        for needs, may_have in FIELDS.values():
            assert {*needs, *may_have} <= known

    @pytest.mark.parametrize("kind", REPORTED)
    def test_has_the_fields_of_its_fact(self, kind):
        from dataclasses import MISSING, fields

        from ledger.domain.loan_record import _CLASSES

        outside = {"amount_minor": "amount", "price_minor": "price", "rate_e8": "annual_rate"}
        outside |= {
            "share_e8": "share",
            "terms": "plan",
            "is_late_fee": "late_fee",
            "interest": "open_interest",
        }
        own = [one for one in fields(_CLASSES[kind]) if one.name not in ("id", "effective_date", "sequence")]
        names = {outside.get(one.name, one.name): one.default is MISSING for one in own}
        needs, may_have = FIELDS[kind]
        assert {name for name, needed in names.items() if needed} == set(needs)
        assert {name for name, needed in names.items() if not needed} == set(may_have) - {"source_account_id"}


class TestARefusal:
    @pytest.mark.parametrize(
        ("body", "status", "code", "field"),
        [
            (fact("disbursed"), 422, "LEDGER_CALCULATOR_FIELD_INVALID", "kind"),
            (fact("flown_away"), 422, "LEDGER_CALCULATOR_FIELD_INVALID", "kind"),
            ({"kind": "charged_off"}, 422, "LEDGER_CALCULATOR_FIELD_MISSING", "reason"),
            (fact("charge_added", due_on="2024-02-10"), 422, "LEDGER_FACT_FIELD_MISSING", "amount"),
            (fact("rate_changed"), 422, "LEDGER_FACT_FIELD_MISSING", "annual_rate"),
            (fact("rate_changed", annual_rate=0.1), 422, "LEDGER_RATE_NOT_TEXT", "annual_rate"),
            (money("charge_added", 5, due_on="2024-02-10"), 422, "LEDGER_MONEY_NOT_TEXT", "amount"),
            (money("charge_added", "5.001", due_on="2024-02-10"), 422, "LEDGER_MONEY_TOO_PRECISE", "amount"),
            (
                fact("charge_added", amount="5.00", due_on="2024-02-10"),
                422,
                "LEDGER_FACT_FIELD_MISSING",
                "currency",
            ),
            (
                fact("charge_added", amount="5.00", currency="USD", due_on="2024-02-10"),
                422,
                "LEDGER_CURRENCY_MISMATCH",
                "currency",
            ),
            (fact("non_accrual_started", until="2024-02-10"), 422, "LEDGER_FACT_FIELD_UNEXPECTED", "until"),
            (
                fact("rate_changed", annual_rate="0.1", colour="red"),
                422,
                "LEDGER_CALCULATOR_FIELD_UNKNOWN",
                "colour",
            ),
            (fact("plan_changed", change="deferral"), 422, "LEDGER_FACT_FIELD_MISSING", "plan"),
            (
                fact("plan_changed", change="deferral", due_on="2024-05-01"),
                422,
                "LEDGER_FACT_FIELD_UNEXPECTED",
                "due_on",
            ),
            (
                fact(
                    "plan_changed",
                    change="deferral",
                    plan={"annual_rate": "0.1", "term": 3, "repayment": {"method": "custom"}},
                ),
                422,
                "LEDGER_NEW_PLAN_UNSOUND",
                "plan.repayment.method",
            ),
            (rate_from("2030-01-01"), 422, "LEDGER_VALUE_DATE_AHEAD", "value_date"),
            (rate_from("2001-01-01"), 422, "LEDGER_VALUE_DATE_BEFORE_PAYOUT", "value_date"),
            (fact("payment_reversed", of="nothing"), 422, "LEDGER_FACT_REFERENCE_UNKNOWN", "of"),
            (fact("written_off"), 403, "LEDGER_SECOND_PERSON_NEEDED", "kind"),
            (
                fact("sold", price="1.00", currency="CNY", buyer="B-7"),
                403,
                "LEDGER_SECOND_PERSON_NEEDED",
                "kind",
            ),
            (fact("sale_undone", of="nothing"), 403, "LEDGER_SECOND_PERSON_NEEDED", "kind"),
            (fact("sold", price="1.00", currency="CNY"), 422, "LEDGER_FACT_FIELD_MISSING", "buyer"),
            (fact("sold", price="1.00", buyer="B-7"), 422, "LEDGER_FACT_FIELD_MISSING", "currency"),
            (
                fact("sold", price="-1.00", currency="CNY", buyer="B-7"),
                422,
                "LEDGER_CALCULATOR_OUT_OF_BOUNDS",
                "price",
            ),
            (money("refunded", "1.00"), 403, "LEDGER_SECOND_PERSON_NEEDED", "kind"),
            (
                money("payment_received", "1.00", payment="goodwill_credit"),
                403,
                "LEDGER_SECOND_PERSON_NEEDED",
                "kind",
            ),
        ],
    )
    def test_names_the_field_and_changes_nothing(self, world, body, status, code, field):
        before = fingerprint()
        assert_problem(report(world, body), status, code, field=field)
        assert fingerprint() == before

    def test_meets_borrowers_whatever_they_report(self, world):
        before = fingerprint(attempts=True)
        assert_problem(report(world, RUNNING["charge_added"], role=BORROWER), 403, "API_ROLE_NOT_ALLOWED")
        assert fingerprint(attempts=True) == before


class TestARepayment:
    def test_counts_from_its_value_date_when_a_channel_says_so(self, world):
        world.seller.close_through(FIRST_DAY + timedelta(days=9))
        answer = world[SERVICE].post(
            f"loans/{world.instalment}/repayments",
            world.repayment(amount="1000.00", value_date="2024-01-05", mode="reduce_instalment"),
        )
        assert answer.status_code == 201, answer.json()
        listed = world[SERVICE].get(f"loans/{world.instalment}/repayments").json()["results"]
        assert listed[-1]["value_date"] == "2024-01-05"
        assert listed[-1]["payment_id"] == answer.json()["payment_id"]
        assert_books_hold()

    def test_of_a_borrower_names_no_value_date(self, world):
        before = fingerprint()
        body = world.repayment(value_date=DAY)
        answer = world[BORROWER].post(f"loans/{world.instalment}/repayments", body)
        assert_problem(answer, 403, "LENDING_VALUE_DATE_NOT_BORROWERS", field="value_date")
        assert fingerprint() == before

    def test_of_an_unknown_mode_is_refused(self, world):
        body = world.repayment(mode="sideways")
        answer = world[SERVICE].post(f"loans/{world.instalment}/repayments", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "mode"


class TestACollector:
    def test_may_report_what_happened(self, world):
        assert report(world, RUNNING["charge_added"], role=COLLECTOR).status_code == 201
        assert_books_hold()
