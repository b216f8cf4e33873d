"""Holidays and worked weekend days of mainland China.

Owns: the days off and the make-up days of each year's notice of the General Office of the State Council.
Refuses to know: bank holidays of other places, and what moves because of them.
A year counts as known when its notice has been published: 2023 (notice of 2022-12-08), 2024 (2023-10-25),
2025 (2024-11-12) and 2026 (2025-11-04) were compared with the text of the notice. Every other year is
provisional. Of 2027 only the statutory days are listed, as the regulation on holidays in force since 2025
and the lunar calendar give them; days that are moved, and the weekends worked for them, are not known yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from ledger.kernel.business_days import BusinessCalendar

KNOWN_FROM: Final = date(2023, 1, 1)
PROVISIONAL_FROM: Final = date(2027, 1, 1)

# First and last day off. A day off that falls on a weekend is listed as the notice lists it.
DAYS_OFF: Final = (
    (date(2022, 12, 31), date(2023, 1, 2)),
    (date(2023, 1, 21), date(2023, 1, 27)),
    (date(2023, 4, 5), date(2023, 4, 5)),
    (date(2023, 4, 29), date(2023, 5, 3)),
    (date(2023, 6, 22), date(2023, 6, 24)),
    (date(2023, 9, 29), date(2023, 10, 6)),
    (date(2024, 1, 1), date(2024, 1, 1)),
    (date(2024, 2, 10), date(2024, 2, 17)),
    (date(2024, 4, 4), date(2024, 4, 6)),
    (date(2024, 5, 1), date(2024, 5, 5)),
    (date(2024, 6, 10), date(2024, 6, 10)),
    (date(2024, 9, 15), date(2024, 9, 17)),
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
    (date(2027, 1, 1), date(2027, 1, 1)),
    (date(2027, 2, 5), date(2027, 2, 8)),
    (date(2027, 4, 5), date(2027, 4, 5)),
    (date(2027, 5, 1), date(2027, 5, 2)),
    (date(2027, 6, 9), date(2027, 6, 9)),
    (date(2027, 9, 15), date(2027, 9, 15)),
    (date(2027, 10, 1), date(2027, 10, 3)),
)
WORKED_WEEKENDS: Final = (
    *(
        date(2023, month, day)
        for month, day in ((1, 28), (1, 29), (4, 23), (5, 6), (6, 25), (10, 7), (10, 8))
    ),
    *(date(2024, month, day) for month, day in ((2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29))),
    date(2024, 10, 12),
    *(date(2025, month, day) for month, day in ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11))),
    *(date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))),
)


def _each_day() -> Iterator[date]:
    for first, last in DAYS_OFF:
        for days in range((last - first).days + 1):
            yield first + timedelta(days=days)


CHINA: Final = BusinessCalendar(
    holidays=frozenset(_each_day()),
    working_days=frozenset(WORKED_WEEKENDS),
    known_from=KNOWN_FROM,
    provisional_from=PROVISIONAL_FROM,
)
