"""What each staff role may see and do in the admin: one table from role to permissions.

Owns: the permissions of the groups, and those that are not Django's own (freezing a line, closing a month,
making a proposal and deciding on one, asking for a withdrawal).
Refuses to know: sign-in, borrowers, and what a page looks like. The table is the truth: every migration
sets the groups to it again, so a permission added by hand to a role does not stay.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from config.identities import ACCOUNTANT, ADMINISTRATOR, AUDITOR, COLLECTOR, REVIEWER

FREEZE_LINE: Final = "lending.freeze_creditline"
CLOSE_PERIOD: Final = "ledger.close_periodclose"
MAKE_PROPOSAL: Final = "ledger.make_proposal"
DECIDE_PROPOSAL: Final = "ledger.decide_proposal"
REQUEST_WITHDRAWAL: Final = "ledger.request_withdrawal"
# Permissions for commands: the model each belongs to, and what it says.
_COMMANDS: Final = {
    FREEZE_LINE: ("lending", "creditline", "Can freeze and thaw a credit line"),
    CLOSE_PERIOD: ("ledger", "periodclose", "Can close a month of the books"),
    MAKE_PROPOSAL: ("ledger", "proposal", "Can propose a fact of a loan"),
    DECIDE_PROPOSAL: ("ledger", "proposal", "Can approve and reject a proposal"),
    REQUEST_WITHDRAWAL: ("ledger", "withdrawal", "Can ask for a withdrawal of free money"),
}

_BORROWERS = ("lending.legalentity", "lending.shopaccount")
_CREDIT = ("lending.application", "lending.creditline", "lending.orderimport")
_LOANS = (
    "ledger.loan",
    "ledger.repaymentrecord",
    "ledger.settlementaccount",
    "ledger.receiptrecord",
    "ledger.withdrawal",
)
_PROPOSALS = ("ledger.proposal",)
_COLLECTIONS = ("collection.overduerecord", "collection.noticerecord", "lending.blacklistentry")
_BOOKS = ("ledger.journalrecord", "ledger.glaccount", "ledger.dayrecord", "ledger.periodclose")
_DEBITS = ("lending.debitrecord",)
_PRODUCTS = ("ledger.productrecord",)
_HISTORY = ("ledger.eventrecord",)
_OPERATIONS = ("ledger.esoutbox", "lending.sandboxpayment")
_SCHEDULES = tuple(
    f"django_celery_beat.{name}" for name in ("periodictask", "intervalschedule", "crontabschedule")
)
_ACCESS = ("auth.user", "auth.group", "lending.membership", "axes.accessattempt", "axes.accesslog")
_CLIENTS = ("allauth_idp_oidc.client", "allauth_idp_oidc.token")


def _view(*groups: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        f"{app}.view_{model}" for group in groups for app, _, model in (name.partition(".") for name in group)
    )


_EVERYTHING = _view(
    _BORROWERS,
    _CREDIT,
    _LOANS,
    _PROPOSALS,
    _COLLECTIONS,
    _DEBITS,
    _BOOKS,
    _PRODUCTS,
    _HISTORY,
    _OPERATIONS,
    _SCHEDULES,
    _ACCESS,
    _CLIENTS,
)
_ADMINISTERS = frozenset(
    {
        *(
            f"django_celery_beat.{verb}_{model}"
            for verb in ("add", "change")
            for model in ("periodictask", "intervalschedule", "crontabschedule")
        ),
        *(f"auth.{verb}_user" for verb in ("add", "change")),
        *(f"lending.{verb}_membership" for verb in ("add", "change", "delete")),
        "axes.delete_accessattempt",
        *(f"allauth_idp_oidc.{verb}_client" for verb in ("add", "change", "delete")),
        "allauth_idp_oidc.delete_token",
    }
)

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    REVIEWER: _view(_BORROWERS, _CREDIT, _LOANS, _PROPOSALS, _COLLECTIONS, _PRODUCTS, _HISTORY)
    | {FREEZE_LINE, MAKE_PROPOSAL, DECIDE_PROPOSAL},
    COLLECTOR: _view(_BORROWERS, _LOANS, _PROPOSALS, _COLLECTIONS, _DEBITS, _PRODUCTS) | {MAKE_PROPOSAL},
    ACCOUNTANT: _view(_BORROWERS, _LOANS, _PROPOSALS, _DEBITS, _BOOKS, _PRODUCTS, _HISTORY)
    | {CLOSE_PERIOD, MAKE_PROPOSAL, DECIDE_PROPOSAL, REQUEST_WITHDRAWAL},
    AUDITOR: _EVERYTHING,
    ADMINISTRATOR: _EVERYTHING
    | _ADMINISTERS
    | {FREEZE_LINE, MAKE_PROPOSAL, DECIDE_PROPOSAL, REQUEST_WITHDRAWAL},
}


def set_role_permissions(*, using: str, **_kwargs: Any) -> None:
    """Make the groups what the table says (signal: post_migrate, after the last app's permissions)."""
    _ensure_command_permissions(using=using)
    labels = Permission.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    known = {f"{app}.{codename}": key for app, codename, key in labels}
    for role, wanted in PERMISSIONS.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(known[name] for name in wanted if name in known)


def _ensure_command_permissions(*, using: str) -> None:
    for permission, (app, model, name) in _COMMANDS.items():
        owner, _ = ContentType.objects.using(using).get_or_create(app_label=app, model=model)
        Permission.objects.using(using).get_or_create(
            content_type=owner, codename=permission.partition(".")[2], defaults={"name": name}
        )
