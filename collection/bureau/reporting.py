"""Reporting a month: what was not reported yet, or is not as it was reported, is reported now.

Owns: comparing snapshots with the latest records, one command for each difference, and the keys that make a
repeat harmless. Refuses to know: how a snapshot comes about and what the file looks like.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final
from uuid import UUID

from collection.bureau.snapshots import snapshots
from collection.commands.report_to_bureau import ReportToBureau
from collection.domain.bureau_record import Snapshot, require_over
from collection.models import BureauRecord
from ledger.eventstore.commands import Actor
from ledger.eventstore.processor import execute
from ledger.eventstore.shards import SHARD_COUNT
from ledger.models import EsShard

REPORTER: Final = Actor("service:bureau")


@dataclass
class Reported:
    """What a run did: first records, corrections, and loans whose record still holds."""

    first: int = 0
    corrected: int = 0
    unchanged: int = 0


def report_month(*, month: date) -> Reported:
    """Report every loan of the month that begins on a day. Refuses BureauMonthNotOver."""
    done = Reported()
    for shard in range(SHARD_COUNT):
        _report_shard(shard, month, done)
    return done


def _report_shard(shard: int, month: date, done: Reported) -> None:
    latest = _latest(shard, month)
    # Asked before any command is sent: the answer of a command, a refusal included, is kept under its key.
    opened = EsShard.objects.get(shard=shard).open_date
    for loan, snapshot in snapshots(shard=shard, month=month):
        require_over(month, open_date=opened or month)
        number, before = latest.get(loan.id, (0, None))
        if snapshot == before:
            done.unchanged += 1
            continue
        command = ReportToBureau(loan_id=loan.id, entity_id=loan.entity_id, month=month, snapshot=snapshot)
        execute(command, actor=REPORTER, key=f"bureau:{loan.id}:{month}:{number + 1}").value()
        done.first += number == 0
        done.corrected += number > 0


def _latest(shard: int, month: date) -> dict[UUID, tuple[int, Snapshot]]:
    names = [field.name for field in fields(Snapshot)]
    rows = BureauRecord.objects.filter(shard=shard, month=month).order_by("number")
    return {
        row.loan_id: (row.number, Snapshot(**{name: getattr(row, name) for name in names})) for row in rows
    }
