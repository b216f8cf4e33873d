"""The demonstration as a user runs it: a process of its own, a cluster of its own.

One short run is made twice; the other tests look at what it left, or at what must not start at all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config.embedded_postgres import EmbeddedCluster

pytestmark = [pytest.mark.processes, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[3]
OF_THE_SUITE = ("DATABASE", "DJANGO", "LOANBOOK", "CELERY")
SMALL = ("--no-serve", "--entities", "16", "--days", "40", "--seed", "5")


@pytest.fixture(scope="module")
def place():
    """A directory any account can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="loanbook-demo-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    EmbeddedCluster(path / "postgres").stop()
    shutil.rmtree(path)


def demo(place: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_SUITE)}
    environment |= {"LOANBOOK_DATA_DIR": str(place / "postgres"), "LOANBOOK_LOG_LEVEL": "WARNING"}
    command = [sys.executable, "manage.py", "demo", *map(str, arguments)]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=240
    )


@pytest.fixture(scope="module")
def finished(place):
    runs = []
    for number in (1, 2):
        report = place / f"report-{number}.json"
        run = demo(place, *SMALL, "--report", report)
        assert run.returncode == 0, run.stdout + run.stderr
        runs.append((run.stdout, json.loads(report.read_text(encoding="utf-8"))))
    return runs


class TestDemo:
    def test_proves_its_books(self, finished):
        printed, report = finished[0]
        assert report["succeeded"] is True
        assert {name: proof["holds"] for name, proof in report["proofs"].items()} == {
            "trial balance": True,
            "verification": True,
            "followers": True,
            "rebuild": True,
        }
        totals = [row for row in report["figures"]["trial_balance"] if row["account"] == "total"]
        assert [row["balance"] for row in totals] == ["0.00"]
        assert "DOES NOT HOLD" not in printed

    def test_shows_lives_of_loans(self, finished):
        figures = finished[0][1]["figures"]
        assert {row["status"] for row in figures["applications"]} == {"approved", "rejected"}
        assert figures["counts"]["loan_days"] > 0
        assert {"active", "settled"} <= {row["status"] for row in figures["loans"]}
        assert {row["kind"] for row in figures["repaid"]} & {"instalment", "payoff"}
        assert all(row["state"] == "done" for row in figures["outbox"])

    def test_accounts_for_every_line_of_the_file(self, finished):
        imported = finished[0][1]["import"]
        assert imported["taken"] + imported["refused"] == imported["lines"]
        assert len(imported["refused_lines"]) == imported["refused"] == 7

    def test_gives_the_same_figures_from_the_same_seed(self, finished):
        first, second = (dict(report) for _, report in finished)
        assert first.pop("performance")["seconds_in_all"] > 0
        assert second.pop("performance")["seconds_in_all"] > 0
        assert first == second

    def test_leaves_no_server_behind(self, finished, place):
        assert not EmbeddedCluster(place / "postgres").is_running()

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "the file is empty"),
            (b"name,age\nx,1\n", "the header does not name"),
            (b"\x00\x01\x02", "the file is not text"),
            (
                b"seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state\n,,,,,,\n",
                "No line",
            ),
        ],
    )
    def test_refuses_a_useless_file_before_anything_starts(self, tmp_path, content, why):
        path = tmp_path / "orders.csv"
        path.write_bytes(content)
        run = demo(tmp_path, "--no-serve", "--orders", path)
        assert run.returncode == 2
        assert why in run.stderr
        assert "Traceback" not in run.stderr
        assert sorted(tmp_path.iterdir()) == [path]
