"""The few frozen types that cross packages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = [
    "Abstention",
    "AbstentionReason",
    "Answer",
    "AnswerMode",
    "Chunk",
    "Citation",
    "DocumentMeta",
    "Exchange",
    "GENERAL_JURISDICTION",
    "Kind",
    "Passage",
    "Principal",
    "Question",
    "Reply",
    "Scope",
    "Sentence",
    "Caution",
    "CautionCode",
]

GENERAL_JURISDICTION = "ZZ"
"""ISO 3166 leaves ZZ to its users; here it marks text that holds for no single country."""


class Kind(StrEnum):
    """What a stored document is, and so how it may be served."""

    DOCUMENT = "document"
    APPROVED = "approved"


class Scope(StrEnum):
    """What a token may do."""

    CHAT = "chat:ask"
    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_WRITE = "knowledge:write"
    REQUEST_ASSISTANCE = "request-assistance"
    ASSISTANCE_READ = "assistance:read"
    ASSISTANCE_REPLY = "assistance:reply"
    TRAINING_PROPOSE = "training:propose"
    TRAINING_APPROVE = "training:approve"
    TRAINING_START = "training:start"
    PING = "ping"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `subject` owns conversations; it is never taken from a request body."""

    subject: str
    scopes: frozenset[Scope] = frozenset()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of a version's canonical text: `text == canonical_text[start:end]`, in code points.

    `section` is the path of headings above it, outermost first. `unit` numbers the question-and-answer pair it belongs
    to within its version, and `question` is that pair's question. `sentences` are the spans, in the same offsets, that
    may be quoted as a statement; headings and bare questions are left out. `suspicion` is a word for what looks like an
    attempt to steer whoever reads it: such a chunk answers nobody until an editor has released it.
    """

    id: str
    document_id: str
    version_id: str
    ordinal: int
    text: str
    start: int
    end: int
    section: tuple[str, ...] = ()
    page: int | None = None
    unit: int | None = None
    question: str | None = None
    sentences: tuple[tuple[int, int], ...] = ()
    jurisdiction: str | None = None
    source_url: str | None = None
    suspicion: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What an editor says of a document in its front matter; None where nothing was said."""

    title: str
    jurisdiction: str = GENERAL_JURISDICTION
    language: str = "en"
    audience: str = "public"
    source_url: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str | None = None
    reviewed_on: date | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class SampleLikeness:
    """How a question is like the sample questions of a passage's document.

    Greatest cosines: `section` to those that the passage's section answers, `answered` to those that any section of the
    document does, `absent` to those that it does not answer; None where these are too few to tell.
    """

    section: float
    answered: float
    absent: float | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A live chunk that was found for a question, with what its document says of itself.

    `score` is the fused relevance in [0, 1]; `dense` the cosine to the question and `keyword` its BM25, both raw;
    `coverage` the share of the question's terms it holds, weighted by rarity, in [0, 1]. `sentence_scores` are the
    cosines of `chunk.sentences` to the question, in their order. `lead` is how far `dense` lies above what was found
    farther down; `earlier` the greatest cosine of a sentence to an earlier turn, 0 for a first question, `conversation`
    to all that the person wrote, as one text. `samples` is None where its section has no sample questions, or the
    encoder cannot read the question.
    """

    chunk: Chunk
    meta: DocumentMeta
    score: float
    kind: Kind = Kind.DOCUMENT
    dense: float = 0.0
    keyword: float = 0.0
    coverage: float = 0.0
    sentence_scores: tuple[float, ...] = ()
    lead: float = 0.0
    earlier: float = 0.0
    conversation: float = 0.0
    samples: SampleLikeness | None = None

    @property
    def jurisdiction(self) -> str:
        return self.chunk.jurisdiction or self.meta.jurisdiction

    @property
    def url(self) -> str | None:
        return self.chunk.source_url or self.meta.source_url


@dataclass(frozen=True, slots=True)
class Exchange:
    """One earlier question of a conversation and what was answered.

    `offered` are the questions that were offered instead by a machine's words, each with the document's own.
    """

    question: str
    answer: str
    offered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `history` oldest first, `as_of` the day whose rules are wanted, `jurisdiction` None for all."""

    text: str
    as_of: date
    jurisdiction: str | None = None
    audience: str = "public"
    history: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `quote == canonical text of version[start:end]`. `id` counts from 1 in its reply.

    `language` is the document's, None where it was not kept.
    """

    id: int
    document_id: str
    version: str
    title: str
    jurisdiction: str
    url: str | None
    page: int | None
    section: tuple[str, ...]
    start: int
    end: int
    quote: str
    effective_from: date | None
    effective_to: date | None
    reviewed_on: date | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the ids of the citations it rests on, never none.

    `original` is the sentence that was verified, where `text` is its translation by a machine.
    """

    text: str
    citations: tuple[int, ...]
    original: str | None = None


class AnswerMode(StrEnum):
    """Who wrote the answer."""

    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"
    APPROVED = "approved"


class AbstentionReason(StrEnum):
    """Why nothing was answered."""

    NOT_COVERED = "not_covered"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_COUNTRY = "other_country"
    OWN_CASE = "own_case"
    PREDICTION = "prediction"
    UNLAWFUL = "unlawful"
    UNCLEAR = "unclear"
    SOURCES_DISAGREE = "sources_disagree"
    NO_DOCUMENTS = "no_documents"
    PERSON_WANTED = "person_wanted"


class CautionCode(StrEnum):
    """What a reader must know about an answer besides its text."""

    NEVER_REVIEWED = "never_reviewed"
    REVIEW_OVERDUE = "review_overdue"
    MODEL_UNAVAILABLE = "model_unavailable"
    SENTENCES_REPLACED = "sentences_replaced"
    SOURCES_DISAGREE = "sources_disagree"
    TRANSLATED = "translated"
    PART_UNANSWERED = "part_unanswered"


@dataclass(frozen=True, slots=True)
class Caution:
    """A caution in words, with a code for programs."""

    code: CautionCode
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences that were each checked against their citations; `model_version` is the one that answered."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    mode: AnswerMode
    warnings: tuple[Caution, ...] = ()
    next_steps: tuple[str, ...] = ()
    model_version: str | None = None

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Abstention:
    """A refusal to answer: what is missing and what to do next, in words.

    `suggestions` are questions that the documents answer as they stand, nearest to what was asked first; `nearest` is
    what they say under the first, where that is likely enough to be of use. `originals` are the suggestions as the
    documents word them, where a machine translated them. `language` is that of the words, None where it was not kept.
    """

    reason: AbstentionReason
    text: str
    next_steps: tuple[str, ...]
    confidence: float
    mode: AnswerMode = AnswerMode.EXTRACTIVE
    warnings: tuple[Caution, ...] = ()
    model_version: str | None = None
    suggestions: tuple[str, ...] = ()
    nearest: Citation | None = None
    language: str | None = None
    originals: tuple[str, ...] = ()


Reply = Answer | Abstention
