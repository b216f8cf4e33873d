"""Replay and decisions give the same on every machine: zone, locale, hash seed and Python version.

Method: a program that folds the whole corpus and tells every life again prints one digest; it is run in
processes that differ in everything a process inherits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.event_corpus.state_hash import state_hash

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENTS = [
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/New_York", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4294967295"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "random"},
    {"TZ": "Pacific/Marquesas", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
]
OTHER_PYTHONS = ["python3.11", "python3.12", "python3.13"]


def digest_by(python: str, environment: dict[str, str]) -> str:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [python, "-m", "tests.event_corpus.state_hash"],
        cwd=REPOSITORY,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestTheDigestOfAllLives:
    @pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment["TZ"])
    def test_is_the_same_in_every_environment(self, environment):
        assert digest_by(sys.executable, environment) == state_hash()

    def test_is_the_same_without_assertions(self):
        assert digest_by(sys.executable, {"PYTHONOPTIMIZE": "1"}) == state_hash()

    @pytest.mark.parametrize("name", OTHER_PYTHONS)
    def test_is_the_same_by_every_supported_python(self, name):
        python = shutil.which(name)
        can_import = [python or "", "-c", "import eventsourcing, msgspec"]
        if python is None or subprocess.run(can_import, capture_output=True, check=False).returncode:
            pytest.skip(f"{name} is not here with the packages the product needs")
        assert digest_by(python, {"TZ": "UTC"}) == state_hash()

    def test_changes_when_a_cent_changes(self, monkeypatch):
        from tests.event_corpus import complete_lives

        told = complete_lives.LIVES["settlement_withdrawn"]
        before = state_hash()

        def told_with_a_cent_more():
            account = told()
            account.receive(
                amount_minor=1,
                channel="platform",
                reference="R-3",
                effective_date=complete_lives.date(2024, 3, 1),
            )
            return account

        monkeypatch.setitem(complete_lives.LIVES, "settlement_withdrawn", told_with_a_cent_more)
        assert state_hash() != before
