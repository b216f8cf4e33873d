"""Importing order files: what becomes of every line, and that a repeat changes nothing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection

from ledger.eventstore.commands import Actor, Outcome
from ledger.eventstore.processor import BooksNotOpen, execute
from ledger.kernel.refusals import Refusal
from lending.commands.register_entity import RegisterEntity
from lending.domain.entity_refusals import SalesInvalid
from lending.models import LegalEntity, OrderImport, OrderLine, SalesMonth, ShopAccount
from lending.orders import importing
from lending.orders.file_refusals import OrderFileColumnsMissing
from lending.orders.importing import ImportDateAhead, import_orders
from tests.builders.books import assert_books_hold

SERVICE = Actor("service:marketplace", frozenset({"service"}))
PLAIN = "seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state"
NAMED = f"{PLAIN},entity_id,platform,currency"


def order_file(*rows: str, header: str = PLAIN) -> io.BytesIO:
    return io.BytesIO("\n".join((header, *rows)).encode())


def take(file: io.BytesIO, *, as_of, actor=SERVICE, **options):
    file.seek(0)
    return import_orders(source=file, file_name="orders.csv", as_of=as_of, actor=actor, **options)


def stored() -> dict[str, int]:
    tables = (
        "es_event",
        "es_command",
        "legal_entity",
        "shop_account",
        "sales_month",
        "order_line",
        "order_import",
    )
    with connection.cursor() as cursor:
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


def turnover() -> dict[tuple[str, str], int]:
    names = {account.id: account.external_id for account in ShopAccount.objects.all()}
    return {(names[row.account_id], row.month): row.amount_minor for row in SalesMonth.objects.all()}


class TestImportOrders:
    def test_makes_each_seller_an_entity_where_the_file_names_none(self, books):
        report = take(
            order_file(
                "s1,o1,1,2023-10-05T10:00:00,100.00,9.00,SP",
                "s1,o1,2,2023-10-05T10:00:00,20.50,9.00,SP",
                "s1,o2,1,2023-11-07T10:00:00,30,9.00,SP",
                "s2,o1,1,2023-12-01T10:00:00,7.07,1.00,SP",
            ),
            as_of=books,
        )
        assert (report.lines, report.taken, report.refused) == (4, 4, ())
        assert (report.entities_new, report.accounts_new) == (2, 2)
        assert set(LegalEntity.objects.values_list("reference", "country", "currency")) == {
            ("marketplace:s1", "BR", "BRL"),
            ("marketplace:s2", "BR", "BRL"),
        }
        # Freight is no revenue; the two lines of one order are one order.
        assert turnover() == {("s1", "2023-10"): 12050, ("s1", "2023-11"): 3000, ("s2", "2023-12"): 707}
        assert SalesMonth.objects.get(month="2023-10").orders == 1
        assert OrderLine.objects.count() == 4
        assert_books_hold()

    def test_links_the_accounts_of_an_entity_as_one_master_and_subs(self, books):
        take(
            order_file(
                "s1,o1,1,2023-10-05,1.00,0.00,ZJ,E-1,taobao,CNY",
                "s2,o1,1,2023-09-05,2.00,0.00,ZJ,E-1,tmall,CNY",
                "s2,o2,1,2023-08-05,2.00,0.00,ZJ,E-1,tmall,CNY",
                header=NAMED,
            ),
            as_of=books,
        )
        accounts = ShopAccount.objects.order_by("external_id")
        assert [(a.platform, a.external_id, a.role, str(a.opened_on)) for a in accounts] == [
            ("taobao", "s1", "master", "2023-10-05"),
            ("tmall", "s2", "sub", "2023-08-05"),
        ]
        assert {a.consent_granted_on for a in accounts} == {books}
        assert LegalEntity.objects.get().reference == "E-1"

    def test_groups_sellers_as_it_is_told_where_the_file_names_no_entity(self, books):
        file = order_file(
            "s1,o1,1,2023-10-05,1,0,SP", "s2,o1,1,2023-10-05,1,0,SP", "s3,o1,1,2023-10-05,1,0,SP"
        )
        report = take(file, as_of=books, grouping={"s1": "G-1", "s2": "G-1"})
        assert report.entities == 2
        assert set(LegalEntity.objects.values_list("reference", flat=True)) == {"G-1", "marketplace:s3"}

    def test_counts_sampled_sales_by_their_factor(self, books):
        take(order_file("s1,o1,1,2023-10-05,10.00,0,SP"), as_of=books, sampling_factor=11)
        assert turnover() == {("s1", "2023-10"): 11000}

    def test_changes_nothing_when_the_same_file_comes_twice(self, books):
        file = order_file(
            "s1,o1,1,2023-10-05,10.00,0,SP", "s1,o1,1,2023-10-05,10.00,0,SP", "s2,,1,2023-10-05,1,0,SP"
        )
        first = take(file, as_of=books)
        before = stored()
        second = take(file, as_of=books)
        assert stored() == before
        assert (second.taken, second.refused) == (first.taken, first.refused)
        assert second.accounts_new == second.entities_new == 0

    def test_refuses_lines_that_an_earlier_file_brought(self, books):
        take(order_file("s1,o1,1,2023-10-05,10.00,0,SP"), as_of=books)
        report = take(
            order_file("s1,o1,1,2023-10-05,10.00,0,SP", "s1,o2,1,2023-11-05,5.00,0,SP"), as_of=books
        )
        assert [(row.number, row.code) for row in report.refused] == [(2, "already_imported")]
        assert turnover() == {("s1", "2023-10"): 1000, ("s1", "2023-11"): 500}
        assert_books_hold()

    def test_counts_no_line_twice_when_another_hand_brings_the_same_file(self, books):
        file = order_file("s1,o1,1,2023-10-05,10.00,0,SP")
        take(file, as_of=books)
        report = take(file, as_of=books, actor=Actor("service:other", frozenset({"service"})))
        assert report.taken == 0
        assert turnover() == {("s1", "2023-10"): 1000}
        assert OrderLine.objects.count() == 1

    def test_finishes_what_an_interruption_left(self, books, monkeypatch):
        file = order_file("s1,o1,1,2023-10-05,10.00,0,SP", "s2,o1,1,2023-10-05,3.00,0,SP")
        recorded = []

        def interrupt(sales, work):
            if recorded:
                raise KeyboardInterrupt
            recorded.append(sales)
            keep(sales, work)

        keep = importing._record
        monkeypatch.setattr(importing, "_record", interrupt)
        with pytest.raises(KeyboardInterrupt):
            take(file, as_of=books)
        assert turnover() == {("s1", "2023-10"): 1000}
        monkeypatch.setattr(importing, "_record", keep)
        report = take(file, as_of=books)
        assert (report.taken, report.refused) == (2, ())
        assert turnover() == {("s1", "2023-10"): 1000, ("s2", "2023-10"): 300}
        assert OrderImport.objects.count() == 1

    def test_refuses_every_line_of_an_account_that_another_entity_holds(self, books):
        take(order_file("s1,o1,1,2023-10-05,1.00,0.00,ZJ,E-1,taobao,CNY", header=NAMED), as_of=books)
        before = turnover()
        report = take(
            order_file(
                "s1,o7,1,2023-10-06,1.00,0.00,ZJ,E-2,taobao,CNY",
                "s9,o1,1,2023-10-06,4.00,0.00,ZJ,E-2,taobao,CNY",
                header=NAMED,
            ),
            as_of=books,
        )
        assert [(row.number, row.code) for row in report.refused] == [(2, "LENDING_ACCOUNT_LINKED_ELSEWHERE")]
        assert turnover() == {**before, ("s9", "2023-10"): 400}

    def test_gives_lines_back_whose_sales_the_entity_refuses(self, books):
        # The entity is in CNY since its first file; sales in BRL cannot be added to them.
        take(order_file("s1,o1,1,2023-10-05,1.00,0.00,ZJ,E-1,taobao,CNY", header=NAMED), as_of=books)
        lines = OrderLine.objects.count()
        report = take(order_file("s1,o2,1,2023-10-06,1.00,0.00,ZJ,E-1,taobao,BRL", header=NAMED), as_of=books)
        assert [(row.number, row.code) for row in report.refused] == [(2, "LENDING_SALES_CURRENCY_MISMATCH")]
        assert OrderLine.objects.count() == lines
        assert turnover() == {("s1", "2023-10"): 100}

    def test_keeps_the_evidence_of_sales_that_are_recorded(self, books):
        # A line of the file was another file's when it was first imported, and is nobody's now.
        first = order_file("s1,o1,1,2023-10-05,10.00,0,SP")
        second = order_file("s1,o1,1,2023-10-05,10.00,0,SP", "s1,o2,1,2023-11-05,5.00,0,SP")
        take(first, as_of=books)
        take(second, as_of=books)
        OrderLine.objects.filter(order_id="o1").delete()
        report = take(second, as_of=books)
        assert {row.code for row in report.refused} == {"LEDGER_IDEMPOTENCY_KEY_REUSED"}
        assert OrderLine.objects.filter(order_id="o2").exists()
        assert turnover() == {("s1", "2023-10"): 1000, ("s1", "2023-11"): 500}

    def test_does_not_take_one_shop_for_two_when_only_some_lines_name_the_platform(self, books):
        report = take(
            order_file(
                "s1,o1,1,2023-10-05,1.00,0.00,ZJ,,marketplace,BRL",
                "s1,o1,1,2023-10-05,1.00,0.00,ZJ,,,BRL",
                "s1,o2,1,2023-10-05,2.00,0.00,ZJ,,,BRL",
                header=NAMED,
            ),
            as_of=books,
        )
        assert [(row.number, row.code) for row in report.refused] == [(3, "duplicate")]
        assert (report.accounts, turnover()) == (1, {("s1", "2023-10"): 300})

    def test_keeps_an_account_of_every_line(self, books):
        report = take(
            order_file(
                "s1,o1,1,2023-10-05,1.00,0,SP",
                "s1,o2,1,2023-02-30,1.00,0,SP",
                "s1,o3,1,2030-01-01,1.00,0,SP",
                "s1,o4,1,2023-10-05,-1.00,0,SP",
            ),
            as_of=books,
        )
        kept = OrderImport.objects.get()
        assert (kept.lines, kept.taken, kept.refused) == (4, 1, 3) == (report.lines, report.taken, 3)
        assert [(row["number"], row["code"]) for row in kept.refusals] == [
            (3, "date_impossible"),
            (4, "date_after_as_of"),
            (5, "amount_negative"),
        ]
        assert all(row["sentence"] for row in kept.refusals)
        assert "line 3: shipped_by" in report.as_text()
        assert "and 2 more refused lines" in report.as_text(rows_max=1)
        assert "consent" in report.as_text()


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("options", "refusal"),
        [
            ({"sampling_factor": 0}, SalesInvalid),
            ({"sampling_factor": 1001}, SalesInvalid),
            ({"ahead": 1}, ImportDateAhead),
            ({"header": "seller_id,order_id"}, OrderFileColumnsMissing),
        ],
    )
    def test_change_nothing(self, books, options, refusal):
        before = stored()
        ahead, header = options.pop("ahead", 0), options.pop("header", PLAIN)
        with pytest.raises(refusal):
            take(
                order_file("s1,o1,1,2023-10-05,1.00,0,SP", header=header),
                as_of=books + timedelta(days=ahead),
                **options,
            )
        assert stored() == before

    def test_are_refused_while_the_books_are_not_open(self, db):
        from tests.conftest import FIRST_DAY

        with pytest.raises(BooksNotOpen):
            take(order_file("s1,o1,1,2023-10-05,1.00,0,SP"), as_of=FIRST_DAY)
        assert stored()["es_event"] == 0


class TestLinker:
    def test_uses_an_entity_that_is_registered_already(self, books):
        execute(
            RegisterEntity(reference="E-1", country="CN", currency="CNY"), actor=SERVICE, key="by-hand"
        ).value()
        report = take(order_file("s1,o1,1,2023-10-05,1,0,ZJ,E-1,taobao,CNY", header=NAMED), as_of=books)
        assert (report.entities, report.entities_new, report.taken) == (1, 0, 1)

    def test_refuses_the_lines_of_an_entity_that_cannot_be_registered(self, books, monkeypatch):
        refused = Outcome(refusal=Refusal("not today"))
        monkeypatch.setattr("lending.orders.linking.execute", lambda command, **_: refused)
        report = take(order_file("s1,o1,1,2023-10-05,1,0,SP", "s1,o2,1,2023-10-05,1,0,SP"), as_of=books)
        assert [row.sentence for row in report.refused] == ["not today", "not today"]
        assert not ShopAccount.objects.exists()
        assert not OrderLine.objects.exists()
