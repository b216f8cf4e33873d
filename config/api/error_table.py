"""The table of every code that an error of the API can carry.

Owns: its text, made from the register of refusals and the table of statuses, so that it cannot differ
from what the API answers. Refuses to know: single refusals.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from config.api.problems import title_of
from config.api.statuses import STATUS_OF_KIND, TRANSPORT
from ledger.kernel.refusals import REFUSALS

PACKAGES: Final = ("config.api", "ledger", "lending", "collection")
HEADER: Final = """# Errors of the API

Every error is problem details (RFC 9457, `application/problem+json`): `type`, `title`, `status`, `detail`,
`instance`, and beside them `code`, which never changes, `field` where one field is at fault, `errors` where
fields are, and `details` with figures that help. Programs read `code`; `detail` is for people.

| status | means |
|---|---|
| 400 | the request cannot be read: no JSON object, no Idempotency-Key |
| 401 | nobody is signed in, or the token is not valid |
| 403 | the caller's role, or a rule about the borrower, forbids it |
| 404 | there is no such object, or it is not the caller's to see; both look the same |
| 405, 406, 415 | the method, the asked-for form of the answer or the content type is not served here |
| 409 | the books as they stand do not allow it, or the key was used for another request |
| 413 | the body is too large |
| 422 | the request was read and is wrong in itself |
| 429 | too many requests |
| 500 | a fault of the server; it is logged, and the answer says nothing of its cause |
| 503 | others were changing the same things and nothing was decided: send the same request again |

This page is made by `manage.py list_errors --write`.

| code | status | meaning |
|---|---|---|
"""


def rows() -> list[tuple[str, int, str]]:
    """Return every code with its status and its sentence, by code."""
    modules = set(_modules())
    refusals = [
        (code, STATUS_OF_KIND[refusal.kind], title_of(refusal))
        for code, refusal in REFUSALS.items()
        if refusal.__module__ in modules
    ]
    return sorted([*refusals, *((code, status, text) for code, (status, text) in TRANSPORT.items())])


def as_markdown() -> str:
    """Return the page."""
    return HEADER + "".join(f"| `{code}` | {status} | {text} |\n" for code, status, text in rows())


def _modules() -> Iterator[str]:
    """Load every module of the product and yield its name: a refusal is known once its module is loaded."""
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, prefix=f"{package}."):
            if ".migrations" not in module.name:
                import_module(module.name)
                yield module.name
