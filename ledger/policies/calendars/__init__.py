"""Business calendars by name, as data that ships with the books.

Owns: which calendars there are. Refuses to know: what falls due, and which product uses which calendar.
"""

from __future__ import annotations

from typing import Final

from ledger.kernel.business_days import BusinessCalendar
from ledger.policies.calendars.china import CHINA

CALENDARS: Final[dict[str, BusinessCalendar]] = {"CN": CHINA}

__all__ = ["CALENDARS"]
