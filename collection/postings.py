"""Which accounts the events of collections debit and credit.

Owns: the list of events that move no money. Refuses to know: those of the books and of lending.
"""

from __future__ import annotations

from ledger.postings import no_posting

no_posting("bureau.reported")
