"""One attempt at one delivery: the message is made, sent, and what became of it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import structlog

from assistance import metrics
from assistance.gate import Gate, GateClosed, Resting
from assistance.ledger import Failed, Ledger, Outcome, Parcel, Refused, Taken
from assistance.live_topics import LiveTopics
from assistance.states import DeliveryStatus, NoteKind
from assistance.topics import DEFAULT_TEMPLATE, fill
from channels.errors import ChannelError, Misconfigured, Permanent, Transient
from channels.messages import Channel, Message
from core.crash import crash_point

__all__ = ["Courier"]

log = structlog.get_logger(__name__)

_RESTING = "the channel did not answer an earlier message in time and rests"
_UNEXPECTED = "the channel failed in a way it does not know itself"


class Courier:
    """Sends through `channels` as `gate` gives turns; `sign` makes the token by which a reply finds its request."""

    def __init__(
        self, ledger: Ledger, topics: LiveTopics, channels: Mapping[str, Channel], *, gate: Gate,
        sign: Callable[[str], str], timeout_s: float,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._topics = topics
        self._channels = channels
        self._gate = gate
        self._sign = sign
        self._timeout_s = timeout_s

    def attempt(self, delivery_id: str, attempt: int) -> str | None:
        """Make the attempt unless it was made; the id of the request, None when it is erased or the process stops.

        A crash between the sending and the writing repeats the message, with the same id.
        """
        parcel = self._ledger.open(delivery_id, attempt)
        if parcel is None:
            return self._ledger.request_of(delivery_id)
        try:
            # A loop for one message: nobody else is held up when it waits for the gate and the database.
            asyncio.run(self._in_turn(parcel, attempt))
        except Resting as error:
            self._settle(parcel, attempt, Failed(_RESTING, error.seconds))
        except GateClosed:  # it stays due, and the next start makes it
            return None
        return parcel.request.id

    def close(self) -> None:
        """Begin no attempt any more; one that waits stays due."""
        self._gate.close()

    async def _in_turn(self, waiting: Parcel, attempt: int) -> None:
        with self._gate.turn(waiting.channel) as turn:
            # Read again: while it waited its person may have been erased.
            parcel = self._ledger.open(waiting.delivery_id, attempt)
            if parcel is None:
                turn.answered = True
                return
            outcome = await self._send(parcel)
            turn.answered = not isinstance(outcome, Failed)
            self._settle(parcel, attempt, outcome)

    def _settle(self, parcel: Parcel, attempt: int, outcome: Outcome) -> None:
        status = self._ledger.settle(parcel.delivery_id, attempt, outcome)
        crash_point("delivery.settled")
        if status is not None:
            _tell(parcel, outcome, status)

    async def _send(self, parcel: Parcel) -> Outcome:
        channel = self._channels.get(parcel.channel)
        if channel is None:
            return Refused("the channel is not set up on this server")
        try:
            channel.check()
            crash_point("delivery.before_send")
            async with asyncio.timeout(self._timeout_s):
                sent = await channel.send(self._message(parcel))
            crash_point("delivery.sent")
        except Transient as error:
            return Failed(error.detail, error.retry_after_s)
        except Permanent as error:
            return Refused(f"{error.reason}: {error.detail}")
        except Misconfigured as error:
            return Refused(f"misconfigured: {error.detail}")
        except TimeoutError:
            return Failed(f"the channel did not answer within {self._timeout_s:g} s")
        except ChannelError as error:
            return Failed(error.detail)
        except Exception as error:
            # What a channel forgot to translate must neither lose the request nor put its words into a log.
            log.error("delivery.unexpected", channel=parcel.channel, error=type(error).__name__)
            return Failed(f"{_UNEXPECTED} ({type(error).__name__})")
        return Taken(sent.reference)

    def _message(self, parcel: Parcel) -> Message:
        request = parcel.request
        topic = self._topics.current().get(request.topic)
        title = request.topic if topic is None else topic.title(topic.language)
        values = {
            "id": request.id, "topic": request.topic, "title": title, "description": request.description,
            "question": request.question or "", "contact": request.contact or "", "language": request.language or "",
            "created_at": f"{request.created_at:%Y-%m-%d %H:%M} UTC",
        }  # fmt: skip
        template = DEFAULT_TEMPLATE if topic is None else topic.template
        return Message(
            id=parcel.delivery_id, request_id=request.id, subject=f"Assistance request: {title}",
            text=fill(template, values) if parcel.kind is NoteKind.REQUEST else _note_text(parcel), to=parcel.target,
            reply_token=self._sign(request.id), thread=parcel.thread,
        )  # fmt: skip


def _note_text(parcel: Parcel) -> str:
    if parcel.kind is NoteKind.ADDITION:
        return f"The person added: {parcel.text}"
    if parcel.kind is NoteKind.REPLY:
        return f"{parcel.author} answered the person: {parcel.text}"
    return f"Closed by {parcel.author}."


def _tell(parcel: Parcel, outcome: Outcome, status: DeliveryStatus) -> None:
    """Count and log an outcome; a reason may quote what a server said, and is masked like every line."""
    about = {"delivery_id": parcel.delivery_id, "help_request_id": parcel.request.id, "channel": parcel.channel}
    match outcome:
        case Taken():
            waited = (datetime.now(UTC) - parcel.request.created_at).total_seconds()
            metrics.delivered(parcel.channel, waited if parcel.kind is NoteKind.REQUEST else None)
            log.info("delivery.delivered", **about)
        case Failed(reason) | Refused(reason) if status is DeliveryStatus.DEAD:
            metrics.DEAD.labels(parcel.channel).inc()
            log.error("delivery.dead", reason=reason, **about)
        case Failed(reason) | Refused(reason):
            metrics.FAILED.labels(parcel.channel).inc()
            log.warning("delivery.failed", reason=reason, **about)
