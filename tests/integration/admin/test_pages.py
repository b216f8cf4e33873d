"""The pages of borrowers and loans: amounts with currency, every figure, every event, newest first."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.contrib import admin

from config.admin.links import list_url, record_url
from ledger.models import Loan
from ledger.record_models import EventRecord
from lending.models import Application, LegalEntity, OrderImport
from tests.integration.admin.reading import section

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
        owned = EventRecord.objects.filter(shard=entity.shard).exclude(
            topic__in=("accrual.run_posted", "provision.posted")
        )
        assert len(shown) == owned.count()
        assert shown[-1] == "Legal entity registered"
        assert shown.index("Payment received") < shown.index("Loan paid out")

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
        assert {row[0].split("/")[0] for row in rows} == {"1", "2"}
        replaced = [row[0] for row in rows if row[4] == "replaced by version 2"]
        assert replaced
        assert all(name.startswith("1/") for name in replaced)
        assert replaced == [row[0] for row in rows][-len(replaced) :], "replaced rows stand below"

    def test_has_repayments_whose_parts_sum_to_the_amount(self, administrator, lent):
        table = section(self.page(administrator, lent.loan_id), "Repayments")
        assert table.rows[0][2:5] == ["early", "borrower", "2,000.00 CNY"]
        minor = [
            int(text.removesuffix(" CNY").replace(",", "").replace(".", "")) for text in table.total[4:11]
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


class TestAnOrderImport:
    def test_shows_each_refused_line_with_its_reason(self, administrator, books):
        answer = administrator.get(record_url("lending.orderimport", import_file(refused=2).pk))
        assert [line[0] for line in section(answer, "Refused lines").rows] == [2, 3]
        assert section(answer, "Reasons").rows == [['<span class="code">amount_negative</span>', 2]]


def test_a_seller_is_found_by_the_reference_in_other_lists(administrator, lent):
    rows = administrator.get(list_url("ledger.loan", q="seller-1")).context["cl"].result_list
    assert {row.pk for row in rows} == set(Loan.objects.values_list("pk", flat=True))
    assert not administrator.get(list_url("ledger.loan", q="seller-2")).context["cl"].result_list
