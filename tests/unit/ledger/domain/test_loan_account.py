"""Lives of single loans with worked amounts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.loan_account import EffectiveDateTooEarly, LoanAccount, LoanTermInvalid
from ledger.domain.loan_payments import (
    NothingDue,
    PayoffAmountDiffers,
    PrepaymentModeUnknown,
    PrepaymentTooSmall,
    RepaymentAmountInvalid,
    RepaymentKindUnknown,
)
from ledger.domain.loan_rules import DisbursementNotInFull, PrincipalNotPositive
from ledger.domain.loan_state import LoanStatus
from tests.unit.ledger.builders import (
    LOAN,
    START,
    disbursed_loan,
    due_on,
    payments,
    repay,
    requested_loan,
    revolving_loan,
    rows,
    topics,
)

MATURITY = START + timedelta(days=30)
STANDARD = tuple(
    f"{timing}.{bucket}"
    for timing in ("past_due", "due", "in_advance")
    for bucket in ("fee", "penalty", "compound", "interest", "principal")
)


def after(days):
    return START + timedelta(days=days)


def past_maturity(days):
    return MATURITY + timedelta(days=days)


def pay_rows(loan, count):
    """Pay the first rows on their due dates and return the last of those dates."""
    for row in rows(loan)[:count]:
        repay(loan, row.due_on)
    loan.collect_events()
    return loan.state.as_of


def round_half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


class TestRequest:
    @pytest.mark.parametrize("principal_minor", [0, -1, 1.0, True])
    def test_needs_a_positive_principal(self, principal_minor):
        with pytest.raises(PrincipalNotPositive):
            requested_loan(principal_minor=principal_minor)

    def test_needs_a_term(self):
        with pytest.raises(LoanTermInvalid):
            requested_loan(term=0)


class TestDisburse:
    def test_books_the_whole_schedule_with_its_accruals(self):
        loan = requested_loan()
        loan.collect_events()
        loan.disburse(effective_date=START, bank_reference="bank-1", paid_minor=5_000_000)
        (event,) = loan.collect_events()
        assert sum(row.asked.principal_minor for row in event.rows) == event.fact.amount_minor == 5_000_000
        assert [accrual.key for accrual in event.accruals] == [f"interest:{row.name}" for row in event.rows]
        for accrual, row in zip(event.accruals, event.rows, strict=True):
            assert accrual.earned(row.due_on) == row.asked.interest_minor
        assert event.standing.matures_on == event.rows[-1].due_on == date(2024, 9, 5)

    @pytest.mark.parametrize("paid_minor", [4_950_000, 5_000_001, 0])
    def test_refuses_a_payout_net_of_anything(self, paid_minor):
        loan = requested_loan()
        with pytest.raises(DisbursementNotInFull):
            loan.disburse(effective_date=START, bank_reference="bank-1", paid_minor=paid_minor)
        assert loan.state.status is LoanStatus.REQUESTED

    def test_leaves_every_event_naming_its_parties(self):
        loan = disbursed_loan()
        repay(loan, START, kind="payoff")
        for event in loan.collect_events():
            assert (event.originator_id, event.currency) == (LOAN, "CNY")
            assert None not in (event.entity_id, event.line_id, event.account_id)


class TestCatchUp:
    def test_records_each_step_of_an_unpaid_instalment_once(self):
        loan, found = revolving_loan(), {}
        for days in range(100):
            loan.catch_up(effective_date=past_maturity(days))
            found[days] = topics(loan)
        # Overdue, the first day after the grace days, and the day from which interest is no longer income.
        assert [days for days, names in found.items() if names] == [1, 4, 91]
        assert {name for names in found.values() for name in names} == {"loan.aged"}

    def test_wakes_on_each_day_on_which_something_happens_by_itself(self):
        loan, woken = revolving_loan(), []
        while (wakes_on := loan.state.standing.wakes_on) is not None:
            loan.catch_up(effective_date=wakes_on)
            woken.append((wakes_on - MATURITY).days)
        assert woken == [1, 4, 91, 271, 361]
        assert [loan.state.standing.category, loan.state.status] == ["loss", LoanStatus.OVERDUE]

    def test_posts_the_penalty_back_to_the_due_date(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=past_maturity(4))
        (aged,) = loan.collect_events()
        moved = {one.component: one.amount_minor for one in aged.adjustments}
        # 8,000.00 x 21.6% x 4 / 360 = 19.20; 96.00 x 21.6% x 4 / 360 = 0.2304.
        assert moved == {"penalty_receivable": 1_920 + 23, "penalty_income": 1_920 + 23}
        assert aged.became_overdue == ("payout",)

    def test_moves_interest_off_the_income_after_90_days(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=past_maturity(91))
        books = loan.state.books
        # 96.00 of interest, 8,000.00 and 96.00 at 21.6% for 91 days of 360.
        assert books.memo_nonaccrual_interest == 9_600 + 43_680 + 524
        assert (books.interest_income, books.penalty_income, books.interest_receivable) == (0, 0, 0)
        assert loan.state.standing.non_accrual_since == past_maturity(91)
        assert {accrual.kind for accrual in loan.state.accruals} == {"memo_penalty", "memo_compound"}

    def test_owes_the_worked_penalty_after_25_days(self):
        owed = revolving_loan().owed(past_maturity(25))
        assert (owed.penalty_minor, owed.compound_minor, owed.interest_minor) == (12_000, 144, 9_600)

    def test_owes_the_same_however_often_it_is_called(self):
        daily, once = revolving_loan(), revolving_loan()
        for days in range(26):
            daily.catch_up(effective_date=past_maturity(days))
        once.catch_up(effective_date=past_maturity(25))
        assert daily.owed(past_maturity(25)) == once.owed(past_maturity(25))

    def test_charges_no_penalty_within_grace(self):
        loan = revolving_loan()
        result = repay(loan, past_maturity(3))
        assert (result.applied_minor, result.is_settled) == (809_600, True)
        assert topics(loan) == ["loan.aged", "loan.payment_received"]
        assert loan.state.status is LoanStatus.SETTLED

    def test_charges_no_penalty_on_what_was_paid_within_grace(self):
        loan = revolving_loan()
        repay(loan, past_maturity(2), amount_minor=409_600)  # interest and half of the principal
        assert loan.owed(past_maturity(25)).penalty_minor == 6_000

    def test_slows_the_penalty_when_part_of_the_principal_is_paid(self):
        loan = revolving_loan()
        owed = loan.owed(past_maturity(10))
        charges = owed.penalty_minor + owed.compound_minor + owed.interest_minor
        repay(loan, past_maturity(10), amount_minor=charges + 400_000)
        # Ten days on 8,000.00 (48.00, paid), then five days on 4,000.00 (12.00).
        assert loan.owed(past_maturity(15)).penalty_minor == 1_200
        assert loan.owed(past_maturity(15)).compound_minor == 0


class TestDaysPastDue:
    def test_counts_from_the_oldest_unpaid_due_date(self):
        loan = disbursed_loan()
        first, second = due_on(loan, 1), due_on(loan, 2)
        assert loan.days_past_due(first) == 0
        assert loan.days_past_due(first + timedelta(days=1)) == 1
        on = second + timedelta(days=10)
        assert loan.days_past_due(on) == (on - first).days
        repay(loan, on, amount_minor=loan.position(on).rows[0].unpaid.total_minor)
        assert loan.days_past_due(on) == 10

    def test_is_nothing_for_a_loan_that_never_was(self):
        assert requested_loan().days_past_due(START) == 0


class TestRepayInstalment:
    def test_takes_what_is_due_and_never_more(self):
        loan = disbursed_loan()
        result = repay(loan, due_on(loan, 1), amount_minor=1_000_000)
        assert (result.applied_minor, result.left_over_minor) == (859_779, 140_221)
        assert loan.state.standing.outstanding_minor == 4_185_221
        assert topics(loan) == ["loan.payment_received"]

    def test_cures_the_loan_when_nothing_is_overdue_any_more(self):
        loan = disbursed_loan()
        late = due_on(loan, 1) + timedelta(days=10)
        half = loan.overdue_amount(late) // 2
        repay(loan, late, amount_minor=half)
        assert topics(loan) == ["loan.aged", "loan.payment_received"]
        assert loan.state.status is LoanStatus.OVERDUE
        repay(loan, late)
        assert topics(loan) == ["loan.payment_received"]
        assert loan.state.status is LoanStatus.ACTIVE
        assert loan.overdue_amount(late) == loan.due_amount(late) == 0

    def test_settles_the_loan_with_its_last_instalment(self):
        loan = disbursed_loan()
        pay_rows(loan, 5)
        result = repay(loan, due_on(loan, 6))
        assert (result.applied_minor, result.is_settled) == (859_781, True)
        assert loan.state.accruals == ()

    def test_refuses_before_anything_is_due(self):
        loan = disbursed_loan()
        with pytest.raises(NothingDue):
            repay(loan, after(5), amount_minor=100)

    @pytest.mark.parametrize(
        ("days", "order", "principal_minor"),
        [
            (90, STANDARD, 0),
            (
                91,
                ("past_due.principal", *(rule for rule in STANDARD if rule != "past_due.principal")),
                30_000,
            ),
        ],
    )
    def test_turns_to_principal_first_after_90_days(self, days, order, principal_minor):
        loan = revolving_loan()
        repay(loan, past_maturity(days), amount_minor=30_000)
        (used,) = payments(loan).values()
        assert (used.order, used.days_past_due) == (order, days)
        assert used.shares[0].given.principal_minor == principal_minor
        assert rows(loan)[0].settled_on is None

    def test_keeps_an_instalment_open_while_its_interest_is_unpaid(self):
        loan = revolving_loan()
        repay(loan, past_maturity(91), amount_minor=800_000)
        assert (loan.state.standing.outstanding_minor, rows(loan)[0].settled_on) == (0, None)
        repay(loan, past_maturity(91))
        assert rows(loan)[0].settled_on == past_maturity(91)


class TestRepayRevolving:
    def test_pays_interest_so_far_then_principal_on_any_day(self):
        # 40,000.00 at 14.4% / 360: 15,000.00 after 12 days, payoff 20 days later.
        loan = revolving_loan(principal_minor=4_000_000, term=60)
        (part,) = repay(loan, after(12), amount_minor=1_500_000).parts
        assert (part.interest_minor, part.principal_minor) == (19_200, 1_480_800)
        assert loan.state.standing.outstanding_minor == 2_519_200
        result = repay(loan, after(32), kind="payoff")
        assert (result.parts[0].interest_minor, result.applied_minor) == (20_154, 2_539_354)
        assert result.is_settled

    def test_costs_nothing_when_repaid_on_the_same_day(self):
        assert repay(revolving_loan(), START, kind="payoff").applied_minor == 800_000

    def test_needs_an_amount_before_maturity(self):
        with pytest.raises(NothingDue):
            repay(revolving_loan(), after(12))

    def test_returns_the_surplus(self):
        result = repay(revolving_loan(), after(15), amount_minor=1_000_000)
        assert (result.applied_minor, result.left_over_minor) == (804_800, 195_200)
        assert result.is_settled

    def test_may_be_paid_early_in_part_by_a_prepayment(self):
        loan = revolving_loan()
        repay(loan, after(15), kind="prepayment", amount_minor=304_800)
        assert loan.state.standing.outstanding_minor == 500_000
        assert topics(loan) == ["loan.payment_received"]

    def test_stops_the_contract_rate_at_maturity(self):
        assert revolving_loan().owed(past_maturity(3)).interest_minor == 9_600


class TestPayoff:
    def test_matches_the_worked_quote(self):
        # Two rows paid, 11 days later, 1% of what is outstanding as early fee.
        loan = disbursed_loan(early_fee_e8=1_000_000)
        on = pay_rows(loan, 2) + timedelta(days=11)
        quote = loan.payoff_quote(on)
        assert (quote.principal_to_come_minor, quote.broken_interest_minor) == (3_363_109, 11_098)
        assert (quote.early_fee_minor, quote.total_minor, quote.valid_on) == (33_631, 3_407_838, on)

    def test_takes_exactly_the_quote_of_the_day(self):
        loan = disbursed_loan(early_fee_e8=1_000_000)
        on = pay_rows(loan, 2) + timedelta(days=11)
        quote = loan.payoff_quote(on)
        with pytest.raises(PayoffAmountDiffers) as refused:
            repay(loan, on + timedelta(days=1), kind="payoff", amount_minor=quote.total_minor)
        assert refused.value.details["quote_minor"] > quote.total_minor
        result = repay(loan, on, kind="payoff", amount_minor=quote.total_minor)
        assert (result.applied_minor, result.fee_minor, result.is_settled) == (3_407_838, 33_631, True)
        (paid,) = loan.collect_events()
        # The books showed 302.68 x 11 / 31 so far; the payment carries the difference.
        moved = {one.component: one.amount_minor for one in paid.adjustments}
        assert moved["interest_income"] == 11_098 - 30_268 * 11 // 31

    def test_includes_everything_overdue(self):
        loan = disbursed_loan()
        late = due_on(loan, 1) + timedelta(days=10)
        quote = loan.payoff_quote(late)
        assert quote.due.total_minor == loan.due_amount(late) > 859_779
        assert repay(loan, late, kind="payoff").applied_minor == quote.total_minor
        assert loan.state.status is LoanStatus.SETTLED


class TestPrepayment:
    @pytest.mark.parametrize(
        ("mode", "totals"),
        [
            (None, [859_779, 859_779, 684_647]),
            ("reduce_instalment", [604_129, 604_129, 604_129, 604_130]),
        ],
    )
    def test_reschedules_the_rows_to_come(self, mode, totals):
        loan = disbursed_loan()
        on = pay_rows(loan, 2)
        repay(loan, on, kind="prepayment", amount_minor=1_000_000, mode=mode)
        (paid,) = loan.collect_events()
        (used,) = paid.payments
        # The early part is a row of its own, due on the day; the rows to come are planned again.
        assert [(share.number, share.given.principal_minor) for share in used.shares] == [(3, 1_000_000)]
        assert [row.asked.total_minor for row in rows(loan)] == totals
        assert [row.number for row in rows(loan)] == list(range(3, 3 + len(totals)))
        assert set(paid.rows_gone) == {"1/3", "1/4", "1/5", "1/6"}
        assert (paid.standing.schedule_version, used.did) == (2, mode or "shorten_term")

    def test_clears_what_is_due_and_interest_so_far_first(self):
        loan = disbursed_loan()
        on = due_on(loan, 1) + timedelta(days=11)
        overdue = loan.due_amount(on)
        # 41,852.21 x 10.8% x 11 / 360 = 138.11 for the running period.
        repay(loan, on, kind="prepayment", amount_minor=overdue + 13_811 + 1_000_000)
        assert loan.state.standing.outstanding_minor == 4_185_221 - 1_000_000
        assert topics(loan) == ["loan.aged", "loan.payment_received"]
        assert loan.state.status is LoanStatus.ACTIVE

    def test_may_be_repeated_within_one_period(self):
        loan = disbursed_loan()
        repay(loan, after(10), kind="prepayment", amount_minor=500_000)
        repay(loan, after(20), kind="prepayment", amount_minor=500_000)
        assert loan.state.standing.schedule_version == 3
        row = rows(loan)[0]
        # 20 of 31 days have gone: what is left bears 10.8% for 11 days of 360.
        assert (row.starts_on, row.opening_minor) == (after(20), loan.state.standing.outstanding_minor)
        assert row.asked.interest_minor == round_half_up(row.opening_minor * 108 * 11, 1000 * 360)
        assert loan.payoff_quote(after(20)).broken_interest_minor == 0

    def test_that_reaches_the_payoff_is_a_payoff(self):
        loan = disbursed_loan()
        result = repay(loan, START, kind="prepayment", amount_minor=5_000_100)
        assert (result.kind, result.left_over_minor, result.is_settled) == ("payoff", 100, True)

    def test_takes_the_early_fee_out_of_the_amount(self):
        loan = disbursed_loan(early_fee_e8=1_000_000)
        result = repay(loan, START, kind="prepayment", amount_minor=1_010_000)
        assert (result.fee_minor, result.applied_minor) == (10_000, 1_010_000)
        assert loan.state.standing.outstanding_minor == 4_000_000

    def test_refuses_an_amount_that_reaches_no_principal(self):
        loan = disbursed_loan()
        late = due_on(loan, 1)
        with pytest.raises(PrepaymentTooSmall):
            repay(loan, late, kind="prepayment", amount_minor=859_779)


class TestRepayRefusals:
    @pytest.mark.parametrize(
        ("arguments", "refusal"),
        [
            ({"kind": "gift", "amount_minor": 1}, RepaymentKindUnknown),
            ({"kind": "prepayment"}, RepaymentAmountInvalid),
            ({"kind": "instalment", "amount_minor": 0}, RepaymentAmountInvalid),
            ({"kind": "instalment", "amount_minor": -5}, RepaymentAmountInvalid),
            ({"kind": "payoff", "amount_minor": 10.0}, RepaymentAmountInvalid),
            ({"kind": "payoff", "amount_minor": True}, RepaymentAmountInvalid),
            ({"kind": "payoff", "amount_minor": 1}, PayoffAmountDiffers),
            ({"kind": "prepayment", "amount_minor": 9, "mode": "skip"}, PrepaymentModeUnknown),
        ],
    )
    def test_change_nothing_even_when_arrears_were_new(self, arguments, refusal):
        loan = disbursed_loan()
        late = due_on(loan, 1) + timedelta(days=9)
        before = loan.copy().state
        with pytest.raises(refusal) as refused:
            repay(loan, late, **arguments)
        assert refused.value.code.startswith("LEDGER_")
        assert refused.value.field
        assert (loan.state, list(loan.pending_events)) == (before, [])

    def test_hold_for_a_date_before_the_latest_fact(self):
        loan = disbursed_loan()
        pay_rows(loan, 1)
        with pytest.raises(EffectiveDateTooEarly):
            repay(loan, after(1), kind="payoff")
        with pytest.raises(EffectiveDateTooEarly):
            loan.owed(after(1))


class TestQuestions:
    def test_about_its_terms_have_no_answer_before_it_is_requested(self):
        with pytest.raises(LookupError):
            _ = LoanAccount.blank(LOAN).state.contract

    def test_about_a_later_date_leave_the_loan_as_it_is(self):
        loan = revolving_loan()
        before = loan.copy().state
        loan.payoff_quote(past_maturity(40))
        loan.days_past_due(past_maturity(40))
        assert (loan.state, list(loan.pending_events)) == (before, [])

    def test_preview_what_the_day_will_bring(self):
        loan = revolving_loan()
        on = past_maturity(40)
        quote = loan.payoff_quote(on)
        loan.catch_up(effective_date=past_maturity(20))
        assert loan.payoff_quote(on) == quote
