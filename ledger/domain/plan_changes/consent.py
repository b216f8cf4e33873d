"""Interest on interest needs the borrower's consent.

Owns: that refusal. Refuses to know: how consent is given and kept.
"""

from __future__ import annotations

from ledger.kernel.refusals import Refusal, RefusalKind


class CapitalisationWithoutConsent(Refusal):
    """Interest becomes principal only if the borrower has agreed to it."""

    code = "LEDGER_CAPITALISATION_WITHOUT_CONSENT"
    kind = RefusalKind.INVALID


def require_consent(*, is_given: bool) -> None:
    """Refuse CapitalisationWithoutConsent."""
    if not is_given:
        raise CapitalisationWithoutConsent(
            "The borrower has to agree to interest on interest.", field="consent"
        )
