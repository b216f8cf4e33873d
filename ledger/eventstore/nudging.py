"""A tap on the shoulder after a commit: there is work in the outbox.

Owns: the hook. Refuses to know: who listens. A nudge may be lost; the sweep finds the work anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

Listener = Callable[[frozenset[str]], None]
_listeners: list[Listener] = []


def on_nudge(listener: Listener) -> None:
    """Have ``listener`` called, after a commit, with the kinds of messages that were put out."""
    if listener not in _listeners:
        _listeners.append(listener)


def nudge(kinds: frozenset[str]) -> None:
    """Tell the listeners; their failure is logged and changes nothing."""
    for listener in _listeners:
        try:
            listener(kinds)
        except Exception:
            logger.warning("a nudge about %s was lost", ", ".join(sorted(kinds)), exc_info=True)
