"""The figures of a demonstration as a person reads them."""

from __future__ import annotations

from config.demo.phases import Phases
from config.demo.printing import print_proofs, table
from config.demo.proofs import Proof


class TestTable:
    def test_puts_text_to_the_left_and_amounts_to_the_right(self):
        rows = [{"reason": "late", "open_amount": "1250.00"}, {"reason": "gone", "open_amount": "-3.10"}]
        assert table(rows) == [
            "reason  open amount",
            "late        1250.00",
            "gone          -3.10",
        ]

    def test_says_that_there_is_nothing(self):
        assert table([]) == ["none"]

    def test_shows_what_is_unknown_as_a_dash(self):
        assert table([{"limit": None}]) == ["limit", "    -"]


class TestPrintProofs:
    def test_shouts_when_a_proof_does_not_hold(self):
        said: list[str] = []
        print_proofs(
            [Proof("verification", False, {"problems": ["es_event shard 3: altered"]})], say=said.append
        )
        assert "DOES NOT HOLD" in said[-1]
        assert "es_event shard 3: altered" in said[-1]


class TestPhases:
    def test_counts_work_per_second_of_the_working_phases_only(self):
        phases = Phases(say=lambda _: None, seconds={"import": 2.0, "business days": 8.0, "rebuild": 90.0})
        counts = {"commands": 1000, "events": 2000, "loan_days": 50}
        performance = phases.performance(counts, working=("import", "business days"))
        assert performance["per_second"] == {"commands": 100.0, "events": 200.0, "loan_days": 5.0}
        assert performance["seconds_in_all"] == 100.0
        assert performance["peak_memory_mib"] > 1
