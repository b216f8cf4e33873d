"""The filters of pages about balances: a period, the moment of knowledge, and whose part.

Owns: reading them from the address, and writing them into links. Refuses to know: any page. What cannot be read is
said above the figures, and the page is shown without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlencode

from config.admin.records import as_uuid
from ledger.book_moment import BookMoment, DateKind

OWNERS = ("loan_id", "settlement_account_id", "entity_id")


@dataclass
class Asked:
    """What the address asks for; ``mistakes`` are sentences about what could not be read."""

    start: date | None = None
    through: date | None = None
    known_at: datetime | None = None
    by: DateKind = DateKind.POSTING
    product_code: str | None = None
    owners: dict[str, UUID] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    @property
    def moment(self) -> BookMoment:
        """Return the books that are asked about."""
        return BookMoment(self.through, self.known_at, self.by)

    @property
    def known_at_text(self) -> str:
        """Return the moment as the field of the form writes it, in UTC."""
        return self.known_at.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".") if self.known_at else ""

    def query(self, **more: Any) -> str:
        """Return the filters as part of an address."""
        asked = {
            "from": self.start,
            "through": self.through,
            "known_at": self.known_at_text,
            "by": self.by.value if self.by is not DateKind.POSTING else "",
            "product_code": self.product_code,
            **self.owners,
            **more,
        }
        return urlencode({name: str(value) for name, value in asked.items() if value})


def read_asked(request: HttpRequest) -> Asked:
    """Return the filters of a page."""
    asked = Asked()
    asked.start = _day(request, "from", asked)
    asked.through = _day(request, "through", asked)
    asked.known_at = _moment(request, asked)
    if request.GET.get("by") == DateKind.VALUE:
        asked.by = DateKind.VALUE
    asked.product_code = request.GET.get("product_code", "").strip() or None
    for name in OWNERS:
        text = request.GET.get(name, "").strip()
        found = as_uuid(text) if text else None
        if found is not None:
            asked.owners[name] = found
        elif text:
            asked.mistakes.append(f"{text} is not an identifier; it was left out.")
    return asked


def _day(request: HttpRequest, name: str, asked: Asked) -> date | None:
    text = request.GET.get(name, "").strip()
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        asked.mistakes.append(f"{text} is not a date; the page is shown without it.")
    return found


def _moment(request: HttpRequest, asked: Asked) -> datetime | None:
    text = request.GET.get("known_at", "").strip()
    try:
        read = parse_datetime(text) if text else None
        found = None if read is None else in_utc(read)
    except ValueError:
        found = None
    if text and found is None:
        asked.mistakes.append(f"{text} is not a moment; the page is shown without it.")
    return found


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC, which it is in if it names no zone. Raises ValueError outside the calendar."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        # Midnight of the first day in the east lies before the first year, although it can be written.
        raise ValueError("There is no such moment in UTC.") from error
