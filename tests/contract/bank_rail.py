"""What every bank rail must keep, whatever bank is behind it.

Method: the promises of the port, stated once against ``rail()``; each adapter's test class inherits
them. The account tokens are those of the sandbox, so an adapter under test plays the same behaviours.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from lending.gateways.bank_rail import BankTimeout, PayoutOutcome, PayoutReferenceReused, PayoutState


class BankRailContract:
    threads = 8

    def rail(self):
        raise NotImplementedError

    def send(self, rail, *, reference="loan-1", amount_minor=500_000, currency="CNY", token="acct-ok"):
        return rail.send(
            reference=reference, amount_minor=amount_minor, currency=currency, account_token=token
        )

    def test_pays_and_says_so(self):
        rail = self.rail()
        answer = self.send(rail)
        assert (answer.reference, answer.outcome, answer.notifications) == ("loan-1", PayoutOutcome.PAID, ())
        status = rail.status(reference="loan-1")
        assert (status.state, status.bank_reference) == (PayoutState.PAID, answer.bank_reference)

    def test_pays_a_reference_once_however_often_it_is_sent(self):
        rail = self.rail()
        assert self.send(rail) == self.send(rail) == self.send(rail)

    @pytest.mark.parametrize(
        "changes", [{"amount_minor": 500_001}, {"currency": "BRL"}, {"token": "acct-other"}]
    )
    def test_refuses_the_same_reference_with_other_content(self, changes):
        rail = self.rail()
        answer = self.send(rail)
        with pytest.raises(PayoutReferenceReused):
            self.send(rail, **changes)
        assert rail.status(reference="loan-1").bank_reference == answer.bank_reference

    def test_refuses_a_payout_with_its_reason_and_stays_with_it(self):
        rail = self.rail()
        answer = self.send(rail, token="acct-fail")
        assert answer.outcome is PayoutOutcome.FAILED
        assert answer.reason
        assert self.send(rail, token="acct-fail") == answer
        status = rail.status(reference="loan-1")
        assert (status.state, status.reason) == (PayoutState.FAILED, answer.reason)

    def test_has_not_paid_after_a_timeout_before_execution_and_pays_when_sent_again(self):
        rail = self.rail()
        with pytest.raises(BankTimeout):
            self.send(rail, token="acct-timeout-before")
        assert rail.status(reference="loan-1").state is PayoutState.UNKNOWN
        assert self.send(rail, token="acct-timeout-before").outcome is PayoutOutcome.PAID

    def test_has_paid_after_a_timeout_after_execution_and_pays_no_second_time(self):
        rail = self.rail()
        with pytest.raises(BankTimeout):
            self.send(rail, token="acct-timeout-after")
        status = rail.status(reference="loan-1")
        assert status.state is PayoutState.PAID
        assert self.send(rail, token="acct-timeout-after").bank_reference == status.bank_reference

    def test_never_pays_through_an_unreachable_bank(self):
        rail = self.rail()
        for _ in range(3):
            with pytest.raises(BankTimeout):
                self.send(rail, token="acct-unreachable")
        assert rail.status(reference="loan-1").state is PayoutState.UNKNOWN

    def test_notifies_two_times_of_one_payment(self):
        answer = self.send(self.rail(), token="acct-twice")
        first, second = answer.notifications
        assert first == second
        assert (first.outcome, first.bank_reference) == (PayoutOutcome.PAID, answer.bank_reference)

    @pytest.mark.parametrize(
        ("token", "outcome", "state"),
        [
            ("acct-slow", PayoutOutcome.PAID, PayoutState.PAID),
            ("acct-slow-fail", PayoutOutcome.FAILED, PayoutState.FAILED),
        ],
    )
    def test_accepts_first_and_decides_by_notification(self, token, outcome, state):
        rail = self.rail()
        answer = self.send(rail, token=token)
        assert answer.outcome is PayoutOutcome.ACCEPTED
        assert [notification.outcome for notification in answer.notifications] == [outcome]
        assert rail.status(reference="loan-1").state is state

    def test_does_not_know_a_reference_it_never_saw(self):
        status = self.rail().status(reference="loan-2")
        assert (status.state, status.bank_reference) == (PayoutState.UNKNOWN, "")

    def test_keeps_references_apart(self):
        rail = self.rail()
        answers = {self.send(rail, reference=f"loan-{number}").bank_reference for number in range(20)}
        assert len(answers) == 20

    def test_gives_one_answer_to_many_senders_at_once(self):
        rail = self.rail()
        with ThreadPoolExecutor(self.threads) as pool:
            answers = set(pool.map(lambda _: self.send(rail), range(self.threads * 4)))
        assert len(answers) == 1

    @pytest.mark.parametrize("amount", [0, -1, True, 1.0])
    def test_is_never_asked_for_what_is_no_amount(self, amount):
        rail = self.rail()
        with pytest.raises(ValueError, match="positive whole number"):
            self.send(rail, amount_minor=amount)
        assert rail.status(reference="loan-1").state is PayoutState.UNKNOWN
