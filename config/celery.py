"""Celery: the worker and beat of the product.

Owns: which broker carries the messages. Refuses to know: what the tasks do, and when (``config.schedules``).
A message is only a nudge. What has to be done is a row (outbox, cursor, open business date), so a lost,
repeated or late message changes nothing.

Without CELERY_BROKER_URL the messages travel through the same PostgreSQL as everything else (pgmq).
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from django.conf import settings
from psycopg.conninfo import make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

VISIBILITY_SECONDS = 600


def broker_settings(*, url: str, database: dict[str, Any]) -> dict[str, Any]:
    """Return Celery's broker settings: the named broker, or the queue tables of the database."""
    if url:
        return {"broker_url": url, "broker_transport_options": {}}
    conninfo = make_conninfo(
        host=database["HOST"],
        port=database["PORT"] or None,
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"] or None,
    )
    options = {
        "conn_string": conninfo,
        "init_extension": False,
        "wait_time_seconds": 1,
        "polling_interval": 0.05,
        "visibility_timeout": VISIBILITY_SECONDS,
    }
    return {"broker_url": "pgmq://", "broker_transport_options": options}


app = Celery("loanbook")
app.conf.update(
    **broker_settings(url=settings.CELERY_BROKER_URL, database=settings.DATABASES["default"]),
    task_default_queue=settings.LOANBOOK_QUEUE,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    # Remote control needs reply queues whose names are too long for queue tables.
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    timezone=settings.LOANBOOK_BUSINESS_ZONE,
    beat_scheduler="django_celery_beat.schedulers:DatabaseScheduler",
    # No beat_schedule here: beat would write it over what staff retimed (``config.schedules``).
    # No results are kept, so there are none to clean up.
    result_expires=None,
)
app.autodiscover_tasks()
