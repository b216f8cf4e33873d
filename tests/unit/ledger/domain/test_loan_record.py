"""A recorded fact: every kind comes back from JSON text as the fact it was, with nothing lost."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_events import LoanEvent
from ledger.domain.loan_record import FactKind, NewPlan, RecordedFact, details_of, recorded
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.fact_order import FactInvalid
from ledger.domain.servicing.facts import ChangeKind, Instruction, OpenInterest, PaymentKind
from tests.unit.ledger.builders import LOAN, START, disbursed_loan, due_on, repay, rows
from tests.unit.ledger.domain.test_loan_chart import LATER, PLAN

DETAILS = {
    FactKind.DISBURSED: {"amount_minor": 5},
    FactKind.PAYMENT_RECEIVED: {
        "amount_minor": 5,
        "payment": PaymentKind.AUTO_DEBIT,
        "instruction": Instruction.REDUCE,
    },
    FactKind.PAYMENT_REVERSED: {"of": "x"},
    FactKind.DISBURSEMENT_REVERSED: {"of": "x"},
    FactKind.REFUNDED: {"amount_minor": 5},
    FactKind.CHARGEBACK: {"of": "x", "amount_minor": 5},
    FactKind.CHARGE_ADDED: {"due_on": LATER, "amount_minor": 5, "is_late_fee": True},
    FactKind.CHARGE_WAIVED: {"of": "x", "amount_minor": 5},
    FactKind.CHARGE_ADJUSTED: {"of": "x", "amount_minor": 5},
    FactKind.INTEREST_WAIVED: {"amount_minor": 5},
    FactKind.PENALTY_WAIVED: {"amount_minor": 5},
    FactKind.RATE_CHANGED: {"rate_e8": 0},
    FactKind.INTEREST_PAUSED: {"until": LATER},
    FactKind.PROMOTION_GRANTED: {"share_e8": 5, "until": LATER},
    FactKind.PROMOTION_ENDED: {"of": "x"},
    FactKind.PLAN_CHANGED: {
        "change": ChangeKind.DEFERRAL,
        "due_on": LATER,
        "takes_overdue": True,
        "interest": OpenInterest.FORGIVEN,
    },
    FactKind.CHANGE_UNDONE: {"of": "x"},
    FactKind.ACCELERATED: {"due_on": LATER},
    FactKind.CHARGE_OFF_UNDONE: {"of": "x"},
    FactKind.RECOVERED: {"amount_minor": 5},
    FactKind.SOLD: {"price_minor": 5, "buyer": "B-7"},
    FactKind.SALE_UNDONE: {"of": "x"},
}


def without(name, kind):
    return {other: value for other, value in DETAILS[kind].items() if other != name}


def round_trip(fact):
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(fact)), RecordedFact)


class TestARecordedFact:
    @pytest.mark.parametrize("kind", list(FactKind))
    def test_comes_back_from_text_as_the_fact_it_was(self, kind):
        details = DETAILS.get(kind, {})
        fact = recorded(kind, fact_id="f", value_date=START, **details)
        assert round_trip(fact) == fact
        read = round_trip(fact).as_fact(sequence=7)
        cls = getattr(kinds, "".join(word.capitalize() for word in kind.value.split("_")))
        assert read == cls(id="f", effective_date=START, sequence=7, **details)

    def test_leaves_out_what_is_as_usual(self):
        usual = recorded(
            FactKind.PAYMENT_RECEIVED,
            fact_id="f",
            value_date=START,
            amount_minor=5,
            payment=PaymentKind.INSTALMENT,
            instruction=Instruction.NONE,
        )
        assert usual.details == {"amount_minor": 5}
        assert recorded(FactKind.INTEREST_WAIVED, fact_id="w", value_date=START).amount_minor == 0

    def test_of_a_new_plan_takes_its_terms_along(self):
        fact = recorded(
            FactKind.PLAN_CHANGED, fact_id="f", value_date=START, plan=PLAN, change=ChangeKind.RESTRUCTURE
        )
        terms = round_trip(fact).as_fact(sequence=1).terms
        assert (terms.start, terms.count, terms.rates.contract_rate(START)) == (START, 4, Fraction(9, 100))

    def test_of_a_plan_that_cannot_be_made_is_a_fault(self):
        plan = NewPlan(
            repayment=RepaymentTerms(method=ContractMethod.REVOLVING_DAILY), annual_rate_e8=0, term=1
        )
        fact = recorded(
            FactKind.PLAN_CHANGED, fact_id="f", value_date=START, plan=plan, change=ChangeKind.RE_AGE
        )
        with pytest.raises(ValueError, match="revolving"):
            fact.as_fact(sequence=1)

    @pytest.mark.parametrize("kind", [kind for kind in FactKind if kind is not FactKind.PLAN_CHANGED])
    def test_has_a_new_plan_only_where_the_plan_changes(self, kind):
        with pytest.raises(FactInvalid) as refused:
            recorded(kind, fact_id="f", value_date=START, plan=PLAN, **DETAILS.get(kind, {}))
        assert refused.value.field == "plan"

    @pytest.mark.parametrize("kind", list(FactKind))
    @pytest.mark.parametrize("name", ["colour", "terms", "sequence"])
    def test_has_no_detail_that_its_kind_does_not_have(self, kind, name):
        with pytest.raises(FactInvalid) as refused:
            recorded(kind, fact_id="f", value_date=START, **DETAILS.get(kind, {}), **{name: 1})
        assert (refused.value.field, refused.value.details) == (name, {"kind": kind.value})

    @pytest.mark.parametrize(
        ("kind", "name"),
        [(kind, name) for kind in FactKind for name, is_needed in details_of(kind).items() if is_needed],
    )
    def test_has_every_detail_that_its_kind_needs(self, kind, name):
        for given in ({}, {name: None}):
            with pytest.raises(FactInvalid) as refused:
                recorded(kind, fact_id="f", value_date=START, **{**without(name, kind), **given})
            assert (refused.value.field, refused.value.details) == (name, {"kind": kind.value})

    @pytest.mark.parametrize(
        ("kind", "name", "known"),
        [
            (FactKind.PAYMENT_RECEIVED, "payment", PaymentKind),
            (FactKind.PAYMENT_RECEIVED, "instruction", Instruction),
            (FactKind.PLAN_CHANGED, "change", ChangeKind),
            (FactKind.PLAN_CHANGED, "interest", OpenInterest),
        ],
    )
    def test_has_only_words_that_are_known(self, kind, name, known):
        with pytest.raises(FactInvalid) as refused:
            recorded(kind, fact_id="f", value_date=START, **{**DETAILS[kind], name: "somehow"})
        assert refused.value.field == name
        assert refused.value.details == {"known": [word.value for word in known]}


class TestTheDetailsOfAKind:
    def test_are_told_with_whether_each_must_be_named(self):
        assert details_of(FactKind.CHARGE_ADDED) == {
            "due_on": True,
            "amount_minor": True,
            "is_late_fee": False,
        }

    def test_are_without_the_new_plan_of_a_change(self):
        assert details_of(FactKind.PLAN_CHANGED) == {
            "change": True,
            "due_on": False,
            "takes_overdue": False,
            "interest": False,
        }

    @pytest.mark.parametrize("kind", list(FactKind))
    def test_are_those_a_fact_is_recorded_with(self, kind):
        assert set(details_of(kind)) == set(DETAILS.get(kind, {}))


class TestARecordedRow:
    def test_owes_what_it_asks_for_until_it_is_paid(self):
        loan = disbursed_loan()
        assert rows(loan)[0].unpaid_minor == 859_779
        repay(loan, due_on(loan, 1), amount_minor=100_000)
        assert rows(loan)[0].unpaid_minor == 759_779


class TestALoanEvent:
    def test_says_what_it_changes(self):
        with pytest.raises(NotImplementedError):
            LoanEvent.change(None, LoanAccount.blank(LOAN).state)
