"""The pages of the books: journal, event log, trial balance and the overview."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from config.admin.links import list_url, record_url
from config.identities import ACCOUNTANT, ADMINISTRATOR
from ledger.book_models import PeriodClose
from ledger.record_models import EventRecord, JournalRecord
from tests.integration.admin.reading import section, text_of


class TestJournalEntries:
    def test_are_found_by_account_and_by_loan(self, administrator, lent):
        by_account = administrator.get(list_url("ledger.journalrecord", account="1301"))
        assert {row.topic for row in by_account.context["cl"].result_list} == {
            "loan.disbursed",
            "loan.payment_received",
        }
        by_loan = administrator.get(list_url("ledger.journalrecord", q=lent.loan_id))
        found = {(row.topic, row.originator_id) for row in by_loan.context["cl"].result_list}
        line_id = lent.seller.line_id
        assert {stream for _, stream in found} == {lent.loan_id, line_id}
        assert {topic for topic, stream in found if stream == line_id} == {"line.booked", "line.restored"}

    def test_are_found_by_posting_date(self, administrator, lent):
        day = {"posting_date_from": "2024-01-12", "posting_date_to": "2024-01-12"}
        rows = administrator.get(list_url("ledger.journalrecord"), day).context["cl"].result_list
        assert {str(row.posting_date) for row in rows} == {"2024-01-12"}

    def test_show_debits_and_credits_with_equal_totals(self, administrator, lent):
        entry = JournalRecord.objects.get(topic="loan.disbursed", originator_id=lent.loan_id)
        answer = administrator.get(record_url("ledger.journalrecord", entry.pk))
        assert section(answer, "Lines").total[2:4] == ["20,000.00 CNY", "20,000.00 CNY"]
        booked = JournalRecord.objects.filter(topic="line.booked").earliest("pk")
        memo = administrator.get(record_url("ledger.journalrecord", booked.pk))
        assert section(memo, "Memo lines").total[2:4] == ["10,000.00 CNY", "10,000.00 CNY"]

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


class TestThePagesOfBalances:
    def page(self, client, name, *args, **asked):
        return client.get(reverse(f"admin:ledger_glaccount_{name}", args=args), asked)

    def test_lead_from_the_trial_balance_to_the_postings_of_an_account_at_the_same_moment(
        self, administrator, lent
    ):
        answer = self.page(administrator, "trial_balance", through="2024-01-20", by="value")
        expected = reverse("admin:ledger_glaccount_postings", args=["1301"])
        assert f'href="{expected}?through=2024-01-20&amp;by=value"' in answer.content.decode()

    def test_list_postings_with_what_they_come_from(self, administrator, lent):
        answer = self.page(administrator, "postings", "1301", loan_id=str(lent.loan_id))
        totals, postings = (item["table"] for item in answer.context["tables"])
        assert [row[0] for row in totals.rows] == ["CNY"]
        assert totals.rows[0][4] == postings.rows[-1][6]
        page = text_of(answer)
        assert "Loan paid out" in page
        assert "confirm payout" in page
        assert f"payout:{lent.loan_id}:paid" in page
        assert "instalment-monthly v1" in page

    def test_turn_the_pages_of_an_account(self, administrator, lent, monkeypatch):
        monkeypatch.setattr("ledger.admin.account_postings.ROWS", 2)
        first = self.page(administrator, "postings", "1301").context["tables"][1]["table"]
        assert len(first.rows) == 2
        following = administrator.get(reverse("admin:ledger_glaccount_postings", args=["1301"]) + first.more)
        assert following.context["tables"][1]["table"].rows[0] not in first.rows

    def test_show_the_general_ledger_of_a_period(self, administrator, lent):
        answer = self.page(administrator, "general_ledger", **{"from": "2024-01-02", "through": "2024-01-02"})
        tables = {item["title"]: item for item in answer.context["tables"]}
        principal = tables["CNY: Balance sheet and result"]
        assert principal["is_balanced"]
        assert ["0.00 CNY D", "15,000.00 CNY", "0.00 CNY", "15,000.00 CNY D"] in [
            row[1:] for row in principal["table"].rows
        ]

    def test_say_that_every_account_ties(self, administrator, lent):
        (item,) = self.page(administrator, "tie_out").context["tables"]
        assert item["is_balanced"]
        assert {row[4] for row in item["table"].rows} == {"0.00 CNY"}

    def test_name_whose_part_differs(self, administrator, lent):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE loan SET outstanding_minor = outstanding_minor + 1 WHERE id = %s", [lent.loan_id]
            )
        accounts, differing = self.page(administrator, "tie_out").context["tables"]
        assert not accounts["is_balanced"]
        assert [row[0] for row in differing["table"].rows] == [str(lent.loan_id)]

    def test_divide_what_is_out_among_the_funders(self, administrator, lent):
        parties, products = (item["table"] for item in self.page(administrator, "funding").context["tables"])
        assert [row[0] for row in parties.rows] == ["own"]
        assert {(row[0], row[3]) for row in products.rows} == {
            ("instalment-monthly", "100%"),
            ("revolving-daily", "100%"),
            ("no loan", "100%"),  # what the lender sets aside against losses
        }

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"known_at": "tomorrow"}, "is not a moment"),
            ({"known_at": "2999-01-01T00:00"}, "has not come yet"),
            ({"known_at": "2024-13-01T00:00"}, "is not a moment"),
            ({"loan_id": "<b>"}, "is not an identifier"),
            ({"from": "2024-02-30"}, "is not a date"),
        ],
    )
    def test_say_what_cannot_be_read(self, administrator, lent, asked, said):
        answer = self.page(administrator, "postings", "1301", **asked)
        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert "<b>" not in answer.content.decode()

    def test_are_not_found_for_an_account_that_is_not_in_the_chart(self, administrator, books):
        assert self.page(administrator, "postings", "4711").status_code == 404


class TestClosingAMonth:
    def test_is_done_by_an_accountant_with_a_form(self, staff, books):
        client = staff(ACCOUNTANT)
        address = reverse("admin:ledger_periodclose_close_month")
        assert "not opened again" in text_of(client.get(address))
        answer = client.post(address, {"key": str(uuid4()), "month": "2023-12"}, follow=True)
        assert "The month is closed." in text_of(answer)
        assert PeriodClose.objects.get().closed_through == date(2023, 12, 31)
        again = client.post(address, {"key": str(uuid4()), "month": "2023-12"}, follow=True)
        assert "LEDGER_PERIOD_CLOSED" in text_of(again)

    def test_is_not_done_with_what_is_no_month(self, staff, books):
        answer = staff(ACCOUNTANT).post(
            reverse("admin:ledger_periodclose_close_month"), {"key": str(uuid4()), "month": "2023"}
        )
        assert "A month is written YYYY-MM." in text_of(answer)
        assert not PeriodClose.objects.exists()

    def test_is_refused_to_an_administrator(self, staff, books):
        form = {"key": str(uuid4()), "month": "2023-12"}
        answer = staff(ADMINISTRATOR).post(reverse("admin:ledger_periodclose_close_month"), form)
        assert answer.status_code in (302, 403)
        assert not PeriodClose.objects.exists()


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
