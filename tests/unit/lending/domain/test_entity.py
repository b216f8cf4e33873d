"""The borrowing entity: its accounts, its turnover and the blacklist."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from ledger.kernel.currencies import CurrencyUnknown
from lending.domain.entity import LegalEntity
from lending.domain.entity_events import MonthTurnover
from lending.domain.entity_matrix import COMMANDS, MATRIX, STATES
from lending.domain.entity_refusals import (
    AccountAlreadyLinked,
    AccountNotLinked,
    AccountOpenedInFuture,
    AccountRoleUnknown,
    ConsentMissing,
    EntityReferenceInvalid,
    MasterAlreadyLinked,
    SalesAlreadyRecorded,
    SalesCurrencyMismatch,
    SalesInvalid,
)
from tests.unit.lending.builders import (
    DAY,
    ENTITY,
    MASTER,
    SUB,
    account_inputs,
    link,
    registered_entity,
    sales_inputs,
)
from tests.unit.refusing import assert_cell, assert_survives_storage, public_commands, refuses


def blacklist_inputs():
    return {"reason": "repeated_overdue", "overdue_instalments": ("loan-1/1",), "effective_date": DAY}


def entity_in(state):
    if state == "absent":
        return LegalEntity.blank(ENTITY)
    entity = registered_entity(accounts=("shop-1", "shop-2"))
    if state == "blacklisted":
        entity.blacklist(**blacklist_inputs())
    return entity


class TestLegalEntityMatrix:
    @pytest.mark.parametrize(("state", "command"), sorted(MATRIX))
    def test_gives_an_event_or_the_named_refusal(self, state, command):
        arguments = {
            "register": {"reference": "R", "country": "CN", "currency": "CNY", "effective_date": DAY},
            "link_account": account_inputs(),
            "record_sales": sales_inputs(),
            "blacklist": blacklist_inputs(),
        }[command]
        assert_cell(entity_in(state), command, arguments, MATRIX[state, command])

    def test_has_a_cell_for_every_state_and_command(self):
        assert set(COMMANDS) == public_commands(LegalEntity)
        assert set(MATRIX) == {(state, command) for state in STATES for command in COMMANDS}


class TestRegister:
    @pytest.mark.parametrize(
        ("reference", "currency", "refusal"),
        [
            ("", "CNY", EntityReferenceInvalid),
            ("  ", "CNY", EntityReferenceInvalid),
            ("a\nb", "CNY", EntityReferenceInvalid),
            ("ENT-1", "cny", CurrencyUnknown),
        ],
    )
    def test_refuses_a_blank_reference_and_an_unknown_currency(self, reference, currency, refusal):
        entity = LegalEntity.blank(ENTITY)
        with refuses(entity, refusal):
            entity.register(reference=reference, country="CN", currency=currency, effective_date=DAY)


class TestLinkAccount:
    @pytest.mark.parametrize(
        ("changes", "refusal", "field"),
        [
            ({"role": "owner"}, AccountRoleUnknown, "role"),
            ({"role": "master"}, MasterAlreadyLinked, "role"),
            ({"consent_granted_on": None}, ConsentMissing, "consent_granted_on"),
            ({"consent_granted_on": date(2024, 7, 16)}, ConsentMissing, "consent_granted_on"),
            ({"opened_on": date(2024, 7, 16)}, AccountOpenedInFuture, "opened_on"),
            ({"account_id": MASTER}, AccountAlreadyLinked, "external_id"),
            ({"external_id": "shop-1"}, AccountAlreadyLinked, "external_id"),
        ],
    )
    def test_refuses(self, changes, refusal, field):
        entity = registered_entity(accounts=("shop-1", "shop-2"))
        with refuses(entity, refusal, field=field):
            link(entity, **changes)

    def test_takes_the_same_shop_name_on_another_platform(self):
        entity = registered_entity(accounts=("shop-1",))
        link(entity, platform="amazon", external_id="shop-1")
        assert [account.platform for account in entity.state.accounts] == ["taobao", "amazon"]

    def test_takes_consent_and_opening_on_the_same_day(self):
        entity = registered_entity(accounts=("shop-1",))
        link(entity, consent_granted_on=DAY, opened_on=DAY)
        assert entity.account(UUID(int=900)).consent.source == "taobao"

    def test_keeps_one_master_and_a_hundred_and_twenty_subs(self):
        entity = registered_entity(accounts=[f"shop-{number}" for number in range(121)])
        assert entity.master.external_id == "shop-0"
        assert sum(account.role == "sub" for account in entity.state.accounts) == 120

    def test_trades_since_its_oldest_account(self):
        entity = registered_entity(accounts=("shop-1",))
        link(entity, opened_on=date(2019, 3, 4))
        assert entity.trading_since == date(2019, 3, 4)
        assert LegalEntity.blank(ENTITY).trading_since is None


class TestRecordSales:
    def test_adds_up_all_accounts_and_batches(self):
        entity = registered_entity(accounts=[f"shop-{number}" for number in range(121)])
        for number in range(121):
            entity.record_sales(**sales_inputs(account_id=UUID(int=100 + number)))
        entity.record_sales(
            **sales_inputs(
                batch_id="batch-2",
                file_sha256="b" * 64,
                months=(MonthTurnover("2024-04", 2, 700),),
                first_order_on=date(2024, 4, 1),
                last_order_on=date(2024, 4, 30),
            )
        )
        assert entity.state.turnover_minor == {
            "2024-05": 121 * 30_000,
            "2024-06": 121 * 5_000,
            "2024-04": 700,
        }
        assert entity.state.orders_seen == {"2024-05": 363, "2024-06": 121, "2024-04": 2}
        assert (entity.state.first_order_on, entity.state.last_order_on) == (
            date(2024, 4, 1),
            date(2024, 6, 20),
        )

    def test_scales_turnover_by_the_sampling_factor_and_counts_orders_as_seen(self):
        entity = registered_entity(accounts=("shop-1",))
        entity.record_sales(**sales_inputs(sampling_factor=11))
        assert entity.state.turnover_minor == {"2024-05": 330_000, "2024-06": 55_000}
        assert entity.state.orders_seen == {"2024-05": 3, "2024-06": 1}

    def test_takes_a_month_that_holds_only_later_lines_of_an_order(self):
        entity = registered_entity(accounts=("shop-1",))
        entity.record_sales(**sales_inputs(months=(MonthTurnover("2024-06", 0, 500),)))
        assert entity.state.turnover_minor == {"2024-06": 500}

    @pytest.mark.parametrize(
        "changes", [{"file_sha256": "b" * 64}, {"batch_id": "batch-2"}, {}], ids=["batch", "file", "both"]
    )
    def test_refuses_a_batch_or_a_file_that_was_counted(self, changes):
        entity = registered_entity(accounts=("shop-1",))
        entity.record_sales(**sales_inputs())
        with refuses(entity, SalesAlreadyRecorded, field="batch_id"):
            entity.record_sales(**sales_inputs(**changes))

    def test_takes_the_same_file_for_another_account(self):
        entity = registered_entity(accounts=("shop-1", "shop-2"))
        entity.record_sales(**sales_inputs())
        entity.record_sales(**sales_inputs(account_id=SUB))
        assert entity.state.turnover_minor["2024-05"] == 60_000

    @pytest.mark.parametrize(
        ("changes", "refusal", "field"),
        [
            ({"account_id": UUID(int=999)}, AccountNotLinked, "account_id"),
            ({"currency": "BRL"}, SalesCurrencyMismatch, "currency"),
            ({"sampling_factor": 0}, SalesInvalid, "sampling_factor"),
            ({"sampling_factor": 1_001}, SalesInvalid, "sampling_factor"),
            ({"sampling_factor": 1.5}, SalesInvalid, "sampling_factor"),
            ({"sampling_factor": True}, SalesInvalid, "sampling_factor"),
            ({"months": ()}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-05", 1, 1),) * 2}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-5", 1, 1),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-13", 1, 1),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-04", 1, 1),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-07", 1, 1),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-05", -1, 1),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-05", 1, -1),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-05", 1, 10.5),)}, SalesInvalid, "months"),
            ({"months": (MonthTurnover("2024-05", 1, 10**15 + 1),)}, SalesInvalid, "months"),
            ({"first_order_on": date(2024, 6, 21)}, SalesInvalid, "last_order_on"),
            ({"last_order_on": date(2024, 7, 16)}, SalesInvalid, "last_order_on"),
        ],
    )
    def test_refuses(self, changes, refusal, field):
        entity = registered_entity(accounts=("shop-1",))
        with refuses(entity, refusal, field=field):
            entity.record_sales(**sales_inputs(**changes))


class TestBlacklist:
    def test_lists_the_entity_and_every_account(self):
        entity = registered_entity(accounts=("shop-1", "shop-2"))
        entity.blacklist(**blacklist_inputs())
        event = entity.pending_events[-1]
        assert event.identities == ("entity:ENT-00001", "account:taobao:shop-1", "account:taobao:shop-2")
        assert event.overdue_instalments == ("loan-1/1",)
        assert entity.state.blacklisted

    def test_survives_storage(self):
        entity = registered_entity(accounts=("shop-1", "shop-2"))
        entity.record_sales(**sales_inputs())
        entity.blacklist(**blacklist_inputs())
        assert_survives_storage(entity)

    def test_shares_nothing_with_the_copy_of_an_entity(self):
        entity = registered_entity(accounts=("shop-1",))
        entity.record_sales(**sales_inputs())
        other = entity.copy()
        other.record_sales(**sales_inputs(batch_id="batch-2", file_sha256="b" * 64))
        assert entity.state.turnover_minor == {"2024-05": 30_000, "2024-06": 5_000}
