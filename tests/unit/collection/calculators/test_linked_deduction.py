"""The calculator ``linked-deduction``: the worked debt, reserved money, authorisation, ties and notices."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collection.calculators.linked_deduction import LINKED_DEDUCTION
from ledger.calculators import calculate
from ledger.calculators.refusals import InputContradictory

MASTER = {"name": "M", "role": "master", "balance": "1000.00"}
S1 = {"name": "S1", "balance": "3500.00"}
S2 = {"name": "S2", "balance": "9000.00"}


def debt(amount="6275.43", *, loan="L1", account="M", since="2024-04-04"):
    return {"loan": loan, "account": account, "amount": amount, "overdue_since": since}


WORKED = debt()


def answer(*, accounts=(MASTER, S1, S2), debts=(WORKED,), **changes):
    given_fields = {"currency": "CNY", "accounts": list(accounts), "debts": list(debts), **changes}
    return calculate("linked-deduction", given_fields)


def result(**given_fields):
    return answer(**given_fields)["result"]


def paid(found, at=0):
    return [(row["account"], row["amount"]) for row in found["debts"][at]["deductions"]]


class TestLinkedDeduction:
    @pytest.mark.parametrize(
        ("owner", "fullest_first", "expected"),
        [
            ("M", False, [("M", "1000.00"), ("S1", "3500.00"), ("S2", "1775.43")]),
            ("S1", True, [("S1", "3500.00"), ("M", "1000.00"), ("S2", "1775.43")]),
            ("M", True, [("M", "1000.00"), ("S2", "5275.43")]),
        ],
    )
    def test_pays_the_worked_debt_and_tells_every_payer(self, owner, fullest_first, expected):
        found = result(debts=[debt(account=owner)], fullest_first=fullest_first)
        assert paid(found) == expected
        assert (found["notices"], found["remaining"]) == (len(expected), "0.00")

    def test_leaves_reserved_money_alone(self):
        accounts = [
            {**MASTER, "reserved": "999.99"},
            {**S1, "reserved": "3500.01"},
            {**S2, "reserved": "0.01"},
        ]
        found = result(accounts=accounts)
        assert paid(found) == [("M", "0.01"), ("S2", "6275.42")]
        assert found["debts"][0]["skipped"] == [{"account": "S1", "why": "nothing_available"}]

    def test_asks_for_authorisation_except_from_the_loans_own_account(self):
        accounts = [{**account, "authorised": False} for account in (MASTER, S1, S2)]
        found = result(accounts=accounts)
        assert (paid(found), found["remaining"]) == ([("M", "1000.00")], "5275.43")
        assert {row["why"] for row in found["debts"][0]["skipped"]} == {"not_authorised"}

    def test_settles_equal_balances_and_equal_days_by_name(self):
        accounts = [{"name": name, "balance": "10.00"} for name in ("B", "A")]
        debts = [debt("5.00", loan="Y", account="B"), debt("12.00", loan="X", account="A")]
        found = result(accounts=accounts, debts=debts)
        assert [row["loan"] for row in found["debts"]] == ["X", "Y"]
        assert paid(found) == [("A", "10.00"), ("B", "2.00")]
        assert paid(found, 1) == [("B", "5.00")]

    def test_says_in_which_order_it_takes(self):
        assert answer()["conventions"] == {
            "fullest_first": True,
            "order": "the loan's own account, the master, then sub accounts",
            "ties": "by name",
            "available": "balance less reserved",
        }

    def test_refuses_two_masters(self):
        with pytest.raises(InputContradictory) as refused:
            result(accounts=[MASTER, {**S1, "role": "master"}])
        assert refused.value.field == "accounts"

    @settings(deadline=None, max_examples=50)
    @given(
        balances=st.lists(st.integers(0, 1000), min_size=1, max_size=5),
        owed=st.lists(st.tuples(st.integers(1, 1500), st.integers(1, 3)), min_size=1, max_size=4),
        order=st.randoms(),
    )
    def test_does_not_depend_on_how_accounts_and_debts_are_listed(self, balances, owed, order):
        accounts = [{"name": f"a{n}", "balance": f"{held}.00"} for n, held in enumerate(balances)]
        debts = [
            debt(f"{amount}.00", loan=f"l{n}", account="a0", since=f"2024-04-0{day}")
            for n, (amount, day) in enumerate(owed)
        ]
        first = result(accounts=accounts, debts=debts)
        order.shuffle(accounts)
        order.shuffle(debts)
        assert result(accounts=accounts, debts=debts) == first
        taken = min(sum(balances), sum(amount for amount, _ in owed))
        assert Decimal(first["deducted"]) == taken


def test_the_worked_input_is_answered():
    assert calculate("linked-deduction", dict(LINKED_DEDUCTION.example))["result"]["notices"] == 3
