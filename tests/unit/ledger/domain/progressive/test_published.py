"""Published schedules, row by row."""

from __future__ import annotations

import pytest

from tests.unit.ledger.domain.progressive.published import PUBLISHED
from tests.unit.ledger.domain.progressive.published_repayments import REPAYMENTS
from tests.unit.ledger.domain.progressive.telling import lines, rows, terms, told


class TestAProgressiveSchedule:
    @pytest.mark.parametrize("case", [*PUBLISHED, *REPAYMENTS], ids=lambda case: case.name)
    def test_agrees_with_published_rows(self, case):
        position = told(terms(*case.agreed, **case.options), case.facts, case.as_of)
        assert rows(position) == lines(case.rows)
