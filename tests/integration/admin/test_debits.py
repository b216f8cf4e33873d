"""What the automatic debit found, in the admin: by date and attempt, and what it set aside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from config.admin.links import list_url, record_url
from config.identities import ACCOUNTANT, COLLECTOR, REVIEWER
from ledger.eventstore.commands import HANDLERS
from lending import automatic_debit
from lending.commands.repayment import DebitDueAmount
from lending.debit_counts import attempts_of
from lending.debit_record_models import DebitRecord
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.integration.admin.reading import section

DEBIT = "lending.debitrecord"


@pytest.fixture
def debited(books, monkeypatch):
    """Four loans that are due: one with all, one with a part, one with nothing, and one whose debit fails."""
    sellers = [seller_with_line(reference=f"E-{number}", accounts=1) for number in range(4)]
    loans = [seller.borrow(100_000, product="revolving-daily", term=30) for seller in sellers]
    due_on = one("SELECT min(due_on) FROM instalment")
    for seller, money in zip(sellers, (500_000, 30_000, None, 500_000), strict=True):
        seller.close_through(due_on - timedelta(days=1))
        if money:
            seller.receive(money).value()
    sound = HANDLERS[DebitDueAmount]

    def fails_for_one(command, work):
        if command.loan_id == loans[3]:
            raise ArithmeticError("no")
        return sound(command, work)

    monkeypatch.setitem(HANDLERS, DebitDueAmount, fails_for_one)
    for attempt in (1, 2):
        shards = {seller.shard for seller in sellers}
        automatic_debit.try_shards(shards=shards, day=due_on, attempt=attempt)
    return due_on, loans


def counts(row):
    return (row.due, row.collected, row.in_part, row.short, row.without_money, row.set_aside)


class TestTheListOfDebits:
    def test_has_a_line_for_each_attempt_with_what_became_of_the_loans(self, staff, debited):
        due_on, _ = debited
        answer = staff(COLLECTOR).get(list_url(DEBIT))
        second, first = answer.context["cl"].result_list
        assert (first.business_date, first.planned_at, counts(first)) == (due_on, "10:00", (4, 1, 1, 0, 1, 1))
        assert (second.planned_at, counts(second)[3:]) == ("16:00", (0, 2, 1))
        shown = answer.content.decode()
        assert "1,312.00 CNY" in shown  # 1,012.00 and 300.00
        assert f"{record_url(DEBIT, first.id)}?section=problems" in shown
        assert_books_hold()

    def test_says_what_the_command_line_says(self, debited):
        due_on, _ = debited
        told = attempts_of(due_on)
        assert [counts(one) for one in told] == [
            counts(row) for row in DebitRecord.objects.order_by("attempt")
        ]
        assert [one.taken_minor for one in told] == [
            row.taken_minor or {} for row in DebitRecord.objects.order_by("attempt")
        ]

    def test_is_narrowed_by_date(self, staff, debited):
        due_on, _ = debited
        client = staff(ACCOUNTANT)

        def found(day):
            asked = {"business_date_from": day.isoformat(), "business_date_to": day.isoformat()}
            return len(client.get(list_url(DEBIT), asked).context["cl"].result_list)

        assert (found(due_on), found(due_on - timedelta(days=1))) == (2, 0)

    def test_is_no_business_of_reviewers(self, staff, debited):
        assert staff(REVIEWER).get(list_url(DEBIT)).status_code == 403


class TestThePageOfAnAttempt:
    def page(self, client, debited):
        return client.get(record_url(DEBIT, f"{debited[0].isoformat()}:1"))

    def test_shows_the_loans_that_were_set_aside(self, staff, debited):
        page = self.page(staff(ACCOUNTANT), debited)
        ((loan, _, error, *_, state),) = section(page, "Problems").rows
        assert str(debited[1][3]) in str(loan)
        assert record_url("ledger.loan", debited[1][3]) in str(loan)
        assert (error.rpartition(".")[2], state) == ("ArithmeticError", "open")

    def test_leads_to_all_problems_of_the_date_for_who_may_see_them(self, staff, debited):
        progress = f"{reverse('admin:ledger_dayrecord_progress')}?date={debited[0].isoformat()}"
        for role, leads in ((ACCOUNTANT, True), (COLLECTOR, False)):
            client = staff(role)
            assert (progress in self.page(client, debited).content.decode()) is leads
            assert (client.get(progress).status_code == 200) is leads

    def test_adds_its_shards_up_to_its_counts(self, staff, debited):
        table = section(self.page(staff(COLLECTOR), debited), "Shards")
        sums = [sum(column) for column in list(zip(*table.rows, strict=True))[1:7]]
        assert sums == list(table.total[1:7]) == [4, 1, 1, 0, 1, 1]
