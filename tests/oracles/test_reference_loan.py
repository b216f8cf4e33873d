"""The reference loan itself, by figures that were worked out by hand: who checks the checker.

The same figures stand in the tests of the product; the reference gets them without a line of its code.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.reference.arithmetic import months_after
from tests.reference.facts import Fact, Refused
from tests.reference.loan import ReferenceLoan
from tests.reference.terms import PlanTerms, RevolvingTerms, Terms

FIFTY_THOUSAND = PlanTerms("equal_instalment", 6, Fraction(108, 1000), whole_steps=True)
BULLET = PlanTerms("bullet", 1, Fraction(144, 1000), whole_steps=False)


def day(text):
    return date.fromisoformat(text)


class Told:
    """A loan that is told fact by fact."""

    def __init__(self, contract, amount, paid_out, **terms):
        self.loan = ReferenceLoan(Terms(contract, amount, **terms), ())
        self.tell("disbursed", paid_out, amount=amount)

    def tell(self, what, on, **says):
        number = len(self.loan.facts) + 1
        self.loan = self.loan.with_fact(Fact(what, says.pop("name", f"f{number}"), day(on), number, says))
        return self

    def paid(self, on, amount, payment="instalment", instruction="none", **says):
        return self.tell("payment", on, amount=amount, payment=payment, instruction=instruction, **says)

    def on(self, text):
        return self.loan.on(day(text))


def two_rows_paid(**terms):
    loan = Told(FIFTY_THOUSAND, 5_000_000, "2024-03-05", **terms)
    return loan.paid("2024-04-05", 859_779).paid("2024-05-05", 859_779)


def row(position, name):
    return next(one for one in position.rows if one.name == name)


def test_equal_instalments_leave_the_rounding_to_the_last_row():
    rows = Told(FIFTY_THOUSAND, 5_000_000, "2024-03-05").on("2024-03-05").rows
    assert [one.due["interest"] for one in rows] == [45_000, 37_667, 30_268, 22_802, 15_270, 7_669]
    assert [sum(one.due.values()) for one in rows] == [859_779] * 5 + [859_781]


def test_equal_instalments_by_exact_days_have_a_level_of_their_own():
    contract = PlanTerms("equal_instalment", 3, Fraction(108, 1000), whole_steps=False)
    rows = Told(contract, 5_000_000, "2024-01-31").on("2024-01-31").rows
    assert [one.due["interest"] for one in rows] == [43_500, 31_126, 15_133]
    assert [sum(one.due.values()) for one in rows] == [1_696_586, 1_696_586, 1_696_587]


def test_equal_principal_is_charged_on_the_falling_balance():
    contract = PlanTerms("equal_principal", 3, Fraction(144, 1000), whole_steps=False)
    rows = Told(contract, 1_000_000, "2024-01-31").on("2024-01-31").rows
    assert [one.due["interest"] for one in rows] == [11_600, 8_267, 4_000]


def test_the_31st_is_never_chained_from_a_shorter_month():
    assert [months_after(day("2024-01-31"), k).day for k in (1, 2, 3)] == [29, 31, 30]


def test_a_payoff_costs_interest_to_the_day_and_the_fee():
    payoff = two_rows_paid(early_fee=Fraction(1, 100)).on("2024-05-16").payoff
    assert (payoff.principal_to_come, payoff.broken_interest, payoff.fee) == (3_363_109, 11_098, 33_631)
    assert payoff.total == 3_407_838


@pytest.mark.parametrize(
    ("wanted", "totals"),
    [
        ("shorten", [859_779, 859_779, 684_647]),
        ("reduce", [604_129, 604_129, 604_129, 604_130]),
    ],
)
def test_a_prepayment_plans_the_rest_as_wanted(wanted, totals):
    rows = two_rows_paid().paid("2024-05-05", 1_000_000, instruction=wanted).on("2024-05-05").rows
    assert [sum(one.due.values()) for one in rows if one.name.startswith("2/")] == totals


def test_penalty_and_compound_interest_of_twenty_five_days():
    # 8,000.00 of principal and 99.20 of interest for the 31 days of March, due on 5 April.
    late = Told(BULLET, 800_000, "2024-03-05").on("2024-04-30").rows[0]
    assert (late.due["penalty"], late.due["interest"], late.due["compound"]) == (12_000, 9_920, 149)


def test_a_late_payment_splits_all_later_ones_again():
    loan = Told(RevolvingTerms(365, Fraction(18, 100)), 10_000_000, "2024-02-01")
    loan.paid("2024-04-01", 900_000, name="april")
    assert loan.on("2024-04-01").outstanding == 9_400_000
    late = loan.paid("2024-03-02", 3_000_000, name="late").on("2024-04-01")
    assert {use.name: [share[2] for share in use.shares] for use in late.money} == {
        "late": [150_000, 2_850_000],
        "april": [107_250, 792_750],
    }
    assert late.outstanding == 6_357_250


def test_interest_of_a_draw_on_the_repaid_principal_only():
    contract = RevolvingTerms(365, Fraction(144, 1000), by_repaid_principal=True)
    loan = Told(contract, 4_000_000, "2024-03-01").paid("2024-03-13", 1_507_200)
    (use,) = loan.on("2024-04-02").money
    assert [(what, amount) for _, what, amount in use.shares] == [
        ("interest", 7_200),
        ("principal", 1_500_000),
    ]
    assert loan.on("2024-04-02").payoff_total == 2_500_000 + 32_000


def test_interest_is_no_income_after_long_arrears():
    loan = Told(BULLET, 800_000, "2024-03-05", non_accrual_after=24)
    before, after = loan.on("2024-04-29").books, loan.on("2024-04-30").books
    assert (before["interest_income"], before["memo_nonaccrual_interest"]) == (9_920, 0)
    assert (after["interest_income"], after["memo_nonaccrual_interest"]) == (0, 9_920 + 12_000 + 149)


def test_a_fact_that_speaks_of_nothing_is_refused():
    loan = Told(BULLET, 800_000, "2024-03-05").tell("payment_reversed", "2024-03-06", of="nobody")
    with pytest.raises(Refused, match="unknown"):
        loan.on("2024-03-06")
