"""After a commit that put something into the outbox, tell a worker.

Owns: sending one task. Refuses to know: whether it arrives; beat's sweep finds the work anyway.
"""

from __future__ import annotations

from config.celery import app

TASK_OF_KIND = dict.fromkeys(("decision", "payout", "withdrawal"), "lending.deliver_outbox")


def tell_worker(kinds: frozenset[str]) -> None:
    """Send the tasks that carry out these kinds of messages; notices can wait for the sweep."""
    for task in sorted({TASK_OF_KIND[kind] for kind in kinds if kind in TASK_OF_KIND}):
        app.send_task(task, retry=False)
