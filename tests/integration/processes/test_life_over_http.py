"""A seller's life through the REST API and Celery, with web and worker as processes of their own.

Nothing of the product runs in this process: it sends requests, waits, and looks at the tables.
"""

import json
from datetime import date, timedelta

import pytest

from tests.integration.processes.served_books import Caller, served_books

pytestmark = [pytest.mark.processes, pytest.mark.slow]

FIRST_DAY = date(2024, 1, 2)
MONTHS = [f"2023-{month:02d}" for month in range(1, 13)]


@pytest.fixture
def books(db, tmp_path):
    with served_books(tmp_path) as books:
        books.manage("open_books", "--date", FIRST_DAY.isoformat())
        books.start("web")
        books.start("worker")
        yield books


def order_file() -> str:
    lines = ["seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state,entity_id,platform"]
    for shop in ("shop-a", "shop-b", "shop-c"):
        lines += [
            f"{shop},{shop}-{month},1,{month}-15T12:00:00,40000.00,10.00,SP,E-LIFE,taobao" for month in MONTHS
        ]
    lines.append("shop-a,bad,1,2023-02-30T12:00:00,10.00,1.00,SP,E-LIFE,taobao")
    return "\n".join(lines) + "\n"


def logins(books) -> dict[str, str]:
    text = (
        "import json; from config.identities import ensure_login, ensure_service;"
        "from ledger.eventstore.shards import entity_id_for;"
        "print(json.dumps({'service': ensure_service(client_id='channel', username='channel').token,"
        "'borrower': ensure_login(username='seller', role='borrower', entity_id=entity_id_for('E-LIFE')).token,"
        "'collector': ensure_login(username='collector', role='collector').token,"
        "'accountant': ensure_login(username='accountant', role='accountant').token}))"
    )
    return json.loads(books.python(text).strip().splitlines()[-1])


def ask_to_close(books, day: date) -> None:
    """Send the worker the tasks that beat would send."""
    books.python(
        "from ledger.tasks import close_shards\n"
        "for first in range(0, 256, 16):\n"
        f"    close_shards.delay(first, first + 15, '{day.isoformat()}')"
    )


def close_through(books, day: date) -> None:
    ask_to_close(books, day)
    books.wait_until(
        lambda: books.row("SELECT min(closed_through) FROM es_shard")[0] == day, what=f"{day} is closed"
    )


class TestOneSellersLifeOverHttp:
    def test_from_the_order_file_to_the_blacklist(self, books):
        tokens = logins(books)
        service, seller = Caller(books, tokens["service"]), Caller(books, tokens["borrower"])

        report = service.upload(
            "order-imports", file=order_file(), fields={"as_of": FIRST_DAY.isoformat(), "currency": "CNY"}
        )
        assert (report["taken"], report["refused"]) == (36, 1)
        assert report["refusals"][0]["number"] == 38

        entity_id = str(books.row("SELECT id FROM legal_entity")[0])
        application = seller.post(
            "applications",
            {
                "entity_id": entity_id,
                "industry_code": "general",
                "debt_ratio_bps": 2000,
                "clean_record": True,
            },
        )
        path = f"applications/{application['application_id']}"
        books.wait_until(lambda: seller.get(path)[1]["status"] == "approved", what="the worker decided")
        line_id = seller.get(path)[1]["line_id"]
        accounts = {name: str(account_id) for name, account_id in _accounts(books)}

        drawn = seller.post(
            f"credit-lines/{line_id}/drawdowns",
            {
                "amount": "9000.00",
                "currency": "CNY",
                "account_id": accounts["shop-a"],
                "product_code": "instalment-monthly",
                "term": 3,
            },
            key="first-draw",
        )
        loan = f"loans/{drawn['loan_id']}"
        books.wait_until(lambda: seller.get(loan)[1]["status"] == "active", what="the worker paid out")
        again = seller.post(
            f"credit-lines/{line_id}/drawdowns",
            {
                "amount": "9000.00",
                "currency": "CNY",
                "account_id": accounts["shop-a"],
                "product_code": "instalment-monthly",
                "term": 3,
            },
            key="first-draw",
        )
        assert again == drawn
        assert books.row("SELECT count(*) FROM loan")[0] == 1

        receipt = {"amount": "4000.00", "currency": "CNY", "channel": "taobao", "reference": "payout-1"}
        service.post(f"settlement-accounts/{accounts['shop-a']}/receipts", receipt)
        refused = service.post(f"settlement-accounts/{accounts['shop-b']}/receipts", receipt, status=409)
        assert refused["code"] == "LEDGER_RECEIPT_ALREADY_RECORDED"
        paid = seller.post(
            f"{loan}/repayments",
            {
                "kind": "prepayment",
                "source_account_id": accounts["shop-a"],
                "amount": "500.00",
                "currency": "CNY",
            },
        )
        assert paid["applied"] == "500.00"

        close_through(books, date(2024, 2, 2))
        assert books.row("SELECT count(*) FROM repayment WHERE reason = 'auto_debit'")[0] == 1

        service.post(
            f"settlement-accounts/{accounts['shop-c']}/receipts",
            {"amount": "50.00", "currency": "CNY", "channel": "taobao", "reference": "payout-2"},
        )
        for number in range(2):
            draw = seller.post(
                f"credit-lines/{line_id}/drawdowns",
                {
                    "amount": "1000.00",
                    "currency": "CNY",
                    "account_id": accounts["shop-b"],
                    "product_code": "revolving-daily",
                    "term": 30,
                },
                key=f"revolving-{number}",
            )
            books.wait_until(
                lambda draw=draw: seller.get(f"loans/{draw['loan_id']}")[1]["status"] == "active",
                what="the worker paid out",
            )
        close_through(books, date(2024, 3, 20))

        notices = Caller(books, tokens["collector"]).get("notices")[1]["results"]
        assert [n["kind"] for n in notices].count("linked_account_debited") >= 1
        assert books.row("SELECT count(*) FROM blacklist_entry")[0] == 4
        refused = seller.post(
            f"credit-lines/{line_id}/drawdowns",
            {
                "amount": "100.00",
                "currency": "CNY",
                "account_id": accounts["shop-b"],
                "product_code": "revolving-daily",
                "term": 30,
            },
            status=403,
        )
        assert refused["code"] == "LENDING_ENTITY_BLACKLISTED"
        _assert_served_books_hold(books)

    def test_loses_and_doubles_nothing_when_worker_and_web_are_killed_in_a_day_close(self, books):
        books.python(SELLERS_WITH_LOANS)
        through = FIRST_DAY + timedelta(days=40)
        ask_to_close(books, through)
        for _ in range(2):
            done = books.row("SELECT count(*) FROM accrual_run")[0]
            books.wait_until(
                lambda done=done: books.row("SELECT count(*) FROM accrual_run")[0] > done + 10,
                what="it closes",
            )
            books.kill("worker")
            books.kill("web")
            assert books.row("SELECT min(closed_through) FROM es_shard")[0] < through
            books.start("web")
            ask_to_close(books, through)
            books.start("worker")
        books.wait_until(
            lambda: books.row("SELECT min(closed_through) FROM es_shard")[0] == through, what="all is closed"
        )
        days = (through - FIRST_DAY).days + 1
        active = books.row("SELECT count(*) FROM es_shard WHERE pos > 0")[0]
        assert books.row("SELECT count(*), count(DISTINCT (shard, business_date)) FROM accrual_run") == (
            days * active,
            days * active,
        )
        interest = books.row("SELECT sum(amount_minor) FROM accrual_row WHERE kind = 'interest'")[0]
        # 12 loans of 1,000.00 at 14.4% over 30 days: 12.00 each, rounded once.
        assert interest == 12 * 1200
        _assert_served_books_hold(books)


SELLERS_WITH_LOANS = """
from tests.builders.sellers import seller_with_line, pay_outs
for number in range(12):
    seller = seller_with_line(reference=f"killed-{number}")
    seller.draw(100_000, product="revolving-daily", term=30).value()
pay_outs()
"""


def _accounts(books):
    names = ("shop-a", "shop-b", "shop-c")
    return [
        (name, books.row("SELECT id FROM shop_account WHERE external_id = %s", name)[0]) for name in names
    ]


def _assert_served_books_hold(books) -> None:
    assert "no problem" in books.manage("verify").stdout.lower()
    books.manage("rebuild")
    difference = books.row(
        "SELECT coalesce(sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END), 0) FROM journal_line"
    )[0]
    assert difference == 0
