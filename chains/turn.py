"""What one question needs on its way to a reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from chains.contextualise import Search
from chains.refusals import refusal
from chains.suggested import Showing
from core.types import Abstention, AbstentionReason, Passage, Question
from retrieval.catalogue import Catalogue
from retrieval.served import ServedModel

__all__ = ["Turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one question needs on its way: who asks in which `language`, and what is looked for in which documents.

    `model` is the one that may be asked now, None where there is none or it is being left alone; `showing` is what a
    refusal needs to show what comes nearest.
    """

    question: Question
    search: Search
    language: str
    catalogue: Catalogue
    model: BaseChatModel | None
    served: ServedModel
    showing: Showing
    cancelled: Callable[[], bool]

    @property
    def is_english(self) -> bool:
        """Whether what is looked for is in English: asked in it, or translated by the model."""
        return (self.search.translated or self.language) == "en"

    @property
    def documents_in(self) -> Sequence[str]:
        """The languages in which it may be worth asking again: of all documents; none for what a model translated."""
        return () if self.search.translated else self.catalogue.languages

    def uncovered(self, passages: Sequence[Passage], sure: float) -> Abstention:
        """The refusal of a question whose passages turned out to hold no answer."""
        return refusal(
            AbstentionReason.NOT_COVERED, covered=self.catalogue.jurisdictions, nearest=passages, sure=sure,
            language=self.language, documents_in=self.documents_in, showing=self.showing,
        )  # fmt: skip
