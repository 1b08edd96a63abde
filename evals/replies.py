"""A language model's replies, written down once, so that what it makes of a question can be judged again without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult, LLMResult
from pydantic import PrivateAttr

from core.errors import InvalidInput

__all__ = ["Recorded", "RecordedModel", "Recorder", "digest_of", "load_replies", "write_replies"]

_SEAL = re.compile(r"^=== ([0-9a-f]{16}) begin ", re.MULTILINE)
"""What marks data within a prompt, and is another one each time."""
_DIGEST_CHARS = 16
_NO_REPLY = '{"sentences": [], "unanswerable": true}'


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `model` replied on a `day`: of each case its replies by the digest of their prompts.

    Prompts name the day, so they are the same again only for a run as of that day.
    """

    model: str
    day: date
    cases: Mapping[str, Mapping[str, str]]


class RecordedModel(BaseChatModel):
    """Gives to each prompt the reply that was written down; to any other none, and remembers that it was asked one.

    What was not asked when the replies were recorded is another prompt: documents, search or wording have changed.
    """

    recorded: Recorded
    _replies: dict[str, str] = PrivateAttr(default_factory=dict)
    _missed: bool = PrivateAttr(default=False)

    def model_post_init(self, context: Any, /) -> None:
        super().model_post_init(context)
        self._replies = {digest: reply for case in self.recorded.cases.values() for digest, reply in case.items()}

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def has_missed(self) -> bool:
        """Whether it was asked what is not written down since this was last called."""
        missed, self._missed = self._missed, False
        return missed

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._replies.get(digest_of(messages))
        self._missed = self._missed or reply is None
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply or _NO_REPLY))])


@dataclass
class Recorder(BaseCallbackHandler):
    """Hears what a chat model is asked and replies; give it to the model as one of its `callbacks`."""

    _asked: dict[UUID, str] = field(default_factory=dict)
    _replies: dict[str, str] = field(default_factory=dict)
    _failed: set[str] = field(default_factory=set)

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, **_: Any
    ) -> None:
        self._asked[run_id] = digest_of(messages[0])

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        if digest := self._asked.pop(run_id, None):
            self._replies[digest] = response.generations[0][0].text
            self._failed.discard(digest)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        if digest := self._asked.pop(run_id, None):
            self._failed.add(digest)

    def take(self) -> dict[str, str]:
        """The replies since this was last called, by the digest of their prompts; none where one has got none."""
        taken, failed = self._replies, self._failed
        self._replies, self._failed = {}, set()
        return {} if failed else taken


def digest_of(messages: Sequence[BaseMessage]) -> str:
    """What a prompt says, whatever marks its data this time."""
    text = "\n".join(f"{message.type}:\n{message.text}" for message in messages)
    for seal in set(_SEAL.findall(text)):
        text = text.replace(seal, "")
    return sha256(text.encode()).hexdigest()[:_DIGEST_CHARS]


def load_replies(path: Path) -> Recorded:
    """Raises `InvalidInput` for a file that is none of `write_replies`."""
    try:
        head, *lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        cases: dict[str, dict[str, str]] = {}
        for line in lines:
            cases.setdefault(line["case"], {})[line["prompt"]] = str(line["reply"])
        return Recorded(str(head["model"]), date.fromisoformat(head["recorded_on"]), cases)
    except OSError as error:
        raise InvalidInput(f"{str(path)!r} cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"{str(path)!r} holds no replies of `assistant eval --record FILE`: {type(error).__name__}: {error}"
        ) from error


def write_replies(path: Path, recorded: Recorded) -> None:
    """One reply a line, by case, after a line that says of which model and day they are."""
    head = {"model": recorded.model, "recorded_on": recorded.day.isoformat()}
    lines = (json.dumps(line, ensure_ascii=False) for line in (head, *_lines(recorded)))
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.replace(path)


def _lines(recorded: Recorded) -> Iterator[dict[str, str]]:
    for case, replies in sorted(recorded.cases.items()):
        for digest, reply in sorted(replies.items()):
            yield {"case": case, "prompt": digest, "reply": reply}
