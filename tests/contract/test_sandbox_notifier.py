"""The sandbox notifier keeps the contract of every notifier."""

from __future__ import annotations

from collection.gateways.sandbox_notifier import InMemoryNoticeStore, SandboxNotifier
from tests.contract.notifier import NotifierContract


class TestSandboxNotifier(NotifierContract):
    def notifier(self):
        store = InMemoryNoticeStore()
        return SandboxNotifier(store=store), lambda: len(store.notices)
