"""Loans on conventions of their own: worked tables by method, and what the conventions change.

The table is text that can be checked by hand: a heading with the conventions, then due date, principal, interest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import (
    AllocationTerms,
    EarlyTerms,
    PaymentSource,
    SourceRules,
    SurplusRule,
)
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_payments import PrepaymentNotOffered, RepaymentAmountInvalid
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Batch, GraceInterest
from ledger.domain.plans.replanning import Replan
from ledger.kernel.rates import parse_rate
from tests.unit.ledger.builders import ACCOUNT, ENTITY, INSTALMENTS, LINE, LOAN, repay, rows, topics

PLANS = """
equal_instalment 50000.00 0.108 2024-01-31 3
2024-02-29 16530.86 435.00
2024-03-31 16654.60 311.26
2024-04-30 16814.54 151.33

equal_principal 10000.00 0.144 2024-01-31 3
2024-02-29 3333.33 116.00
2024-03-31 3333.33 82.67
2024-04-30 3333.34 40.00

interest_only 100000.00 0.09 2024-02-29 3
2024-03-29 0.00 725.00
2024-04-29 0.00 775.00
2024-05-29 100000.00 750.00

bullet 30000.00 0.15 2023-12-15 3
2024-03-15 30000.00 1137.50

flat 24000.00 0.12 2024-01-15 3
2024-02-15 7994.67 248.00
2024-03-15 8010.67 232.00
2024-04-15 7994.66 248.00

custom 25000.00 0.12 2024-04-05 2
2024-04-20 10000.00 125.00
2024-06-30 15000.00 355.00
"""
PLAIN_EARLY = EarlyTerms(modes=(Replan.REDUCE_INSTALMENT,))


def minor(text):
    return int(text.replace(".", ""))


def conventions(
    method="equal_principal", *, batches=(), arrears=None, allocation=None, early=PLAIN_EARLY, **repayment
):
    return LoanConventions(
        repayment=RepaymentTerms(method=ContractMethod(method), **repayment),
        arrears=arrears or ArrearsTerms(),
        allocation=allocation or AllocationTerms(),
        early=early,
        batches=batches,
    )


def lent(agreed, *, principal_minor=1_200_000, start=date(2024, 3, 5), term=3, **terms):
    """Return a loan paid out on ``start``, with no pending events."""
    loan = LoanAccount.blank(LOAN)
    core = replace(
        INSTALMENTS,
        method=agreed.repayment.method.value,
        term=term,
        annual_rate_e8=14_400_000,
        prepayment_mode="reduce_instalment",
    )
    core = replace(core, grace_days=agreed.arrears.grace_days)
    loan.request(
        effective_date=start,
        entity_id=ENTITY,
        line_id=LINE,
        account_id=ACCOUNT,
        principal_minor=principal_minor,
        terms=replace(core, **({"penalty_rate_e8": 21_600_000} | terms)),
        conventions=agreed,
    )
    loan.disburse(effective_date=start, bank_reference="bank-1")
    loan.collect_events()
    return loan


def planned(loan):
    return [(row.due_on, row.asked.principal_minor, row.asked.interest_minor) for row in rows(loan)]


class TestThePlan:
    @pytest.mark.parametrize("text", PLANS.strip().split("\n\n"), ids=lambda text: text.split()[0])
    def test_is_the_worked_table_of_its_method(self, text):
        heading, *lines = text.splitlines()
        method, principal, rate, start, term = heading.split()
        planned_rows = [
            (date.fromisoformat(on), minor(repaid), minor(interest))
            for on, repaid, interest in map(str.split, lines)
        ]
        batches = tuple(Batch(on, repaid) for on, repaid, _ in planned_rows) if method == "custom" else ()
        loan = lent(
            conventions(method, batches=batches),
            principal_minor=minor(principal),
            start=date.fromisoformat(start),
            term=int(term),
            annual_rate_e8=parse_rate(rate),
        )
        assert planned(loan) == planned_rows

    def test_of_batches_takes_those_whose_date_went_by_on_the_day_after_a_late_payout(self):
        agreed = tuple(Batch(date(2024, 3, day), 400_000) for day in (10, 20, 30))
        loan = lent(conventions("custom", batches=agreed), start=date(2024, 3, 5))
        assert [row[0].day for row in planned(loan)] == [10, 20, 30]
        late = conventions("custom", batches=agreed).batches_after(date(2024, 3, 22))
        assert late == (Batch(date(2024, 3, 23), 800_000), Batch(date(2024, 3, 30), 400_000))

    def test_with_a_down_payment_has_a_row_due_on_the_first_day(self):
        loan = lent(conventions(down_payment_share_e8=25_000_000))
        assert planned(loan)[0] == (date(2024, 3, 5), 300_000, 0)
        assert loan.due_amount(date(2024, 3, 5)) == 300_000


class TestAGracePeriod:
    AGREED = conventions("equal_instalment", grace_principal_rows=2, grace_interest_rows=1)

    def test_puts_interest_off_to_the_row_after_it(self):
        """12,000.00 at 14.4%: 31 days are 148.80, 30 days 144.00."""
        loan = lent(self.AGREED, term=4)
        assert [row[1:] for row in planned(loan)[:2]] == [(0, 0), (0, 14_880 + 14_400)]

    def test_is_paid_for_by_its_days_when_the_loan_ends_early(self):
        """45 days of 12,000.00 at 14.4% over 360, whether they lie in one row or two."""
        quote = lent(self.AGREED, term=4).payoff_quote(date(2024, 3, 5) + timedelta(days=45))
        assert (quote.broken_interest_minor, quote.due.total_minor) == (21_600, 0)

    def test_costs_nothing_where_its_interest_is_forgiven(self):
        forgiven = conventions(grace_interest_rows=2, grace_interest=GraceInterest.FORGIVEN)
        quote = lent(forgiven, term=4).payoff_quote(date(2024, 3, 15))
        assert (quote.broken_interest_minor, quote.total_minor) == (0, 1_200_000)

    def test_leaves_no_plan_after_a_partial_prepayment(self):
        loan = lent(self.AGREED, term=4)
        with pytest.raises(PrepaymentNotOffered):
            repay(loan, date(2024, 3, 20), kind="prepayment", amount_minor=600_000)
        assert topics(loan) == []


class TestArrears:
    DUE = date(2024, 4, 5)

    def penalty(self, agreed, on):
        """Return what has been charged and posted by a day."""
        loan = lent(agreed)
        loan.catch_up(effective_date=on)
        assert (
            loan.state.books.penalty_receivable == loan.owed(on).penalty_minor + loan.owed(on).compound_minor
        )
        return loan.owed(on).penalty_minor

    def test_of_a_due_date_on_a_holiday_begin_after_the_next_business_day(self):
        """5 April 2024 is the second day of a holiday that ends on the 6th; Sunday the 7th is worked."""
        agreed = conventions(calendar="CN", arrears=ArrearsTerms(grace_days=0))
        assert self.penalty(agreed, date(2024, 4, 7)) == 0
        assert self.penalty(agreed, date(2024, 4, 8)) > 0
        assert self.penalty(conventions(arrears=ArrearsTerms(grace_days=0)), date(2024, 4, 6)) > 0

    def test_count_from_the_due_date_or_from_the_end_of_the_grace(self):
        """4,000.00 at 21.6% over 360 days is 2.40 a day; the fourth day costs 9.60, or 2.40."""
        on = self.DUE + timedelta(days=4)
        assert self.penalty(conventions(), on) == 960
        plain = conventions(arrears=ArrearsTerms(grace_mode=GraceMode.PLAIN))
        assert self.penalty(plain, on) == 240

    def test_do_not_begin_below_the_tolerance(self):
        loan = lent(conventions(arrears=ArrearsTerms(dpd_tolerance_minor=100)))
        repay(loan, self.DUE, amount_minor=414_880 - 100)
        assert loan.days_past_due(date(2024, 5, 1)) == 0
        assert loan.due_amount(date(2024, 5, 1)) == 100
        assert loan.overdue_amount(date(2024, 5, 1)) == 0

    def test_bear_compound_interest_at_the_contract_rate_until_the_maturity(self):
        """148.80 unpaid for 61 days at 14.4%, then 10 days at 21.6%, over 360."""
        until = conventions(arrears=ArrearsTerms(compound=CompoundMode.CONTRACT_UNTIL_MATURITY))
        loan = lent(until)
        matured = date(2024, 6, 5)
        assert loan.position(matured).rows[0].unpaid.compound_minor == round(14_880 * 0.144 * 61 / 360)
        later = matured + timedelta(days=10)
        expected = 14_880 * (0.144 * 61 + 0.216 * 10) / 360
        assert loan.position(later).rows[0].unpaid.compound_minor == round(expected)
        loan.catch_up(effective_date=self.DUE + timedelta(days=5))
        # The day closes change to the other rate by themselves.
        stretches = [one for one in loan.state.accruals if one.key == "compound:1/1"]
        assert [one.started_on for one in stretches] == [self.DUE + timedelta(days=5), matured]
        loan.collect_events()
        loan.catch_up(effective_date=self.DUE + timedelta(days=20))
        assert topics(loan) == []


class TestTheUseOfPayments:
    ORDER = tuple(
        f"{timing}.{bucket}"
        for timing in ("past_due", "due")
        for bucket in ("principal", "interest", "penalty", "compound", "fee")
    )

    def test_follows_the_rules_of_whoever_pays(self):
        rules = (SourceRules(source=PaymentSource.AUTO_DEBIT, rules=self.ORDER),)
        agreed = conventions(allocation=AllocationTerms(by_source=rules))
        on = date(2024, 4, 5)
        (by_debit,) = repay(lent(agreed), on, amount_minor=100_000, reason="auto_debit").parts
        (by_hand,) = repay(lent(agreed), on, amount_minor=100_000).parts
        assert (by_debit.interest_minor, by_debit.principal_minor) == (0, 100_000)
        assert (by_hand.interest_minor, by_hand.principal_minor) == (14_880, 85_120)

    def test_leaves_a_surplus_or_prepays_with_it_as_agreed(self):
        on, amount = date(2024, 4, 5), 500_000
        stays = repay(lent(conventions()), on, amount_minor=amount)
        assert (stays.kind, stays.left_over_minor) == ("instalment", amount - 414_880)
        loan = lent(conventions(allocation=AllocationTerms(surplus=SurplusRule.PREPAYS)))
        prepays = repay(loan, on, amount_minor=amount)
        assert (prepays.kind, prepays.applied_minor, prepays.left_over_minor) == ("prepayment", amount, 0)
        assert loan.state.standing.schedule_version == 2

    def test_leaves_a_surplus_that_no_plan_has_a_use_for(self):
        """Nothing is left over; no plan follows a prepayment; grace rows run; or interest takes all of it."""
        prepays, on = AllocationTerms(surplus=SurplusRule.PREPAYS), date(2024, 4, 5)
        exact = repay(lent(conventions(allocation=prepays)), on, amount_minor=414_880)
        assert (exact.kind, exact.left_over_minor) == ("instalment", 0)
        none = conventions(allocation=prepays, early=EarlyTerms(modes=()))
        assert repay(lent(none), on, amount_minor=414_980).left_over_minor == 100
        grace = conventions(allocation=prepays, grace_principal_rows=2)
        assert repay(lent(grace), on, amount_minor=14_980).left_over_minor == 100
        draw = lent(conventions("revolving_daily", allocation=prepays), term=30)
        left = repay(draw, date(2024, 3, 20), amount_minor=1_300_000).left_over_minor
        assert left == 1_300_000 - 1_200_000 - 7_200
        late = date(2024, 4, 15)
        owed = lent(conventions(allocation=prepays)).due_amount(late)
        assert (
            repay(lent(conventions(allocation=prepays)), late, amount_minor=owed + 100).left_over_minor == 100
        )

    def test_plans_little_that_is_left_in_units_instead_of_whole_multiples(self):
        """3.00 over two rows is no multiple of 100.00, and less than half of one."""
        loan = lent(conventions("equal_instalment", multiple_minor=10_000))
        on = date(2024, 4, 5)
        repay(loan, on, kind="prepayment", amount_minor=loan.payoff_quote(on).total_minor - 300)
        assert sum(row.asked.principal_minor for row in rows(loan)) == 300
        assert [row.asked.total_minor for row in rows(loan)] == [153, 153]

    def test_asks_a_prepayment_for_its_amount(self):
        loan = lent(conventions())
        with pytest.raises(RepaymentAmountInvalid):
            repay(loan, date(2024, 3, 20), kind="prepayment")
        assert topics(loan) == []

    def test_takes_least_interest_days_of_a_bullet_that_ends_at_once(self):
        """Five days of 12,000.00 at 14.4% over 360 are 24.00."""
        loan = lent(conventions("bullet", min_interest_days=5, early=EarlyTerms(modes=())))
        assert repay(loan, date(2024, 3, 5), kind="payoff").applied_minor == 1_202_400
