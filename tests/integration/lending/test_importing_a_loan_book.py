"""Importing a running loan book: the loans stand as if they had been lived here, and every line is accounted for."""

from __future__ import annotations

import hashlib
import io
import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.contract.new_plan import changed, repayment_of
from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind, NewPlan
from ledger.domain.plans.choices import Basis
from ledger.eventstore.commands import Actor
from ledger.eventstore.shards import entity_id_for, shard_of
from ledger.eventstore.unit_of_work import replay
from ledger.kernel.frequencies import Unit
from ledger.models import Instalment, Loan
from lending.book_import.importing import import_book
from lending.book_import.layout import LoanBookColumnsUnknown, LoanBookFileMissing
from lending.commands.drawdown import RequestDrawdown
from lending.commands.import_loan import ImportLoan
from lending.commands.repayment import RecordRepayment
from tests.builders.books import assert_books_hold
from tests.builders.loan_books import LoanBook
from tests.builders.sellers import Seller, agreed, give, one, pay_outs, seller_with_line
from tests.builders.storage import tables

IMPORTER = Actor("service:import", frozenset({"service"}))
_runs = itertools.count(1)
# One row of a loan's plan, without what names the loan.
ROW = (
    "name", "kind", "number", "schedule_version", "period_start", "due_on", "opening_minor", "fee_minor",
    "interest_minor", "principal_minor", "paid_fee_minor", "paid_penalty_minor", "paid_compound_minor",
    "paid_interest_minor", "paid_principal_minor", "waived_penalty_minor", "overdue_since", "penalised_on", "paid_on",
)  # fmt: skip


@pytest.fixture
def book(tmp_path):
    return LoanBook(tmp_path)


def take(book, **options):
    return import_book(directory=book.write(), actor=IMPORTER, run=f"run-{next(_runs)}", **options)


def contents() -> dict[str, str]:
    """Every table, row by row."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def imported(reference="OLD-E1") -> Seller:
    entity_id = one("SELECT id FROM legal_entity WHERE reference = %s", reference)
    account = one("SELECT id FROM shop_account WHERE entity_id = %s AND role = 'master'", entity_id)
    line = one("SELECT id FROM credit_line WHERE entity_id = %s", entity_id)
    return Seller(entity_id, [account], line)


def loan_of(name, reference="OLD-E1") -> UUID:
    command = ImportLoan(
        external_id=name, entity_id=imported(reference).entity_id, line_id=None, account_id=None, currency="CNY",
        product_code="", principal_minor=0, term=0, disbursed_on=None,
    )  # fmt: skip
    return command.loan_id


def rows_of(loan_id):
    """The rows in force; only books that were there when a plan was replaced show its former rows."""
    rows = Instalment.objects.filter(loan_id=loan_id, superseded_by=None)
    return list(rows.order_by("name").values_list(*ROW))


def refusals(report):
    return {(line.file, line.number): (line.code, line.field) for line in report.refused}


def neighbour_of(seller) -> str:
    """Return the reference of an entity whose days close with the seller's."""
    names = (f"OLD-{number}" for number in itertools.count())
    return next(name for name in names if shard_of(entity_id_for(name)) == seller.shard)


def lived_loans() -> tuple[Seller, dict[str, UUID]]:
    """Five loans in five months: running, prepaid in part, with a bounced payment, settled, left overdue."""
    seller = seller_with_line(reference="NATIVE", accounts=1, monthly_minor=500_000_000)
    loans = {name: seller.borrow(6_000_000) for name in ("running", "bounced", "settled", "overdue")}
    loans["prepaid"] = seller.borrow(6_000_000, term=6)

    def pay(name, amount, **more):
        seller.receive(amount)
        return seller.repay(loans[name], amount, **more).value()["payment_id"]

    seller.close_through(date(2024, 1, 19))
    pay("prepaid", 1_000_000, kind="prepayment")
    seller.close_through(date(2024, 2, 1))
    pay("running", 2_000_000)
    bounced = pay("bounced", 2_000_000)
    seller.close_through(date(2024, 2, 8))
    back = RecordLoanFact(
        loan_id=loans["bounced"], line_id=seller.line_id, kind=FactKind.PAYMENT_REVERSED,
        account_ids=(seller.accounts[0],), of=bounced,
    )  # fmt: skip
    give(back).value()
    # The bounced money is gone again before anything else is paid with it.
    pay("bounced", 1_234_567)
    seller.close_through(date(2024, 2, 19))
    owed = replay(LoanAccount, loans["settled"]).payoff_quote(seller.today()).total_minor
    pay("settled", owed, kind="payoff")
    seller.close_through(date(2024, 4, 14))
    return seller, loans


def told(book, seller, loans):
    """Tell the loans that were lived here as those of another borrower, with balances on three days."""
    reference = book.borrower(neighbour_of(seller), limit="1000000.00")
    today = seller.today()
    for name, loan_id in loans.items():
        lived = replay(LoanAccount, loan_id)
        term = 6 if name == "prepaid" else 3
        book.loan(name, of=reference, disbursed_on=lived.state.disbursed_on, term=term)
        for _, fact in lived.state.facts[1:]:
            book.fact(name, fact)
        for as_of in (date(2024, 2, 5), date(2024, 3, 20), today):
            book.balance_of(name, lived, on=today, as_of=as_of)


@pytest.fixture
def both(books, book):
    """The loans that were lived here and, by the same names, those that were imported; both borrowers."""
    native, loans = lived_loans()
    told(book, native, loans)
    assert take(book).refused == ()
    reference = neighbour_of(native)
    return native, imported(reference), {name: (id_, loan_of(name, reference)) for name, id_ in loans.items()}


def assert_alike(pairs, *, on, as_of):
    for name, ids in pairs.items():
        lived, taken = (replay(LoanAccount, loan_id) for loan_id in ids)
        for day in as_of:
            a, b = lived.position(on, as_of=day), taken.position(on, as_of=day)
            assert a.days_past_due == b.days_past_due, (name, day)
            assert a.outstanding_minor == b.outstanding_minor, (name, day)
            assert a.overdue == b.overdue, (name, day)
            assert a.rows == b.rows, (name, day)
            assert a.books == b.books, (name, day)
        assert rows_of(ids[0]) == rows_of(ids[1]), name


class TestLoansThatWereLivedElsewhere:
    def test_stand_as_if_they_had_been_lived_here(self, both):
        native, seller, pairs = both
        today = native.today()
        states = {name: Loan.objects.get(id=taken).status for name, (_, taken) in pairs.items()}
        assert states == {
            "running": "overdue",
            "bounced": "overdue",
            "settled": "settled",
            "overdue": "overdue",
            "prepaid": "overdue",
        }
        days = (date(2024, 1, 25), date(2024, 2, 6), date(2024, 2, 9), date(2024, 3, 1), today)
        assert_alike(pairs, on=today, as_of=days)
        owed = one("SELECT sum(outstanding_minor) FROM loan WHERE line_id = %s", seller.line_id)
        assert one("SELECT drawn_minor FROM credit_line WHERE id = %s", seller.line_id) == owed
        of_bank = "SELECT count(*) FROM journal_line WHERE account IN ('1002', '2101') AND entity_id = %s"
        assert one(of_bank, seller.entity_id) == 0
        assert one("SELECT count(*) FROM notice WHERE entity_id = %s", seller.entity_id) == 0
        assert_books_hold()

    def test_earn_age_and_take_late_payments_like_the_others(self, both):
        native, seller, pairs = both
        today = native.today()
        native.close_through(date(2024, 4, 20))
        assert_alike(pairs, on=date(2024, 4, 21), as_of=(date(2024, 4, 21),))
        for payer, loan_id in zip((native, seller), pairs["overdue"], strict=True):
            payer.receive(700_000)
            late = RecordRepayment(
                loan_id=loan_id, line_id=payer.line_id, source_account_id=payer.accounts[0],
                kind="instalment", amount_minor=700_000, currency="CNY", value_date=date(2024, 3, 5),
            )  # fmt: skip
            assert give(late).value()["applied_minor"] == 700_000
        assert seller.balance() == 0
        native.close_through(date(2024, 4, 25))
        assert_alike(pairs, on=date(2024, 4, 26), as_of=(date(2024, 3, 10), date(2024, 4, 26)))
        since = "SELECT sum(amount_minor) FROM accrual_row WHERE loan_id = %s AND business_date >= %s"
        for lived, taken in pairs.values():
            assert one(since, lived, today) == one(since, taken, today)
        assert_books_hold()


# How each loan was planned again: why, from which day, what became of overdue rows and open interest, and the plan.
CHANGES = {
    "deferral": ((2024, 1, 20), "carried", False, {}, 4),
    "restructure": ((2024, 3, 11), "forgiven", True, {"method": ContractMethod.EQUAL_PRINCIPAL}, 6),
    "re_age": ((2024, 3, 11), "capitalised", True, {"unit": Unit.WEEK, "every": 2}, 8),
    "re_amortise": (
        (2024, 2, 2),
        "carried",
        False,
        {"method": ContractMethod.INTEREST_ONLY, "basis": Basis.EXACT, "fixed_day": 20},
        3,
    ),
}


@pytest.fixture
def planned_again(books, book):
    """One loan for each change of the plan, lived here in four months and imported as another borrower's."""
    native = seller_with_line(reference="NATIVE", accounts=1, monthly_minor=500_000_000)
    loans = {change: native.borrow(6_000_000) for change in CHANGES}
    for change, (on, interest, overdue, said, term) in sorted(CHANGES.items(), key=lambda one: one[1][0]):
        native.close_through(date(*on) - timedelta(days=1))
        state = replay(LoanAccount, loans[change]).state
        repayment = changed(repayment_of(state.contract, state.conventions), **said)
        agreed(
            RecordLoanFact(
                loan_id=loans[change], line_id=native.line_id, kind=FactKind.PLAN_CHANGED,
                account_ids=(native.accounts[0],), change=change, interest=interest, takes_overdue=overdue,
                plan=NewPlan(repayment=repayment, annual_rate_e8=9_600_000, term=term),
            )
        ).value()  # fmt: skip
    native.close_through(date(2024, 4, 14))
    reference = book.borrower(neighbour_of(native), limit="1000000.00")
    for change, loan_id in loans.items():
        lived = replay(LoanAccount, loan_id)
        book.loan(change, of=reference, disbursed_on=lived.state.disbursed_on)
        for _, fact in lived.state.facts[1:]:
            book.fact(change, fact)
        for as_of in (date(2024, 2, 5), date(2024, 3, 20), native.today()):
            book.balance_of(change, lived, on=native.today(), as_of=as_of)
    return native, reference, loans


class TestLoansThatWerePlannedAgain:
    def test_stand_as_if_they_had_been_planned_again_here(self, planned_again, book):
        native, reference, loans = planned_again
        assert take(book).refused == ()
        pairs = {change: (loan_id, loan_of(change, reference)) for change, loan_id in loans.items()}
        for lived, taken in pairs.values():
            plans = [replay(LoanAccount, one).state.facts[1][1].plan for one in (lived, taken)]
            assert plans[0] == plans[1]
        days = (date(2024, 1, 25), date(2024, 2, 9), date(2024, 3, 20), native.today())
        assert_alike(pairs, on=native.today(), as_of=days)
        native.close_through(date(2024, 5, 20))
        assert_alike(pairs, on=native.today(), as_of=(date(2024, 3, 20), native.today()))
        assert_books_hold()

    def test_are_told_by_a_dry_run_as_well(self, planned_again, book):
        before = contents()
        dry = take(book, is_dry=True)
        assert contents() == before
        assert (dry.refused, len(dry.lines)) == ((), 3 + 4 + 4 + 12)
        assert_books_hold()

    def test_keep_the_conventions_that_are_not_told_and_their_identity(self, books, book):
        book.borrower()
        book.loan("L-1")
        change = {"loan": "L-1", "fact": "N-1", "kind": "plan_changed", "value_date": "2023-11-20"}
        book.add("facts.csv", **change, change="re_amortise", plan_rate="0.12", plan_term="5")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        assert take(book).refused == ()
        loan = replay(LoanAccount, loan_of("L-1")).state
        plan = loan.facts[1][1].plan
        assert plan == NewPlan(
            repayment=repayment_of(loan.contract, loan.conventions), annual_rate_e8=12_000_000, term=5
        )
        assert {line.outcome.value for line in take(book).lines} == {"already_there"}
        book.lines["facts.csv"][0]["plan_rate"] = "0.11"
        assert refusals(take(book))["loans.csv", 2][0] == "LENDING_LOAN_IMPORTED_OTHERWISE"
        assert_books_hold()

    @pytest.mark.parametrize(
        ("cells", "code", "field"),
        [
            ({"plan_rate": ""}, "value_missing", "plan_rate"),
            ({"plan_term": ""}, "value_missing", "plan_term"),
            ({"plan_rate": "", "plan_term": ""}, "value_missing", "plan_rate"),
            ({"due_on": "2024-03-10"}, "detail_not_of_kind", "due_on"),
            ({"plan_method": "balloon"}, "word_unknown", "plan_method"),
            ({"plan_every": "often"}, "number_unreadable", "plan_every"),
            ({"change": ""}, "value_missing", "change"),
            ({"kind": "rate_changed", "rate": "0.1", "change": ""}, "detail_not_of_kind", "plan_rate"),
            ({"plan_method": "custom"}, "LEDGER_NEW_PLAN_UNSOUND", "plan_method"),
            ({"plan_unit": "week", "plan_fixed_day": "3"}, "LEDGER_NEW_PLAN_UNSOUND", "plan_fixed_day"),
            ({"plan_grace_principal_rows": "5"}, "LEDGER_PLAN_TERMS_IMPOSSIBLE", "grace"),
            ({"plan_term": "0"}, "number_out_of_range", "plan_term"),
            ({"plan_term": "999999"}, "number_out_of_range", "plan_term"),
            (
                {"plan_rate": "", "plan_term": "", "due_on": "2024-03-10"},
                "LEDGER_FACT_IMPOSSIBLE",
                "terms",
            ),
        ],
    )
    def test_in_a_way_that_cannot_be_are_refused_by_the_line(self, books, book, cells, code, field):
        book.borrower()
        book.loan("L-1")
        change = {"loan": "L-1", "fact": "N-1", "kind": "plan_changed", "value_date": "2023-11-20"}
        line = book.add("facts.csv", **change, change="re_age", plan_rate="0.12", plan_term="5")
        book.lines["facts.csv"][0].update(cells)
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        assert refusals(take(book))["facts.csv", line] == (code, field)
        assert not Loan.objects.exists()
        assert_books_hold()

    def test_are_no_revolving_draws(self, books, book):
        book.borrower()
        book.loan("L-1", product_code="revolving-daily", term=90)
        change = {"loan": "L-1", "fact": "N-1", "kind": "plan_changed", "value_date": "2023-11-20"}
        line = book.add("facts.csv", **change, change="deferral", plan_rate="0.12", plan_term="5")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        assert refusals(take(book))["facts.csv", line] == ("LEDGER_NEW_PLAN_UNSOUND", "plan_method")
        # Nor do they become instalment loans by a method of their own.
        book.lines["facts.csv"][0]["plan_method"] = "equal_principal"
        assert refusals(take(book))["facts.csv", line][0] == "LEDGER_FACT_IMPOSSIBLE"
        assert not Loan.objects.exists()
        assert_books_hold()


class TestTheJournal:
    def test_opens_each_loan_with_one_entry_and_leaves_accounts_of_borrowers_alone(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.pay("L-1", "P-1", "2023-12-10", "20481.91")
        book.balance("L-1", "2023-12-10", "40238.09", 0, "0.00")
        assert take(book).refused == ()
        loan_id = loan_of("L-1")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.topic, l.account, l.side, l.amount_minor, l.settlement_account_id FROM journal_line l"
                " JOIN journal_entry e USING (posting_date, shard, pos) WHERE l.loan_id = %s"
                " AND e.topic LIKE 'loan.%%' ORDER BY 2",
                [loan_id],
            )
            entries = cursor.fetchall()
        assert entries == [
            ("loan.taken_over", "1301", "D", 4_023_809, None),
            # 23 days from 2023-12-10 at 14.4%: 40,238.09 x 0.144 / 12 x 23 / 31.
            ("loan.taken_over", "1321", "D", 35_825, None),
            ("loan.taken_over", "3001", "C", 4_059_634, None),
        ]
        assert imported().balance() == 0
        assert_books_hold()

    def test_keeps_a_returned_payment_of_the_old_books_as_money_of_the_borrower(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.pay("L-1", "P-1", "2023-12-10", "20481.91")
        book.balance("L-1", "2023-12-10", "40238.09", 0, "0.00")
        take(book)
        seller = imported()
        back = RecordLoanFact(
            loan_id=loan_of("L-1"), line_id=seller.line_id, kind=FactKind.PAYMENT_REVERSED,
            account_ids=(seller.accounts[0],), of="P-1", value_date=date(2023, 12, 20),
        )  # fmt: skip
        give(back).value()
        assert seller.balance() == 2_048_191
        assert Loan.objects.get(id=loan_of("L-1")).outstanding_minor == 6_000_000
        assert_books_hold()


class TestALoan:
    def test_that_differs_from_its_balance_is_refused_by_name_with_both_figures(self, books, book):
        book.borrower()
        book.loan("L-1")
        fact = book.pay("L-1", "P-1", "2023-12-10", "20481.91")
        right = book.balance("L-1", "2023-12-10", "40238.09", 0, "0.00")
        wrong = book.balance("L-1", "2023-12-20", "40238.11", 0, "0.00")
        other = book.loan("L-2", disbursed_on="2023-12-20")
        book.balance("L-2", "2024-01-02", "60000.00", 0, "0.00")
        report = take(book, tolerance_minor=1)
        assert refusals(report) == {
            ("loans.csv", 2): ("LEDGER_CONTROL_BALANCE_DIFFERS", "outstanding_minor"),
            ("facts.csv", fact): ("loan_refused", "loan"),
            ("balances.csv", right): ("loan_refused", "loan"),
            ("balances.csv", wrong): ("LEDGER_CONTROL_BALANCE_DIFFERS", "outstanding_minor"),
        }
        assert "told 4023811, derived 4023809" in report.as_text()
        assert [loan.id for loan in Loan.objects.all()] == [loan_of("L-2")]
        assert other == 3
        assert_books_hold()

    def test_is_taken_when_the_difference_lies_within_the_tolerance(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.02", 0, "0.00")
        assert take(book, tolerance_minor=2).refused == ()
        assert_books_hold()

    def test_without_a_balance_is_refused(self, books, book):
        book.borrower()
        number = book.loan("L-1")
        assert refusals(take(book)) == {("loans.csv", number): ("LEDGER_CONTROL_BALANCE_MISSING", "controls")}
        assert not Loan.objects.exists()
        assert_books_hold()

    def test_may_owe_more_than_the_limit(self, books, book):
        book.borrower(limit="1000.00")
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        assert take(book).refused == ()
        assert one("SELECT drawn_minor - limit_minor FROM credit_line") == 5_900_000
        assert_books_hold()

    def test_of_every_kind_of_fact_that_can_be_written_is_read(self, books, book):
        book.borrower()
        book.loan(
            "L-1", product_code="agreed-batches", term=2, batches="2024-01-10:30000.00;2024-02-10:30000.00"
        )
        book.add(
            "facts.csv", loan="L-1", fact="C-1", kind="charge_added", value_date="2023-11-12", amount="50.00",
            due_on="2023-12-01", is_late_fee="no",
        )  # fmt: skip
        book.add("facts.csv", loan="L-1", fact="W-1", kind="charge_waived", value_date="2023-11-13", of="C-1")
        book.add(
            "facts.csv", loan="L-1", fact="R-1", kind="rate_changed", value_date="2023-11-14", rate="0.12"
        )
        book.add(
            "facts.csv",
            loan="L-1",
            fact="I-1",
            kind="interest_paused",
            value_date="2023-11-20",
            until="2023-11-25",
        )
        book.balance("L-1", "2023-12-05", "60000.00", 0, "0.00")
        report = take(book)
        assert report.refused == ()
        facts = replay(LoanAccount, loan_of("L-1")).state.facts
        assert [fact.kind.value for _, fact in facts] == [
            "disbursed", "charge_added", "charge_waived", "rate_changed", "interest_paused",
        ]  # fmt: skip
        assert facts[3][1].details == {"rate_e8": 12_000_000}
        assert_books_hold()

    def test_that_was_sold_in_the_old_books_owes_nothing_and_brings_no_money(self, books, book):
        book.borrower()
        book.loan("L-1")
        sale = {"loan": "L-1", "kind": "sold", "price": "59000.00", "buyer": "B-7"}
        book.add("facts.csv", fact="S-1", value_date="2023-11-20", **sale)
        book.add("facts.csv", fact="S-2", value_date="2023-11-25", loan="L-1", kind="sale_undone", of="S-1")
        book.add("facts.csv", fact="S-3", value_date="2023-12-01", **sale)
        book.balance("L-1", "2023-11-27", "60000.00", 0, "0.00")
        book.balance("L-1", "2023-12-20", "0.00", 0, "0.00")
        assert take(book).refused == ()
        assert one("SELECT status || outstanding_minor FROM loan") == "sold0"
        assert one("SELECT count(*) FROM journal_line WHERE account IN ('1002', '1301', '6061', '6702')") == 0
        assert_books_hold()


class TestADryRun:
    def test_says_the_same_and_writes_nothing(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        book.loan("L-2")
        book.balance("L-2", "2023-11-20", "59000.00", 0, "0.00")
        before = contents()
        dry = take(book, is_dry=True)
        assert contents() == before
        real = take(book)
        assert real.lines == dry.lines
        assert len(real.refused) == 2
        assert contents() != before
        assert_books_hold()


class TestARepeat:
    def test_takes_nothing_twice(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        take(book)
        events = one("SELECT count(*) FROM es_event")
        report = take(book)
        assert {line.outcome.value for line in report.lines} == {"already_there"}
        assert one("SELECT count(*) FROM es_event") == events
        assert_books_hold()

    def test_takes_what_was_refused_once_it_is_corrected(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "1.00", 0, "0.00")
        assert take(book).refused
        book.lines["balances.csv"][0]["outstanding_principal"] = "60000.00"
        assert take(book).refused == ()
        assert Loan.objects.count() == 1
        assert_books_hold()

    def test_with_another_history_is_refused(self, books, book):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        take(book)
        fact = book.pay("L-1", "P-1", "2023-12-10", "100.00")
        events = one("SELECT count(*) FROM es_event")
        found = refusals(take(book))
        assert found["loans.csv", 2][0] == "LENDING_LOAN_IMPORTED_OTHERWISE"
        assert found["facts.csv", fact][0] == "loan_refused"
        assert one("SELECT count(*) FROM es_event") == events
        assert_books_hold()


class TestALineThatIsWrong:
    @pytest.mark.parametrize(
        ("file", "cells", "code", "field"),
        [
            ("entities.csv", {"currency": "XXX"}, "word_unknown", "currency"),
            ("accounts.csv", {"role": "owner"}, "word_unknown", "role"),
            ("accounts.csv", {"currency": "USD"}, "currency_differs", "currency"),
            ("accounts.csv", {"entity_reference": "NOBODY"}, "entity_unknown", "entity_reference"),
            ("lines.csv", {"limit": "1,000"}, "cells_extra", ""),
            ("lines.csv", {"limit": "-5"}, "number_unreadable", "limit"),
            ("loans.csv", {"principal": "60000.001"}, "number_too_precise", "principal"),
            ("loans.csv", {"disbursed_on": "2023-02-30"}, "date_impossible", "disbursed_on"),
            ("loans.csv", {"disbursed_on": "0001-01-01"}, "date_impossible", "disbursed_on"),
            ("loans.csv", {"term": "7"}, "LEDGER_TERM_NOT_OFFERED", "term"),
            ("loans.csv", {"product_code": "nothing"}, "LEDGER_PRODUCT_UNKNOWN", "product_code"),
            ("loans.csv", {"external_id": "elsewhere"}, "account_refused", "external_id"),
            ("loans.csv", {"disbursed_on": "2024-01-03"}, "LEDGER_VALUE_DATE_AHEAD", "disbursed_on"),
            ("facts.csv", {"kind": "gift"}, "word_unknown", "kind"),
            ("facts.csv", {"kind": "disbursed"}, "word_unknown", "kind"),
            ("facts.csv", {"value_date": "10.12.2023"}, "date_unreadable", "value_date"),
            (
                "facts.csv",
                {"kind": "charge_added", "due_on": "9999-12-31"},
                "date_impossible",
                "due_on",
            ),
            ("facts.csv", {"value_date": "2200-01-01"}, "date_impossible", "value_date"),
            ("facts.csv", {"value_date": "1899-12-31"}, "date_impossible", "value_date"),
            ("facts.csv", {"amount": ""}, "value_missing", "amount"),
            ("facts.csv", {"due_on": "2023-12-30"}, "detail_not_of_kind", "due_on"),
            ("facts.csv", {"loan": "L-9"}, "loan_unknown", "loan"),
            ("facts.csv", {"fact": "1/1e"}, "LEDGER_FACT_NAME_TAKEN", "fact"),
            ("facts.csv", {"value_date": "2023-11-01"}, "LEDGER_VALUE_DATE_BEFORE_PAYOUT", "value_date"),
            ("facts.csv", {"reason": "r" * 201}, "value_unreadable", "reason"),
            ("facts.csv", {"reason": "by\tthe branch"}, "value_unreadable", "reason"),
            ("balances.csv", {"days_past_due": "soon"}, "number_unreadable", "days_past_due"),
            ("balances.csv", {"as_of": "2024-01-05"}, "LEDGER_VALUE_DATE_AHEAD", "as_of"),
            ("balances.csv", {"days_past_due": "3"}, "LEDGER_CONTROL_BALANCE_DIFFERS", "days_past_due"),
        ],
    )  # fmt: skip
    def test_is_named_with_its_reason_and_no_line_is_lost(self, books, book, file, cells, code, field):
        book.borrower()
        book.loan("L-1")
        book.pay("L-1", "P-1", "2023-12-10", "20481.91")
        book.balance("L-1", "2023-12-10", "40238.09", 0, "0.00")
        book.borrower("OLD-E2")
        book.loan("L-2", of="OLD-E2")
        book.balance("L-2", "2023-11-20", "60000.00", 0, "0.00")
        book.lines[file][0].update(cells)
        directory = book.write()
        if code == "cells_extra":
            place = directory / file
            place.write_text(place.read_text().replace('"1,000"', "1,000"))
        report = import_book(directory=directory, actor=IMPORTER, run=f"run-{next(_runs)}")
        assert refusals(report)[file, 2] == (code, field)
        assert len(report.lines) == sum(len(lines) for lines in book.lines.values())
        # A loan is taken whole or not at all, and another borrower's all the same.
        taken = {loan.id for loan in Loan.objects.all()}
        assert loan_of("L-2", "OLD-E2") in taken
        assert len(taken) == 1
        assert_books_hold()


class TestTheFiles:
    def test_are_all_there_or_none_is_read(self, books, book):
        directory = book.write()
        (directory / "facts.csv").unlink()
        before = contents()
        with pytest.raises(LoanBookFileMissing) as refused:
            import_book(directory=directory, actor=IMPORTER, run="r")
        assert refused.value.details["files"] == ["facts.csv"]
        assert contents() == before

    def test_have_no_columns_that_would_be_ignored(self, books, book):
        directory = book.write()
        (directory / "lines.csv").write_text("entity_reference,limit,colour\n")
        with pytest.raises(LoanBookColumnsUnknown) as refused:
            import_book(directory=directory, actor=IMPORTER, run="r")
        assert refused.value.details["odd"] == ["colour"]


class TestTheCommand:
    def test_reports_every_line_and_ends_with_one_when_any_was_refused(self, books, book, tmp_path):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        table, out = tmp_path / "report.csv", io.StringIO()
        call_command("import_loans", str(book.write()), "--report", str(table), stdout=out)
        assert "loans.csv: lines 1, taken 1, already there 0, refused 0" in out.getvalue()
        assert len(table.read_text().splitlines()) == 1 + 5
        book.loan("L-2")
        with pytest.raises(CommandError) as ended:
            call_command("import_loans", str(book.write()), "--dry-run", stdout=out)
        assert ended.value.returncode == 1
        assert "dry run: nothing is stored" in out.getvalue()
        assert Loan.objects.count() == 1
        assert_books_hold()

    @pytest.mark.parametrize("place", [".", "nowhere/report.csv"])
    def test_reads_nothing_when_its_report_cannot_be_written(self, books, book, tmp_path, place):
        book.borrower()
        book.loan("L-1")
        book.balance("L-1", "2023-11-20", "60000.00", 0, "0.00")
        before, table = contents(), tmp_path / place
        for directory in (book.write(), tmp_path / "no files"):
            with pytest.raises(CommandError, match="report cannot be written") as ended:
                call_command("import_loans", str(directory), "--report", str(table))
            assert ended.value.returncode == 2
        assert contents() == before
        assert not (tmp_path / "nowhere").exists()
        assert_books_hold()

    def test_leaves_no_report_of_another_run_when_the_files_are_refused(self, books, tmp_path):
        table = tmp_path / "report.csv"
        table.write_text("file,line,outcome,field,code,sentence\n")
        before = contents()
        with pytest.raises(CommandError, match="LENDING_LOAN_BOOK_FILE_MISSING"):
            call_command("import_loans", str(tmp_path), "--report", str(table))
        assert table.read_text() == ""
        assert contents() == before
        assert_books_hold()

    def test_lets_an_imported_borrower_draw_again(self, books, book):
        book.borrower()
        book.loan("L-1", disbursed_on="2023-12-20")
        book.balance("L-1", "2024-01-02", "60000.00", 0, "0.00")
        take(book)
        seller = imported()
        draw = RequestDrawdown(
            line_id=seller.line_id, account_id=seller.accounts[0], amount_minor=1_000_000, currency="CNY",
            product_code="instalment-monthly", term=3,
        )  # fmt: skip
        assert give(draw).refusal is None
        pay_outs()
        seller.close_through(books + timedelta(days=2))
        assert Loan.objects.filter(status="active").count() == 2
        assert_books_hold()
