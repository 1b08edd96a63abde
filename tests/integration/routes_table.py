"""Who may call what: one line a route. A route without a line fails `test_authorization.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.types import Scope

__all__ = ["ROUTES", "Access", "Rule"]


class Access(StrEnum):
    """Who needs no scope of staff."""

    OPEN = "everybody"
    SIGNED = "another service, by its signature; not there while it is not set up"
    SAME_SITE = "everybody, from a page of this server"
    PERSON = "everybody, as the person they are; a token needs the scope"
    TOKEN = "whoever has a valid token"
    STAFF = "whoever has the scope"


@dataclass(frozen=True, slots=True)
class Rule:
    """`owned`: what is named belongs to one person, and is not there for any other. `also`: scopes that would do as
    well, for everybody's where the access is a person's. `beside`: scopes that are needed too. `body` is what a call
    needs to reach that far."""

    access: Access
    scope: Scope | None = None
    owned: bool = False
    also: tuple[Scope, ...] = ()
    beside: tuple[Scope, ...] = ()
    body: tuple[tuple[str, object], ...] = ()


SAME_SITE, SIGNED = Rule(Access.SAME_SITE), Rule(Access.SIGNED)
OPEN, TOKEN = Rule(Access.OPEN), Rule(Access.TOKEN)
ANYBODY = Rule(Access.PERSON)
ASK, OWN = Rule(Access.PERSON, Scope.CHAT), Rule(Access.PERSON, Scope.CHAT, owned=True)
READ, WRITE = Rule(Access.STAFF, Scope.KNOWLEDGE_READ), Rule(Access.STAFF, Scope.KNOWLEDGE_WRITE)
ADMIN = Rule(Access.STAFF, Scope.ADMIN)
PING = Rule(Access.STAFF, Scope.PING)
HELP = Rule(Access.PERSON, Scope.REQUEST_ASSISTANCE)
INBOX, REPLY = Rule(Access.STAFF, Scope.ASSISTANCE_READ), Rule(Access.STAFF, Scope.ASSISTANCE_REPLY)
PROPOSE, APPROVE = Rule(Access.STAFF, Scope.TRAINING_PROPOSE), Rule(Access.STAFF, Scope.TRAINING_APPROVE)
TRAIN = Rule(Access.STAFF, Scope.TRAINING_START)
TRAINER = Rule(Access.STAFF, Scope.TRAINING_PROPOSE, also=(Scope.TRAINING_APPROVE, Scope.TRAINING_START))
ACTIVATE = Rule(Access.STAFF, Scope.TRAINING_APPROVE, also=(Scope.TRAINING_START,))


def _help(*also: Scope, **body: object) -> Rule:
    return Rule(Access.PERSON, Scope.REQUEST_ASSISTANCE, owned=True, also=also, body=tuple(body.items()))


ROUTES: dict[str, Rule] = {
    "GET /": OPEN,
    "GET /frontend.html": OPEN,
    "GET /app/documents": OPEN,
    "GET /app/documents/{document_id:path}": OPEN,
    "GET /openapi.json": OPEN,
    "GET /catalogue": OPEN,
    "GET /health/live": OPEN,
    "GET /health/ready": OPEN,
    "GET /heartbeat": OPEN,
    "GET /heartbeat/private": TOKEN,
    "GET /heartbeat/scoped": PING,
    "POST /chat": ASK,
    "GET /chat": ASK,
    "POST /chat/message": ASK,
    "GET /chat/history": ASK,
    "GET /passages": ASK,
    "GET /conversations": ASK,
    "GET /conversations/{conversation_id}": OWN,
    "DELETE /conversations/{conversation_id}": OWN,
    "GET /turns/{turn_id}": OWN,
    "POST /turns/{turn_id}/stop": OWN,
    "POST /feedback": Rule(Access.PERSON, Scope.CHAT, owned=True, body=(("turn_id", "{turn_id}"), ("helpful", True))),
    "POST /assistance": HELP,
    "POST /assistance/": HELP,
    "POST /assistance/draft": _help(turn_id="{turn_id}"),
    "GET /assistance/topics": ANYBODY,
    "GET /assistance/mine": HELP,
    "GET /assistance/{request_id}": _help(Scope.ASSISTANCE_READ),
    "POST /assistance/{request_id}/notes": _help(text="One thing more."),
    "POST /assistance/{request_id}/close": _help(Scope.ASSISTANCE_REPLY),
    "GET /assistance": INBOX,
    "GET /assistance/": INBOX,
    "GET /assistance/setup": INBOX,
    "GET /assistance/{request_id}/conversation": INBOX,
    "POST /assistance/{request_id}/replies": REPLY,
    "POST /assistance/{request_id}/deliveries/{delivery_id}/retry": REPLY,
    "GET /app/inbox": OPEN,
    "GET /app/review": OPEN,
    "GET /app/gaps": OPEN,
    "GET /app/versions": OPEN,
    "GET /app/audit": OPEN,
    "POST /channels/slack/events": SIGNED,
    "POST /channels/telegram/webhook": SIGNED,
    "POST /channels/email/inbound": SIGNED,
    "GET /metrics": PING,
    "POST /training/examples": PROPOSE,
    "GET /training/examples": PROPOSE,
    "GET /training/examples/{example_id}": PROPOSE,
    "GET /training/notices": PROPOSE,
    "GET /training/gaps": PROPOSE,
    "GET /training/gaps/{gap_id}": PROPOSE,
    "POST /training/gaps/{gap_id}/proposal": PROPOSE,
    "POST /training/gaps/{gap_id}/document": PROPOSE,
    "POST /training/gaps/{gap_id}/dismiss": APPROVE,
    "POST /training/gaps/{gap_id}/restore": APPROVE,
    "POST /training/examples/from-reply": Rule(
        Access.STAFF,
        Scope.TRAINING_PROPOSE,
        beside=(Scope.ASSISTANCE_READ,),
        body=(("request_id", "{request_id}"),),
    ),
    "POST /training/examples/bulk": APPROVE,
    "GET /training/examples/{example_id}/audit": APPROVE,
    "GET /training/audit": APPROVE,
    "POST /training/examples/{example_id}/approve": APPROVE,
    "POST /training/examples/{example_id}/edit": APPROVE,
    "POST /training/examples/{example_id}/reject": APPROVE,
    "POST /training/examples/{example_id}/revoke": APPROVE,
    "POST /training/examples/{example_id}/resume": APPROVE,
    "POST /training/examples/{example_id}/retry": APPROVE,
    "POST /training/examples/{example_id}/undo": APPROVE,
    "POST /training/runs": TRAIN,
    "GET /training/runs": TRAINER,
    "GET /training/runs/{run_id}": TRAINER,
    "GET /models": TRAINER,
    "GET /models/current": TRAINER,
    "GET /models/{version_id}": TRAINER,
    "POST /models/{version_id}/activate": ACTIVATE,
    "GET /documents": READ,
    "POST /documents": WRITE,
    "GET /documents/{document_id:path}": READ,
    "PUT /documents/{document_id:path}": WRITE,
    "DELETE /documents/{document_id:path}": WRITE,
    "GET /documents/text": READ,
    "GET /documents/progress": READ,
    "POST /documents/sync": WRITE,
    "POST /documents/reindex": WRITE,
    "POST /documents/reread": WRITE,
    "POST /documents/restore": WRITE,
    "GET /documents/due": READ,
    "GET /documents/suspicious": READ,
    "POST /documents/suspicious/{chunk_id}/release": WRITE,
    "DELETE /documents/suspicious/{chunk_id}/release": WRITE,
    "GET /sources": READ,
    "POST /sources/fetch": WRITE,
    "POST /sources/accept": WRITE,
    "POST /sources/refuse": WRITE,
    "GET /session": OPEN,
    "GET /signin": OPEN,
    "POST /signin": SAME_SITE,
    "GET /signin/start": OPEN,
    "GET /signin/callback": OPEN,
    "POST /signout": SAME_SITE,
    "POST /sessions/end": Rule(Access.TOKEN, body=(("subject", None),)),
    "GET /me": ANYBODY,
    "GET /me/export": ANYBODY,
    "DELETE /me": ANYBODY,
    "GET /keys": ADMIN,
    "POST /keys": ADMIN,
    "DELETE /keys/{key_id}": ADMIN,
}
