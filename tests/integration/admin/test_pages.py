"""The pages show what is in the books: amounts with currency, every figure, every event, newest first."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from config.admin.links import list_url, record_url
from ledger.models import Loan
from ledger.record_models import EventRecord, JournalRecord
from lending.models import Application, LegalEntity, OrderImport

PAGES = sorted(model._meta.label_lower for model in admin.site._registry)


def import_file(*, refused: int) -> OrderImport:
    sentence = "the amount is negative"
    rows = [{"number": 2 + n, "code": "amount_negative", "sentence": sentence} for n in range(refused)]
    return OrderImport.objects.create(
        id=uuid4(),
        file_name="orders.csv",
        file_sha256="0" * 64,
        as_of=date(2024, 1, 1),
        lines=refused + 1,
        taken=1,
        refused=refused,
        refusals=rows,
    )


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def section(answer, title):
    return next(one.content for one in answer.context["sections"] if one.title == title)


def test_every_list_and_the_page_of_its_first_row_open(administrator, lent):
    import_file(refused=1)
    answers = {}
    for label in PAGES:
        answer = administrator.get(list_url(label))
        rows = answer.context["cl"].result_list
        pages = [administrator.get(record_url(label, row.pk)).status_code for row in rows[:1]]
        answers[label] = [answer.status_code, *pages]
    wrong = {label: codes for label, codes in answers.items() if set(codes) != {200}}
    assert wrong == {}
    assert sum(len(codes) == 2 for codes in answers.values()) > len(PAGES) // 2


class TestTheEntity:
    def test_is_shown_with_everything_that_belongs_to_it(self, administrator, lent):
        answer = administrator.get(record_url("lending.legalentity", lent.seller.entity_id))
        shops = section(answer, "Shop accounts")
        assert len(shops.rows) == 2
        loans = {row[0] for row in section(answer, "Loans").rows}
        assert {str(lent.loan_id)[:8], str(lent.revolving_id)[:8]} == {
            link.split(">")[1][:8] for link in loans
        }
        assert section(answer, "Applications").rows[0][2] == "approved"
        assert section(answer, "Credit lines").rows[0][4].endswith(" CNY")
        assert section(answer, "Overdue history").rows
        assert section(answer, "Notices").rows

    def test_has_every_event_of_its_streams_newest_first(self, administrator, lent):
        entity = LegalEntity.objects.get(pk=lent.seller.entity_id)
        answer = administrator.get(record_url("lending.legalentity", entity.id))
        shown = [entry.words for entry in section(answer, "Events").entries]
        owned = EventRecord.objects.filter(shard=entity.shard).exclude(topic="accrual.run_posted")
        assert len(shown) == owned.count()
        assert shown[-1] == "Legal entity registered"
        assert shown.index("Payment applied") < shown.index("Loan paid out")

    def test_has_no_event_of_another_entity_in_the_same_shard(self, administrator, lent):
        answer = administrator.get(record_url("lending.legalentity", lent.seller.entity_id))
        assert "Day's accrual posted" not in {entry.words for entry in section(answer, "Events").entries}

    def test_turns_the_pages_of_a_long_timeline(self, administrator, lent, monkeypatch):
        monkeypatch.setattr("config.admin.timeline.ENTRIES_MAX", 3)
        address = record_url("lending.legalentity", lent.seller.entity_id)
        first = section(administrator.get(address), "Events")
        second = section(administrator.get(address, {"events": "2"}), "Events")
        assert len(first.entries) == len(second.entries) == 3
        assert (first.newer, first.more, second.newer) == ("", "?events=2", "?events=1")
        assert not {entry.event for entry in first.entries} & {entry.event for entry in second.entries}

    def test_bears_a_page_number_that_is_none(self, administrator, lent):
        address = record_url("lending.legalentity", lent.seller.entity_id)
        for page in ("0", "-1", "x", "99999999999", ""):
            assert administrator.get(address, {"events": page}).status_code == 200


class TestTheLoan:
    def page(self, administrator, loan_id):
        return administrator.get(record_url("ledger.loan", loan_id))

    def test_has_the_plan_in_force_and_the_one_it_replaced(self, administrator, lent):
        rows = section(self.page(administrator, lent.loan_id), "Plan").rows
        versions = {row[0] for row in rows}
        assert versions == {1, 2}
        assert {row[4] for row in rows if row[0] == 1} == {"replaced by version 2"}

    def test_has_repayments_whose_parts_sum_to_the_amount(self, administrator, lent):
        table = section(self.page(administrator, lent.loan_id), "Repayments")
        assert table.rows[0][1:4] == ["prepayment", "borrower", "2,000.00 CNY"]
        minor = [
            int(text.removesuffix(" CNY").replace(",", "").replace(".", "")) for text in table.total[3:9]
        ]
        assert minor[0] == sum(minor[1:])

    def test_has_the_terms_it_was_drawn_on(self, administrator, lent):
        terms = dict(section(self.page(administrator, lent.loan_id), "Terms").items)
        assert terms["annual rate"] == "14.4%"
        assert terms["allocation order"] == "fee → penalty → compound → interest → principal"

    def test_has_journal_lines_that_balance_with_memo_accounts_apart(self, administrator, lent):
        answer = self.page(administrator, lent.loan_id)
        journal, memo = section(answer, "Journal"), section(answer, "Memo journal")
        assert journal.total[3] == journal.total[4] != ""
        assert memo.total[3] == memo.total[4] != ""
        assert not any(row[2].startswith("9") for row in journal.rows)
        assert all(row[2].startswith("9") for row in memo.rows)

    def test_has_accrual_segments_with_what_they_earn_a_day(self, administrator, lent):
        rows = section(self.page(administrator, lent.loan_id), "Accruals").rows
        assert {row[0] for row in rows} >= {"interest"}
        assert all(row[5].endswith(" CNY") for row in rows)

    def test_says_what_is_owed_today(self, administrator, lent):
        owed = dict(section(self.page(administrator, lent.revolving_id), "Owed").items)
        assert owed["days past due"] > 0
        assert owed["overdue"] == owed["total"] != "0.00 CNY"


class TestTheApplication:
    def test_shows_every_figure_of_the_decision(self, administrator, lent):
        application = Application.objects.get(pk=lent.seller.application_id)
        rows = section(administrator.get(record_url("lending.application", application.id)), "Decision").rows
        stored = [figure["value"] for figure in application.decision["figures"]]
        assert [row[1] for row in rows[:-2]] == [f'<span class="code">{value}</span>' for value in stored]
        readable = {row[0]: row[2] for row in rows}
        assert readable["limit minor"] == "144,000.00 CNY"
        assert readable["factor product"] == "1.44"
        assert readable["input debt ratio bps"] == "20%"


class TestJournalEntries:
    def test_are_found_by_account_and_by_loan(self, administrator, lent):
        by_account = administrator.get(list_url("ledger.journalrecord", account="1301"))
        assert {row.topic for row in by_account.context["cl"].result_list} == {
            "loan.disbursed",
            "loan.repaid",
        }
        by_loan = administrator.get(list_url("ledger.journalrecord", q=lent.loan_id))
        assert {row.originator_id for row in by_loan.context["cl"].result_list} == {lent.loan_id}

    def test_are_found_by_posting_date(self, administrator, lent):
        day = {"posting_date_from": "2024-01-12", "posting_date_to": "2024-01-12"}
        rows = administrator.get(list_url("ledger.journalrecord"), day).context["cl"].result_list
        assert {str(row.posting_date) for row in rows} == {"2024-01-12"}

    def test_show_debits_and_credits_with_equal_totals(self, administrator, lent):
        entry = JournalRecord.objects.get(topic="loan.disbursed", originator_id=lent.loan_id)
        answer = administrator.get(record_url("ledger.journalrecord", entry.pk))
        assert section(answer, "Lines").total[2:4] == ["20,000.00 CNY", "20,000.00 CNY"]
        assert section(answer, "Memo lines").total[2:4] == ["10,000.00 CNY", "10,000.00 CNY"]

    @pytest.mark.parametrize("key", ["0", "x", "-5", "99999999999999999999", "12.5"])
    def test_that_do_not_exist_are_not_found(self, administrator, books, key):
        assert administrator.get(record_url("ledger.journalrecord", key)).status_code == 302


class TestTheEventLog:
    def test_is_searched_by_stream(self, administrator, lent):
        rows = administrator.get(list_url("ledger.eventrecord", q=lent.loan_id)).context["cl"].result_list
        assert {row.originator_id for row in rows} == {lent.loan_id}
        assert len(rows) == EventRecord.objects.filter(originator_id=lent.loan_id).count()

    def test_is_searched_by_topic(self, administrator, lent):
        rows = administrator.get(list_url("ledger.eventrecord", q="loan.disbursed")).context["cl"].result_list
        assert [row.topic for row in rows] == ["loan.disbursed", "loan.disbursed"]

    def test_shows_the_payload_and_who_gave_the_command(self, administrator, lent):
        event = EventRecord.objects.get(topic="loan.requested", originator_id=lent.loan_id)
        page = text_of(administrator.get(record_url("ledger.eventrecord", event.pk)))
        assert "&quot;principal_minor&quot;: 1000000" in page
        assert "user:tester" in page


class TestTheTrialBalance:
    def tables(self, administrator, **asked):
        answer = administrator.get(reverse("admin:ledger_glaccount_trial_balance"), asked)
        return answer, {item["title"]: item for item in answer.context["tables"]}

    def test_balances_per_currency_with_memo_accounts_apart(self, administrator, lent):
        _, tables = self.tables(administrator)
        assert set(tables) == {"CNY: Balance sheet and result", "CNY: Memo accounts, off the balance sheet"}
        for item in tables.values():
            assert item["is_balanced"]
            assert item["table"].total[1] == item["table"].total[2]
            assert item["table"].total[3] == "0.00 CNY"

    def test_is_shown_through_a_date(self, administrator, lent):
        _, before = self.tables(administrator, through="2024-01-01")
        assert before == {}
        _, first_day = self.tables(administrator, through="2024-01-02")
        principal = first_day["CNY: Balance sheet and result"]["table"].rows
        assert ["15,000.00 CNY", "0.00 CNY", "15,000.00 CNY D"] in [row[1:] for row in principal]

    @pytest.mark.parametrize("mistake", ["2024-02-30", "yesterday", "<b>"])
    def test_says_when_a_date_is_none(self, administrator, lent, mistake):
        answer, _ = self.tables(administrator, through=mistake)
        assert answer.status_code == 200
        assert "is not a date" in answer.content.decode()
        assert "<b>" not in answer.content.decode()


class TestTheOverview:
    def test_shows_the_date_the_counts_and_a_balance_of_zero(self, administrator, lent):
        answer = administrator.get(reverse("admin:index"))
        tiles = {tile.title: (tile.value, tile.caption) for tile in answer.context["tiles"]}
        assert tiles["Business date"][0] == "2024-01-02"
        assert "255 of 256 shards are behind" in tiles["Business date"][1]
        assert tiles["Legal entities"] == ("1", "0 blacklisted")
        assert tiles["Loans running"][0] == "2"
        assert tiles["Loans overdue"][0] == "2"
        assert tiles["Outbox"][0] == "0 pending"
        balance = next(item["table"] for item in answer.context["tables"] if item["title"] == "Trial balance")
        assert [row[-1] for row in balance.rows] == ["0.00 CNY", "0.00 CNY"]

    def test_shows_the_close_in_progress_by_groups_of_shards(self, administrator, lent):
        progress = administrator.get(reverse("admin:index")).context["progress"]
        assert (str(progress.day), progress.closed, len(progress.groups)) == ("2024-01-02", 1, 16)
        begun = progress.groups[lent.seller.shard // 16]
        assert (begun.closed, begun.size) == (1, 16)

    def test_says_that_the_books_are_not_open(self, administrator):
        answer = administrator.get(reverse("admin:index"))
        assert answer.context["tiles"][0].value == "not open"
        assert answer.context["progress"] is None

    def test_alarms_when_a_message_is_dead(self, administrator, lent):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE es_outbox SET state = CASE kind WHEN 'payout' THEN 'dead' ELSE 'done' END")
        tile = next(
            tile
            for tile in administrator.get(reverse("admin:index")).context["tiles"]
            if tile.title == "Outbox"
        )
        assert tile.is_alarm
        assert tile.caption == "2 dead, waiting for a person"
        rows = administrator.get(list_url("ledger.esoutbox")).context["cl"].result_list
        assert [row.state for row in rows[:2]] == ["dead", "dead"]


class TestAnOrderImport:
    def test_shows_each_refused_line_with_its_reason(self, administrator, books):
        answer = administrator.get(record_url("lending.orderimport", import_file(refused=2).pk))
        assert [line[0] for line in section(answer, "Refused lines").rows] == [2, 3]
        assert section(answer, "Reasons").rows == [['<span class="code">amount_negative</span>', 2]]


def test_a_seller_is_found_by_the_reference_in_other_lists(administrator, lent):
    rows = administrator.get(list_url("ledger.loan", q="seller-1")).context["cl"].result_list
    assert {row.pk for row in rows} == set(Loan.objects.values_list("pk", flat=True))
    assert not administrator.get(list_url("ledger.loan", q="seller-2")).context["cl"].result_list
