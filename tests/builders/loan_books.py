"""Loan books as other systems would hand them over: six files in a directory."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import NewPlan, RecordedFact
from ledger.kernel.money import Money
from lending.book_import.fact_lines import PLAN_COLUMNS
from lending.book_import.layout import ACCOUNTS, BALANCES, ENTITIES, FACTS, FILES, LINES, LOANS

_AS_COLUMNS = {"amount_minor": "amount", "rate_e8": "rate", "share_e8": "share"}


def text(amount_minor: int, currency: str = "CNY") -> str:
    return Money(amount_minor, currency).as_text()


def plan_cells(plan: NewPlan) -> dict[str, object]:
    """The columns of a new plan, with every convention that the files can tell."""
    cells = {"plan_rate": f"{plan.annual_rate_e8 / 10**8:.8f}", "plan_term": plan.term}
    names = (column.removeprefix("plan_") for column in PLAN_COLUMNS if column not in cells)
    told = {name: getattr(plan.repayment, name) for name in names}
    return cells | {f"plan_{name}": value for name, value in told.items() if value is not None}


class LoanBook:
    """Collects lines and writes them; every file exists, with its header at least."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.lines: dict[str, list[dict[str, str]]] = {layout.file: [] for layout in FILES}

    def add(self, file: str, **cells: object) -> int:
        """Add a line and return its number."""
        self.lines[file].append({name: str(value) for name, value in cells.items()})
        return len(self.lines[file]) + 1

    def borrower(
        self, reference: str = "OLD-E1", *, limit: str | None = "500000.00", accounts: int = 1
    ) -> str:
        """Add an entity with its accounts and its line."""
        self.add(ENTITIES.file, entity_reference=reference, country="CN", currency="CNY")
        for number in range(accounts):
            self.add(
                ACCOUNTS.file,
                entity_reference=reference,
                platform="taobao",
                external_id=f"{reference}-shop-{number}",
                role="sub" if number else "master",
                currency="CNY",
                opened_on="2022-05-01",
                consent_granted_on="2022-05-02",
            )
        if limit is not None:
            self.add(LINES.file, entity_reference=reference, limit=limit)
        return reference

    def loan(self, name: str, *, of: str = "OLD-E1", **cells: object) -> int:
        """Add a loan: 60,000.00 over three months unless told otherwise."""
        ordinary = {
            "product_code": "instalment-monthly",
            "term": 3,
            "principal": "60000.00",
            "disbursed_on": "2023-11-10",
        }
        account = {"platform": "taobao", "external_id": f"{of}-shop-0"}
        return self.add(LOANS.file, loan=name, entity_reference=of, **account, **(ordinary | cells))

    def pay(self, loan: str, fact: str, on: str, amount: str, **cells: object) -> int:
        return self.add(
            FACTS.file, loan=loan, fact=fact, kind="payment_received", value_date=on, amount=amount, **cells
        )

    def fact(self, loan: str, fact: RecordedFact) -> int:
        """Add a fact as another loan has it."""
        cells = {}
        for name, value in fact.details.items():
            shown = (
                text(value)
                if name == "amount_minor"
                else f"{value / 10**8:.8f}"
                if name.endswith("_e8")
                else value
            )
            cells[_AS_COLUMNS.get(name, name)] = (
                {True: "yes", False: "no"}.get(shown, shown) if isinstance(shown, bool) else shown
            )
        if fact.plan is not None:
            cells |= plan_cells(fact.plan)
        return self.add(
            FACTS.file, loan=loan, fact=fact.id, kind=fact.kind.value, value_date=fact.value_date, **cells
        )

    def balance(self, loan: str, on: date | str, outstanding: str, days: int, overdue: str) -> int:
        return self.add(
            BALANCES.file,
            loan=loan,
            as_of=on,
            outstanding_principal=outstanding,
            days_past_due=days,
            overdue_amount=overdue,
        )

    def balance_of(self, loan: str, lived: LoanAccount, *, on: date, as_of: date) -> int:
        """Add what a loan that was lived here says of itself."""
        position = lived.position(on, as_of=as_of)
        return self.balance(
            loan,
            as_of,
            text(position.outstanding_minor),
            position.days_past_due,
            text(position.overdue.total_minor),
        )

    def write(self) -> Path:
        for layout in FILES:
            with (self.directory / layout.file).open("w", encoding="utf-8", newline="") as stream:
                table = csv.DictWriter(
                    stream, fieldnames=layout.needed + layout.optional, restval="", lineterminator="\n"
                )
                table.writeheader()
                table.writerows(self.lines[layout.file])
        return self.directory
