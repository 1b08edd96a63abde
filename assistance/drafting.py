"""A request as it could be: the topic guessed, the description filled from what the person asked."""

from __future__ import annotations

from dataclasses import dataclass

from assistance.guess import Guess, TopicGuesser
from assistance.live_topics import LiveTopics
from chains.conversation import Conversations

__all__ = ["Draft", "Drafting"]

_QUESTIONS = 4
"""What a person asked before their last question goes along as far as this, so that staff need not ask again."""
_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """To be shown and changed; `alternatives` are the next likeliest topics."""

    guess: Guess | None
    alternatives: tuple[Guess, ...]
    description: str
    conversation_id: str | None
    turn_id: str | None


class Drafting:
    """Stores nothing."""

    def __init__(
        self, conversations: Conversations, topics: LiveTopics, guesser: TopicGuesser, *, max_chars: int
    ) -> None:
        self._conversations = conversations
        self._topics = topics
        self._guesser = guesser
        self._max_chars = max_chars

    def of_turn(self, principal: str, turn_id: str) -> Draft:
        """A draft from a turn and those before it in its conversation; raises `NotFound` for anybody else's."""
        turn = self._conversations.turn(principal, turn_id)
        earlier = self._conversations.turns(principal, turn.conversation_id)
        asked = [item.question for item in earlier if item.asked_at <= turn.asked_at and item.id != turn.id]
        questions = list(dict.fromkeys([*asked[-(_QUESTIONS - 1) :], turn.question]))
        return self._draft("\n".join(questions), turn.conversation_id, turn.id)

    def of_question(self, question: str) -> Draft:
        """A draft from a question alone."""
        return self._draft(question, None, None)

    def _draft(self, description: str, conversation_id: str | None, turn_id: str | None) -> Draft:
        found = self._guesser.guess(description, self._topics.current())
        first = found[0] if found else None
        # The end is the question that was not answered, so what is too long is cut at its beginning.
        return Draft(
            first, tuple(found[1 : 1 + _ALTERNATIVES]), description[-self._max_chars :], conversation_id, turn_id
        )
