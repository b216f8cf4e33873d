"""What every notifier must keep, whatever channel is behind it.

Method: the promises of the port, stated once against ``notifier()``, which also tells what it delivered.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from collection.gateways.notifier import DeliveryOutcome, Notice, NoticeReferenceReused, NotifierTimeout

NOTICE = Notice(
    "notice-1", "overdue", "sms", "borrower-1", (("amount", "120.00"), ("due_date", "2024-07-31"))
)


class NotifierContract:
    def notifier(self):
        """Return a notifier and a function that counts the notices it delivered."""
        raise NotImplementedError

    def test_delivers_a_reference_once_however_often_it_is_sent(self):
        notifier, delivered = self.notifier()
        answers = {notifier.send(notice=NOTICE) for _ in range(3)}
        assert [answer.outcome for answer in answers] == [DeliveryOutcome.DELIVERED]
        assert delivered() == 1

    def test_refuses_the_same_reference_with_other_content(self):
        notifier, delivered = self.notifier()
        notifier.send(notice=NOTICE)
        with pytest.raises(NoticeReferenceReused):
            notifier.send(notice=replace(NOTICE, template="blacklisted"))
        assert delivered() == 1

    def test_fails_with_a_reason(self):
        notifier, delivered = self.notifier()
        answer = notifier.send(notice=replace(NOTICE, recipient_token="borrower-fail"))
        assert (answer.outcome, bool(answer.reason)) == (DeliveryOutcome.FAILED, True)
        assert delivered() == 0

    @pytest.mark.parametrize(
        ("token", "delivered_at_once"), [("borrower-timeout-before", 0), ("borrower-timeout-after", 1)]
    )
    def test_delivers_once_when_it_is_sent_again_after_a_timeout(self, token, delivered_at_once):
        notifier, delivered = self.notifier()
        notice = replace(NOTICE, recipient_token=token)
        with pytest.raises(NotifierTimeout):
            notifier.send(notice=notice)
        assert delivered() == delivered_at_once
        assert notifier.send(notice=notice).outcome is DeliveryOutcome.DELIVERED
        assert delivered() == 1

    def test_never_delivers_through_an_unreachable_channel(self):
        notifier, delivered = self.notifier()
        for _ in range(3):
            with pytest.raises(NotifierTimeout):
                notifier.send(notice=replace(NOTICE, recipient_token="borrower-unreachable"))
        assert delivered() == 0
