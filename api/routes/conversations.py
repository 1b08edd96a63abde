"""The caller's own conversations."""

from __future__ import annotations

from fastapi import APIRouter

from api.assistance_schemas import AskedPersonOut
from api.dependencies import App, Asker
from api.links import follow, linked
from api.schemas import ConversationOut, ConversationsOut, TurnOut, TurnsOut

__all__ = ["router"]

router = APIRouter(prefix="/conversations", tags=["conversations"])


@router.get(
    "",
    responses=linked(200, newest=follow("GET /conversations/{conversation_id}", conversation_id="items/0/id")),
)
def list_conversations(application: App, principal: Asker) -> ConversationsOut:
    """The caller's conversations, the newest first."""
    found = application.conversations.conversations(principal.subject)
    return ConversationsOut(
        items=[ConversationOut(id=item.id, title=item.title, updated_at=item.updated_at) for item in found]
    )


@router.get("/{conversation_id}")
def read_conversation(conversation_id: str, application: App, principal: Asker) -> TurnsOut:
    """Every turn of one conversation and every request for a person made in it, the oldest first."""
    turns = application.conversations.turns(principal.subject, conversation_id)
    given = application.feedbacks.of_turns([turn.id for turn in turns])
    requests = application.assistance.desk.reader.of_conversation(principal.subject, conversation_id)
    return TurnsOut(
        id=conversation_id,
        turns=[TurnOut.of(turn, given.get(turn.id)) for turn in turns],
        assistance=[AskedPersonOut.of(request) for request in requests],
    )


@router.delete("/{conversation_id}", status_code=204)
def erase_conversation(conversation_id: str, application: App, principal: Asker) -> None:
    """Erase a conversation and everything asked in it; a request for a person goes on without it."""
    application.conversations.erase(principal.subject, conversation_id)
    application.assistance.desk.detach(principal.subject, conversation_id)
