"""Which notifier tells borrowers, and delivering notice messages.

Owns: the choice of channel. Refuses to know: texts; a notice names a template and its values.
"""

from __future__ import annotations

from collection.gateways.notifier import DeliveryOutcome, Notice, Notifier, NotifierTimeout
from collection.gateways.sandbox_notifier import SandboxNotifier
from ledger.eventstore.outbox import Message, TryAgain, delivers

_notifiers: dict[str, Notifier] = {}


def use_notifier(notifier: Notifier) -> None:
    """Tell borrowers through this channel from now on in this process."""
    _notifiers["default"] = notifier


def notifier() -> Notifier:
    """Return the channel in use; without a choice, the sandbox."""
    if "default" not in _notifiers:
        use_notifier(SandboxNotifier())
    return _notifiers["default"]


@delivers("notice")
def deliver_notice(message: Message) -> None:
    """Deliver a notice; without an answer it is tried again, and the reference keeps it single."""
    payload = dict(message.payload)
    notice = Notice(
        reference=message.reference,
        template=payload.pop("template"),
        channel="inbox",
        recipient_token=payload.pop("recipient"),
        values=tuple(sorted((name, str(value)) for name, value in payload.items())),
    )
    try:
        answer = notifier().send(notice=notice)
    except NotifierTimeout as timeout:
        raise TryAgain("the channel did not answer in time") from timeout
    if answer.outcome is DeliveryOutcome.FAILED:
        raise TryAgain(answer.reason)
