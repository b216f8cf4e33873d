"""Which changes go together, and what names the rows of a version."""

from __future__ import annotations

import pytest

from ledger.domain.plan_changes.combination import ChangesContradictory, require_compatible
from ledger.domain.plan_changes.deferral import defer
from ledger.domain.plan_changes.fingerprint import fingerprint
from ledger.domain.plan_changes.rate_changes import pause
from ledger.domain.plan_changes.versions import ChangeKind, undo
from ledger.kernel.frequencies import Unit
from tests.unit.ledger.domain.plan_changes.building import on, version
from tests.unit.ledger.domain.plan_changes.test_re_ageing import aged

DAY = on("2024-05-15")
K = ChangeKind


class TestTogether:
    @pytest.mark.parametrize(
        "kinds",
        [
            (K.DEFER, K.RATE_CHANGE),
            (K.EXTEND, K.INTEREST_ONLY, K.RATE_CHANGE, K.CAPITALISE),
            (K.DISBURSE, K.DISBURSE),
            (K.ACCELERATE, K.UNDO),
            (K.RE_AGE, K.RATE_CHANGE),
        ],
    )
    def test_go_changes_that_fit(self, kinds):
        require_compatible([(kind, DAY) for kind in kinds])

    @pytest.mark.parametrize(
        ("kinds", "named"),
        [
            ((K.DEFER, K.DEFER), ["defer"]),
            ((K.ACCELERATE, K.DISBURSE), ["accelerate", "disburse"]),
            ((K.EXTEND, K.RE_AGE), ["extend", "re_age"]),
            ((K.SKIP, K.INTEREST_ONLY), ["interest_only", "skip"]),
            ((K.DEFER, K.SKIP), ["defer", "skip"]),
            ((K.FORGIVE, K.CAPITALISE), ["capitalise", "forgive"]),
            ((K.RATE_CHANGE, K.RATE_CHANGE), ["rate_change"]),
        ],
    )
    def test_go_no_changes_that_exclude_each_other(self, kinds, named):
        with pytest.raises(ChangesContradictory) as refused:
            require_compatible([(kind, DAY) for kind in kinds])
        assert refused.value.details == {"on": "2024-05-15", "kinds": named}

    def test_go_the_same_kinds_on_other_days_in_order(self):
        later = on("2024-06-15")
        require_compatible([(K.DEFER, DAY), (K.DEFER, later)])
        with pytest.raises(ChangesContradictory):
            require_compatible([(K.DEFER, later), (K.DEFER, DAY)])


class TestAFingerprint:
    def test_is_that_of_the_rows_whatever_led_to_them(self):
        plan = version()
        moved = defer(plan, on=DAY, by=1, unit=Unit.MONTH)
        prints = {
            fingerprint(found.rows) for found in (plan, moved, pause(plan, on=DAY, until=on("2024-05-16")))
        }
        assert len(prints) == 3
        assert fingerprint(undo(moved, on=DAY).rows) == fingerprint(plan.rows)
        assert len(fingerprint(plan.rows)) == 16

    def test_knows_fees_that_rows_carry(self):
        assert fingerprint(aged(version()).rows) != fingerprint(aged(version(), fees_minor=1).rows)
