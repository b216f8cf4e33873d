"""The application: one decision, and every figure behind it."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.kernel.currencies import CurrencyUnknown
from lending.domain.application import Application, DebtRatioInvalid, RequestedAmountInvalid
from lending.domain.application_matrix import COMMANDS, MATRIX, STATES
from lending.policies.credit_policy import CREDIT_POLICIES, DecisionInputs, decide
from tests.unit.lending.builders import APPLICATION, DAY, ENTITY, application_inputs, submitted_application
from tests.unit.refusing import assert_cell, assert_survives_storage, public_commands, refuses


def decision(*, blacklisted=False):
    inputs = DecisionInputs(
        applied_on=DAY,
        currency="CNY",
        blacklisted=blacklisted,
        account_count=1,
        trading_since=date(2022, 7, 1),
        debt_ratio_bps=5_000,
        clean_record=True,
        industry_code="apparel",
        turnover_minor={f"2024-{month:02d}": 50_000_000 for month in range(1, 7)},
    )
    return decide(inputs=inputs, policy=CREDIT_POLICIES[0])


def application_in(state):
    if state == "absent":
        return Application.blank(APPLICATION)
    application = submitted_application()
    if state == "approved":
        application.decide(decision=decision(), effective_date=DAY)
    if state == "rejected":
        application.decide(decision=decision(blacklisted=True), effective_date=DAY)
    if state == "withdrawn":
        application.withdraw(reason="changed my mind", effective_date=DAY)
    return application


class TestApplicationMatrix:
    @pytest.mark.parametrize("blacklisted", [False, True])
    @pytest.mark.parametrize(("state", "command"), sorted(MATRIX))
    def test_gives_an_event_or_the_named_refusal(self, state, command, blacklisted):
        arguments = {
            "submit": application_inputs(),
            "decide": {"decision": decision(blacklisted=blacklisted), "effective_date": DAY},
            "withdraw": {"reason": "no longer needed", "effective_date": DAY},
        }[command]
        assert_cell(application_in(state), command, arguments, MATRIX[state, command])

    def test_has_a_cell_for_every_state_and_command(self):
        assert set(COMMANDS) == public_commands(Application)
        assert set(MATRIX) == {(state, command) for state in STATES for command in COMMANDS}


class TestSubmit:
    @pytest.mark.parametrize(
        ("changes", "refusal", "field"),
        [
            ({"currency": "RMB"}, CurrencyUnknown, "currency"),
            ({"requested_minor": 0}, RequestedAmountInvalid, "requested_minor"),
            ({"requested_minor": -1}, RequestedAmountInvalid, "requested_minor"),
            ({"requested_minor": 1.0}, RequestedAmountInvalid, "requested_minor"),
            ({"debt_ratio_bps": -1}, DebtRatioInvalid, "debt_ratio_bps"),
            ({"debt_ratio_bps": 10_001}, DebtRatioInvalid, "debt_ratio_bps"),
            ({"debt_ratio_bps": 0.5}, DebtRatioInvalid, "debt_ratio_bps"),
            ({"debt_ratio_bps": True}, DebtRatioInvalid, "debt_ratio_bps"),
        ],
    )
    def test_refuses(self, changes, refusal, field):
        application = Application.blank(APPLICATION)
        with refuses(application, refusal, field=field):
            application.submit(**application_inputs(**changes))

    @pytest.mark.parametrize("ratio", [0, 10_000])
    def test_takes_the_ends_of_the_debt_ratio(self, ratio):
        assert submitted_application(debt_ratio_bps=ratio).state.debt_ratio_bps == ratio


class TestDecide:
    def test_approval_can_be_traced_from_its_figures_alone(self):
        application = application_in("approved")
        event = application.pending_events[-1]
        figures = {figure.name: figure.value for figure in event.figures}
        assert (event.entity_id, event.currency, event.limit_minor) == (ENTITY, "CNY", 12_240_000)
        assert event.policy_version == "seller-credit-1"
        assert figures["average_turnover_minor"] == "50000000"
        assert figures["base.turnover.multiplier"] == "1/5"
        assert figures["factor.stability"] == "6/5"
        assert figures["factor.debt"] == "17/20"
        assert figures["factor.product"] == "153/125"
        assert figures["limit_minor"] == "12240000"
        assert figures["input.turnover.2024-06"] == "50000000"

    def test_rejection_keeps_reasons_classes_and_the_first_day_of_another_try(self):
        application = application_in("rejected")
        assert [(held.code, held.category) for held in application.state.reasons] == [
            ("veto:blacklist", "credit")
        ]
        assert application.state.reapply_from == date(2025, 1, 15)
        assert application.state.limit_minor == 0

    @pytest.mark.parametrize("state", ["approved", "rejected", "withdrawn"])
    def test_survives_storage(self, state):
        assert_survives_storage(application_in(state))
