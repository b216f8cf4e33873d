"""What is set aside for losses: by bucket, and only what differs is posted."""

from __future__ import annotations

from ledger.domain.provision_run import ProvisionBucket, provision_buckets
from ledger.policies.provisioning import matrix_provision
from ledger.postings import legs_for
from tests.unit.ledger.builders import START

KEY = ("bullet", "CNY", "normal")


def buckets(*exposures, held=None):
    return provision_buckets(
        exposures,
        held=held or {},
        allowance=lambda minor, category: matrix_provision(exposure_minor=minor, category=category),
    )


class TestBuckets:
    def test_hold_the_share_of_their_category_rounded_once(self):
        found = buckets(("bullet", "CNY", "normal", 2, 123_450), ("bullet", "CNY", "doubtful", 1, 99_999))
        assert [(one.category, one.allowance_minor, one.change_minor) for one in found] == [
            ("doubtful", 50_000, 50_000),
            ("normal", 1_235, 1_235),
        ]

    def test_that_are_as_they_were_are_left_out(self):
        assert buckets((*KEY, 2, 123_450), held={KEY: (2, 123_450, 1_235)}) == ()

    def test_that_stand_for_other_loans_are_said_again_without_a_change(self):
        (one,) = buckets((*KEY, 1, 123_450), held={KEY: (2, 123_450, 1_235)})
        assert (one.loans, one.change_minor) == (1, 0)

    def test_that_are_empty_release_what_they_held(self):
        (one,) = buckets(held={KEY: (2, 123_450, 1_235)})
        assert (one.exposure_minor, one.allowance_minor, one.change_minor) == (0, 0, -1_235)


class TestTheEntry:
    def test_raises_the_allowance_at_the_expense_of_the_day_and_releases_it_the_other_way(self):
        from ledger.domain.provision_run import ProvisionRun
        from ledger.eventstore.shards import stream_id

        run = ProvisionRun.blank(stream_id(0, "provision_run", START.isoformat()))
        run.post(
            effective_date=START,
            business_date=START,
            buckets=(
                ProvisionBucket("a", "CNY", "loss", 1, 700, 700, 700),
                ProvisionBucket("a", "CNY", "normal", 0, 0, 0, -7),
            ),
        )
        (event,) = run.collect_events()
        assert [(leg.account, leg.side, leg.amount_minor) for leg in legs_for(event)] == [
            ("6702", "D", 700),
            ("1391", "C", 700),
            ("1391", "D", 7),
            ("6702", "C", 7),
        ]
        assert run.state.business_date == START
