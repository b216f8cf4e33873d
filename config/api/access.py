"""The doors of the API: which sets of roles its endpoints name.

Owns: the sets. Refuses to know: endpoints. They follow the table of the admin (``config.roles``): who may
see a kind of record there may read it here, and only who runs a business process may write it.
"""

from __future__ import annotations

from typing import Final

from config.identities import (
    ACCOUNTANT,
    ADMINISTRATOR,
    AUDITOR,
    BORROWER,
    COLLECTOR,
    REVIEWER,
    ROLES,
    SERVICE,
)

EVERYBODY: Final = ROLES
# Platforms, channels and banks bring data in; an administrator can do it for them.
INTAKE: Final = frozenset({SERVICE, ADMINISTRATOR})
CHANNELS: Final = frozenset({SERVICE})
BORROWING: Final = frozenset({BORROWER, SERVICE})
# Free money goes out on the borrower's word, or on the books' keeper's, who was asked by letter; in the admin too.
WITHDRAWING: Final = BORROWING | {ACCOUNTANT, ADMINISTRATOR}
CREDIT: Final = BORROWING | {REVIEWER, AUDITOR, ADMINISTRATOR}
INTAKE_READERS: Final = INTAKE | {REVIEWER, AUDITOR}
LINE_KEEPERS: Final = frozenset({REVIEWER, ADMINISTRATOR})
# Prices and rules of products are set where configuration is.
PRODUCT_KEEPERS: Final = frozenset({ADMINISTRATOR})
LIMIT_SETTERS: Final = frozenset({REVIEWER})
NOTICES: Final = BORROWING | {COLLECTOR, REVIEWER, AUDITOR, ADMINISTRATOR}
BLACKLIST: Final = frozenset({COLLECTOR, REVIEWER, AUDITOR, ADMINISTRATOR})
BOOKS: Final = frozenset({ACCOUNTANT, AUDITOR, ADMINISTRATOR})
# Closing a month is the accountant's own act; who administers the system does not do it for them.
PERIOD_CLOSERS: Final = frozenset({ACCOUNTANT})
# Who reports what happened to a loan, and who may read the reports; borrowers never.
SERVICING: Final = frozenset({SERVICE, REVIEWER, COLLECTOR, ACCOUNTANT, ADMINISTRATOR})
FACT_READERS: Final = SERVICING | {AUDITOR}
# Two people are people: a machine neither proposes to give money away nor approves it.
PROPOSERS: Final = SERVICING - {SERVICE}
APPROVERS: Final = frozenset({REVIEWER, ACCOUNTANT, ADMINISTRATOR})
PROPOSAL_READERS: Final = PROPOSERS | {AUDITOR}
# Who sees the figures of a decision and the reasons as the policy names them.
DECISIONS: Final = frozenset({REVIEWER, AUDITOR, ADMINISTRATOR})
# Who sees a fact as it is stored, and who caused it.
HISTORY: Final = frozenset({REVIEWER, ACCOUNTANT, AUDITOR, ADMINISTRATOR})
