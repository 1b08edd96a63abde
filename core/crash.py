"""Named places where a test can kill this process as `kill -9` would."""

from __future__ import annotations

import os
import signal

__all__ = ["CRASH_AT", "CRASH_POINTS", "crash_point"]

CRASH_AT = "ASSISTANT_CRASH_AT"

CRASH_POINTS: tuple[str, ...] = (
    "store.staged",
    "store.indexed.vectors",
    "store.indexed.keyword",
    "store.verified",
    "store.published",
    "store.removed",
    "store.purged.vectors",
    "store.purged.keyword",
    "store.purged",
    "store.rebuilt",
    "store.switched",
    "turn.before_accept",
    "turn.accepted",
    "turn.before_settle",
    "turn.settled",
    "request.before_accept",
    "request.accepted",
    "request.handed_on",
    "delivery.before_send",
    "delivery.sent",
    "delivery.settled",
    "train.accepted",
    "train.taken",
    "train.ingested",
    "train.built",
    "train.judged",
    "train.promoting",
    "train.promoted",
    "model.activated",
    "model.reload",
    "telegram.kept",
    "telegram.handled",
)
"""Every name that is passed to `crash_point`, so that a test can kill at each."""


def crash_point(name: str) -> None:
    """Do nothing, unless the environment's ASSISTANT_CRASH_AT is `name`: then die at once, with nothing flushed."""
    if os.environ.get(CRASH_AT) == name:
        os.kill(os.getpid(), signal.SIGKILL)
