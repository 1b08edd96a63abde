"""Nothing reaches a person that was not checked: sentences are held against the quotes they rest on. Pure."""

from chains.drafts import DraftQuote, DraftSentence
from chains.grounding.quotes import LocatedQuote
from chains.grounding.reasons import UnsupportedReason
from chains.grounding.verifier import GroundedSentence, Verdict, ground, source_sentence, verify

__all__ = [
    "DraftQuote",
    "DraftSentence",
    "GroundedSentence",
    "LocatedQuote",
    "UnsupportedReason",
    "Verdict",
    "ground",
    "source_sentence",
    "verify",
]
