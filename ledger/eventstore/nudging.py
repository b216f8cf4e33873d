"""A tap on the shoulder after a commit: there may be work in the outbox or for the followers.

Owns: the hook. Refuses to know: who listens. A nudge may be lost; the sweep finds the work anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

_listeners: list[Callable[[str], None]] = []


def on_nudge(listener: Callable[[str], None]) -> None:
    """Have ``listener`` called with a command's name after it committed."""
    _listeners.append(listener)


def nudge(command_name: str) -> None:
    """Tell the listeners; their failure is logged and changes nothing."""
    for listener in _listeners:
        try:
            listener(command_name)
        except Exception:
            logger.warning("nudge after %s was lost", command_name, exc_info=True)
