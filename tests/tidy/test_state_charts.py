"""Every aggregate has a state chart with a cell for each of its commands, or a stated reason to have none.

The cells themselves are proved one by one in tests/unit; here a new aggregate, or a command that was added
without cells, is noticed.
"""

from __future__ import annotations

from importlib import import_module

import pytest

from ledger.domain.loan_record import FactKind
from ledger.kernel.aggregate import AGGREGATES, Aggregate

CHARTS = {
    "application": "lending.domain.application_matrix",
    "entity": "lending.domain.entity_matrix",
    "line": "lending.domain.credit_line_matrix",
    "loan": "ledger.domain.loan_chart",
    "period": "ledger.domain.periods_matrix",
    "product": "ledger.domain.product_matrix",
    "proposal": "ledger.domain.proposal_matrix",
    "settlement": "ledger.domain.settlement_account_matrix",
}
# A command that takes many kinds has a cell for each of them.
KINDS_OF = {("loan", "record"): {kind.value for kind in FactKind}}
WITHOUT_A_CHART = {
    "accrual_run": "one command, which is refused the second time",
    "bureau_record": "one command, which is refused when it says nothing new",
    "provision_run": "one command, given once for a shard and a date",
}


def commands_of(aggregate_class):
    """Return the public methods that decide something on a date, those of its bases among them."""
    methods = (
        (name, method)
        for cls in aggregate_class.__mro__
        if issubclass(cls, Aggregate) and cls is not Aggregate
        for name, method in vars(cls).items()
        if not name.startswith("_")
    )
    found = {name for name, method in methods if "effective_date" in getattr(method, "__annotations__", {})}
    # A loan records every kind of fact by one method, and permits each kind by a cell of its own.
    return found - {"record"} | {kind.value for kind in FactKind} if "record" in found else found


class TestAnAggregate:
    def test_has_a_state_chart_or_a_reason_to_have_none(self):
        assert {*CHARTS, *WITHOUT_A_CHART} == set(AGGREGATES)

    @pytest.mark.parametrize("stream", sorted(CHARTS))
    def test_has_a_cell_for_each_command_in_each_state(self, stream):
        chart = import_module(CHARTS[stream])
        states = {state for state, _ in chart.MATRIX}
        commands = {
            one for name in commands_of(AGGREGATES[stream]) for one in KINDS_OF.get((stream, name), {name})
        }
        assert set(chart.COMMANDS) == commands
        assert set(chart.MATRIX) == {(state, command) for state in states for command in chart.COMMANDS}

    @pytest.mark.parametrize("stream", sorted(CHARTS))
    def test_refuses_something_in_every_state(self, stream):
        chart = import_module(CHARTS[stream])
        for state in {state for state, _ in chart.MATRIX}:
            assert any(cell != chart.EVENT for (at, _), cell in chart.MATRIX.items() if at == state)

    def test_without_a_chart_has_one_command(self):
        for stream in WITHOUT_A_CHART:
            deciding = {name for name in vars(AGGREGATES[stream]) if not name.startswith("_")}
            assert len(deciding & {"post", "report"}) == 1
            assert commands_of(AGGREGATES[stream]) <= {"post", "report"}
