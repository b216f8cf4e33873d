"""Which facts count, in which order, and which are refused by name."""

from __future__ import annotations

import pytest

from ledger.domain.plans.choices import Basis, Batch, Method
from ledger.domain.plans.rate_table import RateStep, RateTable, RateTableInvalid
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.disbursing import FactImpossible
from ledger.domain.servicing.fact_order import (
    FactInvalid,
    FactReferenceUnknown,
    FactRepeated,
    FactReversedTwice,
    in_order,
)
from ledger.domain.servicing.position import Status
from ledger.domain.servicing.terms import PaymentRules, ServicingTermsInvalid
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, draws, loan, plan

BATCHES = (Batch(day("2024-04-01"), 2_000_000), Batch(day("2024-05-01"), 3_000_000))
CUSTOM = {"method": Method.CUSTOM, "batches": BATCHES, "count": 2, "basis": Basis.EXACT}


class TestFacts:
    def test_of_one_day_follow_the_order_of_their_kinds(self):
        story = Story(loan(plan())).paid("2024-03-05", 100)
        story.tell(kinds.RateChanged, "2024-03-05", rate_e8=1).tell(kinds.InterestWaived, "2024-03-05")
        replayed, _ = in_order(reversed(story.facts), on=day("2024-03-05"))
        expected = [kinds.RateChanged, kinds.Disbursed, kinds.InterestWaived, kinds.PaymentReceived]
        assert [type(fact) for fact in replayed] == expected

    def test_fall_away_with_what_they_refer_to(self):
        story = Story(loan(plan())).paid("2024-04-05", 100, id="p")
        story.tell(kinds.Chargeback, "2024-04-06", of="p", amount_minor=100)
        story.tell(kinds.PaymentReversed, "2024-04-07", of="p")
        replayed, undone = in_order(story.facts, on=day("2024-04-07"))
        assert ([fact.id for fact in replayed], undone) == (["f1"], {"p"})

    def test_after_the_day_are_not_even_looked_at(self):
        story = Story(loan(plan())).paid("2024-04-05", -1)
        assert story.on("2024-04-04").status is Status.ACTIVE


REFUSED = [
    ("of", FactReferenceUnknown, lambda s: s.tell(kinds.PaymentReversed, "2024-04-06", of="nothing")),
    ("of", FactReferenceUnknown, lambda s: s.tell(kinds.PaymentReversed, "2024-04-06", of="f1")),
    ("of", FactReferenceUnknown, lambda s: s.tell(kinds.DisbursementReversed, "2024-03-04", of="f1")),
    ("of", FactReferenceUnknown, lambda s: s.tell(kinds.ChargeWaived, "2024-04-06", of="f1")),
    ("facts", FactRepeated, lambda s: s.paid("2024-04-05", 100, id="f1")),
    ("amount", FactInvalid, lambda s: s.paid("2024-04-05", 0)),
    ("amount", FactInvalid, lambda s: s.paid("2024-04-05", True)),
    ("until", FactInvalid, lambda s: s.tell(kinds.InterestPaused, "2024-04-05", until=day("2024-04-05"))),
    ("due_on", FactInvalid, lambda s: s.tell(kinds.Accelerated, "2024-04-05", due_on=day("2024-04-04"))),
    ("rate_e8", FactInvalid, lambda s: s.tell(kinds.RateChanged, "2024-04-05", rate_e8=-1)),
    ("amount", FactImpossible, lambda s: s.disbursed("2024-04-05", 1)),
    (
        "of",
        FactReversedTwice,
        lambda s: (
            s.paid("2024-04-05", 1, id="p")
            .tell(kinds.PaymentReversed, "2024-04-06", of="p")
            .tell(kinds.PaymentReversed, "2024-04-07", of="p")
        ),
    ),
    (
        "terms",
        FactImpossible,
        lambda s: s.tell(
            kinds.PlanChanged, "2024-04-05", change=kinds.ChangeKind.RE_AGE, due_on=day("2024-05-05")
        ),
    ),
    (
        "terms",
        FactImpossible,
        lambda s: s.tell(kinds.PlanChanged, "2024-04-05", change=kinds.ChangeKind.RE_AGE, terms=plan()),
    ),
]


class TestARefusedFact:
    @pytest.mark.parametrize(("field", "refusal", "told"), REFUSED)
    def test_is_refused_by_the_name_of_its_field_and_changes_nothing(self, field, refusal, told):
        story = Story(loan(plan()))
        before = story.on("2024-05-01")
        known = list(story.facts)
        with pytest.raises(refusal) as refused:
            told(story).on("2024-05-01")
        assert refused.value.field == field
        story.facts = known
        assert story.on("2024-05-01") == before

    def test_may_be_a_further_part_beside_agreed_batches(self):
        with pytest.raises(FactImpossible):
            Story(loan(plan(**CUSTOM)), amount=5_000_000).disbursed("2024-03-06", 100).on("2024-11-01")

    def test_may_be_a_payout_before_any_rate_is_known(self):
        rates = RateTable((RateStep(day("2024-04-01"), 1),))
        with pytest.raises(RateTableInvalid):
            Story(loan(draws(rates=rates))).on("2024-05-01")

    def test_may_be_new_terms_for_draws_or_before_any_payout(self):
        change = {"change": kinds.ChangeKind.DEFERRAL, "terms": plan(start=day("2024-04-05"))}
        with pytest.raises(FactImpossible):
            Story(loan(draws())).tell(kinds.PlanChanged, "2024-04-05", **change).on("2024-04-05")
        early = {"change": kinds.ChangeKind.DEFERRAL, "terms": plan(start=day("2024-03-01"))}
        with pytest.raises(FactImpossible):
            Story(loan(plan())).tell(kinds.PlanChanged, "2024-03-01", **early).on("2024-04-05")


class TestTerms:
    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("early_fee", {"early_fee_e8": 10**8}),
            ("tolerance", {"tolerance_minor": -1}),
            ("chargeback_order", {"chargeback_order": ("fee",)}),
            ("rules", {"default_rules": PaymentRules(rules=())}),
            (
                "rules_by_kind",
                {"rules_by_kind": ((kinds.PaymentKind.EARLY, PaymentRules()),) * 2},
            ),
        ],
    )
    def test_out_of_bounds_are_refused(self, field, changes):
        with pytest.raises(ServicingTermsInvalid) as refused:
            loan(bullet(), **changes)
        assert refused.value.field == field

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("limit", {"limit_minor": 0}),
            ("term_days", {"term_days": 0}),
            ("day_base", {"day_base": 1}),
        ],
    )
    def test_of_draws_out_of_bounds_are_refused(self, field, changes):
        with pytest.raises(ServicingTermsInvalid) as refused:
            loan(draws(**changes))
        assert refused.value.field == field
