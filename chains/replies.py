"""A model's JSON reply, read while it streams: each sentence as soon as its object is complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from chains.drafts import DraftQuote, DraftSentence
from core.errors import ModelUnavailable

__all__ = ["ReplyReader"]

MAX_REPLY_CHARS = 40_000
"""Six sentences with whole-sentence quotes take about 4,000 characters; ten times that is a model running away."""

_LIST = re.compile(r'"sentences"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


class ReplyReader:
    """Feed it the reply piece by piece; it gives back the sentences that became complete."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._decoder = json.JSONDecoder(strict=False)
        self.read = 0

    def feed(self, piece: str) -> Iterator[DraftSentence]:
        """The sentences that this piece completed; raises ModelUnavailable when the reply has no end."""
        self._text += piece
        if len(self._text) > MAX_REPLY_CHARS:
            raise ModelUnavailable(f"The reply is longer than {MAX_REPLY_CHARS} characters", transient=False)
        # A sentence can only become complete with a closing brace; most pieces have none.
        if "}" in piece:
            yield from self._complete()

    @property
    def is_whole(self) -> bool:
        """Whether the JSON object is complete, whatever becomes of the connection afterwards."""
        try:
            self.finish()
        except ModelUnavailable:
            return False
        return True

    def finish(self) -> bool:
        """Whether the finished reply says that there is no answer; raises ModelUnavailable when it is no such reply."""
        try:
            whole, _ = self._decoder.raw_decode(self._text, max(0, self._text.find("{")))
        except json.JSONDecodeError as error:
            raise ModelUnavailable(
                f"The reply broke off or is no JSON, after {len(self._text)} characters", transient=False
            ) from error
        if not isinstance(whole, dict) or (not self.read and whole.get("unanswerable") is not True):
            raise ModelUnavailable("The reply is JSON without the sentences that were asked for", transient=False)
        return whole.get("unanswerable") is True

    def _complete(self) -> Iterator[DraftSentence]:
        if not self._at and (found := _LIST.search(self._text)):
            self._at = found.end()
        while self._at:
            between = _BETWEEN.match(self._text, self._at)
            start = between.end() if between else self._at
            try:
                value, end = self._decoder.raw_decode(self._text, start)
            except json.JSONDecodeError:
                return
            self._at = end
            if draft := _sentence(value):
                self.read += 1
                yield draft


def _sentence(value: object) -> DraftSentence | None:
    """A sentence of the agreed shape; anything else is passed over, since it could not be checked."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or not value["text"].strip():
        return None
    quotes = value.get("quotes")
    found = [_quote(quote) for quote in quotes] if isinstance(quotes, list) else []
    return DraftSentence(" ".join(value["text"].split()), tuple(quote for quote in found if quote))


def _quote(value: object) -> DraftQuote | None:
    if isinstance(value, str):
        return DraftQuote(None, value)
    if not isinstance(value, dict) or not isinstance(value.get("quote"), str):
        return None
    passage = value.get("passage")
    return DraftQuote(passage if isinstance(passage, int) and not isinstance(passage, bool) else None, value["quote"])
