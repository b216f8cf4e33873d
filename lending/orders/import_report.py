"""The account of one import: every line of the file was taken, or refused with a reason.

Owns: the report and how its refusals are written down. Refuses to know: how lines are judged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

# What a person is told wherever an import is reported.
CONSENT_STATEMENT = (
    "The file is taken as the evidence of the sellers' consent to assess their sales (order-file)."
)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that does not count: its number in the file, a stable code, and a sentence."""

    number: int
    code: str
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the refusal as JSON values."""
        return {"number": self.number, "code": self.code, "sentence": self.sentence}


@dataclass(frozen=True)
class ImportReport:
    """What an order file led to; ``taken`` and ``refused`` together are all its lines."""

    import_id: UUID
    file_name: str
    file_sha256: str
    as_of: date
    sampling_factor: int
    lines: int
    blank_lines: int
    refused: tuple[RefusedRow, ...]
    entities: int
    entities_new: int
    accounts: int
    accounts_new: int

    @property
    def taken(self) -> int:
        """Return how many lines count."""
        return self.lines - len(self.refused)

    @property
    def reasons(self) -> dict[str, int]:
        """Return how many lines were refused for each reason, the commonest first."""
        return dict(Counter(row.code for row in self.refused).most_common())

    def as_text(self, *, rows_max: int | None = None) -> str:
        """Return the report as a person reads it, with every refused line or the first ``rows_max``."""
        shown = self.refused if rows_max is None else self.refused[:rows_max]
        hidden = len(self.refused) - len(shown)
        head = f"Order file {self.file_name}: sales through {self.as_of}"
        refused = f"refused {len(self.refused)}; blank {self.blank_lines}"
        accounts = f"shop accounts {self.accounts}, of them new {self.accounts_new}"
        lines = [
            f"{head}, sampling factor {self.sampling_factor}",
            f"  lines {self.lines}, taken {self.taken}, {refused}",
            f"  entities {self.entities}, of them new {self.entities_new}; {accounts}",
            f"  {CONSENT_STATEMENT}",
        ]
        lines += [f"  refused for {code}: {count}" for code, count in self.reasons.items()]
        lines += [f"  line {row.number}: {row.sentence} [{row.code}]" for row in shown]
        if hidden:
            lines.append(f"  and {hidden} more refused lines; the stored import names all of them")
        return "\n".join(lines)
