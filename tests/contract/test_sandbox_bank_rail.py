"""The sandbox bank with its memory in the process keeps the contract of every bank rail."""

from __future__ import annotations

from lending.gateways.sandbox_bank_rail import SandboxBankRail
from tests.contract.bank_rail import BankRailContract


class TestSandboxBankRailInMemory(BankRailContract):
    def rail(self):
        return SandboxBankRail()
