"""Nothing of the business can be written through the admin, nor through the views it reads."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from config.admin.links import record_url
from config.admin.records import RecordAdmin
from config.embedded_postgres import APP_ROLE
from tests.builders.storage import fingerprint

BUSINESS = ("ledger", "lending", "collection")
RECORDS = [
    model
    for model, page in admin.site._registry.items()
    if isinstance(page, RecordAdmin) and model._meta.app_label in BUSINESS
]
VIEWS = ("record_event", "record_journal_entry", "record_receipt", "record_repayment", "record_overdue",
         "record_notice", "record_day_close", "record_debit_attempt")  # fmt: skip


def tables() -> dict[str, str]:
    signing_in = {"auth_user", "django_session", "auth_user_groups"}
    return {table: digest for table, digest in fingerprint().items() if table not in signing_in}


class TestAPage:
    def test_refuses_to_add_change_and_delete_and_changes_nothing(self, client, admin_user, lent):
        client.force_login(admin_user)
        before = tables()
        for model in RECORDS:
            record = model._default_manager.first()
            key = record.pk if record is not None else "1"
            name = model._meta.label_lower.replace(".", "_")
            answers = [
                client.post(reverse(f"admin:{name}_add"), {}),
                client.post(record_url(model._meta.label_lower, key), {"status": "settled"}),
                client.post(reverse(f"admin:{name}_delete", args=[key]), {"post": "yes"}),
            ]
            assert [answer.status_code for answer in answers] == [403, 403, 403], name
        assert tables() == before

    def test_offers_no_bulk_action(self):
        assert all(admin.site._registry[model].actions is None for model in RECORDS)


class TestAView:
    def test_can_be_read_by_the_application(self, lent):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
            for view in VIEWS:
                cursor.execute(f"SELECT count(*) FROM {view}")
                assert cursor.fetchone()[0] > 0, view

    @pytest.mark.parametrize("view", ["record_event", "record_journal_entry"])
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET topic = 'x'"])
    def test_of_history_cannot_be_written_through(self, books, view, statement):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(statement.format(view))

    def test_lets_no_event_be_slipped_in(self, books):
        columns = "shard, originator_id, originator_version, pos, topic, effective_date, recorded_at, state"
        values = "1, gen_random_uuid(), 1, 1, 'loan.payment_received', current_date, now(), '{}'"
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(f"INSERT INTO record_event ({columns}) VALUES ({values})")
