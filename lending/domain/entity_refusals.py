"""The ways a borrowing entity says no.

Owns: one named refusal per rule of ``entity``, with a code that never changes.
Refuses to know: the state that leads to a refusal, and how a refusal reaches the caller.
"""

from __future__ import annotations

from ledger.kernel.refusals import Refusal, RefusalKind


class EntityNotRegistered(Refusal):
    """There is no entity yet under this id."""

    code = "LENDING_ENTITY_NOT_REGISTERED"
    kind = RefusalKind.NOT_FOUND


class EntityAlreadyRegistered(Refusal):
    """An entity is registered once."""

    code = "LENDING_ENTITY_ALREADY_REGISTERED"


class EntityReferenceInvalid(Refusal):
    """The reference of an entity is a printable text that is not blank."""

    code = "LENDING_ENTITY_REFERENCE_INVALID"
    kind = RefusalKind.INVALID


class EntityAlreadyBlacklisted(Refusal):
    """An entity is listed once."""

    code = "LENDING_ENTITY_ALREADY_BLACKLISTED"


class BlacklistedEntityTakesNoAccount(Refusal):
    """A blacklisted entity cannot grow."""

    code = "LENDING_BLACKLISTED_ENTITY_TAKES_NO_ACCOUNT"
    kind = RefusalKind.FORBIDDEN


class AccountAlreadyLinked(Refusal):
    """The account, or the same shop under another id, already belongs to the entity."""

    code = "LENDING_ACCOUNT_ALREADY_LINKED"


class AccountNotLinked(Refusal):
    """The account does not belong to the entity."""

    code = "LENDING_ACCOUNT_NOT_LINKED"
    kind = RefusalKind.NOT_FOUND


class AccountRoleUnknown(Refusal):
    """An account is a master or a sub account."""

    code = "LENDING_ACCOUNT_ROLE_UNKNOWN"
    kind = RefusalKind.INVALID


class MasterAlreadyLinked(Refusal):
    """An entity has at most one master account."""

    code = "LENDING_MASTER_ALREADY_LINKED"


class AccountOpenedInFuture(Refusal):
    """An account cannot have been opened after the day it is linked."""

    code = "LENDING_ACCOUNT_OPENED_IN_FUTURE"
    kind = RefusalKind.INVALID


class ConsentMissing(Refusal):
    """No data are used without a consent that is already in force."""

    code = "LENDING_CONSENT_MISSING"
    kind = RefusalKind.INVALID


class SalesAlreadyRecorded(Refusal):
    """The same batch, or the same file, counts once for an account."""

    code = "LENDING_SALES_ALREADY_RECORDED"


class SalesCurrencyMismatch(Refusal):
    """Sales are counted in the currency of the entity."""

    code = "LENDING_SALES_CURRENCY_MISMATCH"
    kind = RefusalKind.INVALID


class SalesInvalid(Refusal):
    """A batch of sales contradicts itself or the calendar."""

    code = "LENDING_SALES_INVALID"
    kind = RefusalKind.INVALID
