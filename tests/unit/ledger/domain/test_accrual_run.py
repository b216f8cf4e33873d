"""The accrual run of one business day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from ledger.domain.accrual_run import (
    AccrualBucket,
    AccrualBucketInvalid,
    AccrualRun,
    AccrualRunAlreadyPosted,
    bucket_number,
)
from ledger.postings import legs_for

DAY = date(2024, 3, 5)
INTEREST = AccrualBucket("revolving-daily", "CNY", "interest", 3, 914)
PENALTY = AccrualBucket("revolving-daily", "CNY", "penalty", 1, 480)
COMPOUND = AccrualBucket("revolving-daily", "CNY", "compound", 1, 6)


def post(run, *buckets):
    run.post(business_date=DAY, buckets=buckets, rows=5, checksum="42")


class TestAccrualRun:
    def test_posts_interest_and_penalty_to_their_own_accounts(self):
        run = AccrualRun.blank(UUID(int=9))
        post(run, INTEREST, PENALTY, COMPOUND)
        (event,) = run.collect_events()
        assert event.effective_date == event.business_date == DAY
        assert [(leg.account, leg.side, leg.amount_minor) for leg in legs_for(event)] == [
            ("1321", "D", 914),
            ("6011", "C", 914),
            ("1322", "D", 480),
            ("6012", "C", 480),
            ("1322", "D", 6),
            ("6012", "C", 6),
        ]

    def test_posts_nothing_when_nothing_was_earned(self):
        run = AccrualRun.blank(UUID(int=9))
        post(run)
        assert legs_for(run.collect_events()[0]) == ()

    def test_is_posted_once(self):
        run = AccrualRun.blank(UUID(int=9))
        post(run, INTEREST)
        with pytest.raises(AccrualRunAlreadyPosted):
            post(run, INTEREST)
        assert run.version == 1

    @pytest.mark.parametrize(
        "buckets",
        [
            (INTEREST, INTEREST),
            (AccrualBucket("revolving-daily", "CNY", "fee", 1, 1),),
            (AccrualBucket("revolving-daily", "CNY", "interest", 1, -1),),
        ],
    )
    def test_refuses_unsound_buckets(self, buckets):
        run = AccrualRun.blank(UUID(int=9))
        with pytest.raises(AccrualBucketInvalid):
            post(run, *buckets)
        assert run.version == 0


class TestTheNumberOfABucket:
    def test_is_the_same_for_the_same_bucket_only(self):
        names = {"product_code": "revolving-daily", "currency": "CNY", "kind": "interest"}
        others = [names | {name: "other"} for name in names]
        numbers = {bucket_number(**found) for found in (names, *others)}
        assert len(numbers) == 4
        assert bucket_number(**names) == bucket_number(**names)
        assert all(-(2**63) <= number < 2**63 for number in numbers)
