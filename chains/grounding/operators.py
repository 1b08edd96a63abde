"""The small closed lists that turn a statement into another one: modals, negations, conditions, degrees, actors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from chains.grounding.wording import stem

__all__ = [
    "ACTORS",
    "DENYING",
    "Degree",
    "GENERIC",
    "Marker",
    "Modality",
    "Operator",
    "Token",
    "TURNING",
    "tokens",
]


class Modality(StrEnum):
    """What a clause does to its subject."""

    ASSERTED = "asserted"
    DENIED = "denied"
    OBLIGED = "obliged"
    NOT_OBLIGED = "not obliged"
    ALLOWED = "allowed"
    PROHIBITED = "prohibited"
    POSSIBLE = "possible"
    UNSURE = "possibly not"
    ADVISED = "advised"
    ADVISED_AGAINST = "advised against"


DENYING = frozenset((Modality.DENIED, Modality.PROHIBITED, Modality.NOT_OBLIGED, Modality.ADVISED_AGAINST))
"""What a clause with a "not" may say; `UNSURE` says neither yes nor no."""


class Marker(StrEnum):
    """What ties a clause to another: the condition, exception or moment under which the other holds."""

    IF = "if"
    UNLESS = "unless"
    UNTIL = "until"
    BEFORE = "before"
    AFTER = "after"
    DURING = "during"
    WITHOUT = "without"
    DESPITE = "despite"
    BECAUSE = "because"


class Degree(StrEnum):
    """For how many, or how often, a clause holds."""

    ALL = "all"
    MOST = "most"
    SOME = "some"
    FEW = "few"
    ONLY = "only"


class Operator(StrEnum):
    """A token that changes what its clause says."""

    NEGATION = "negation"
    MUST = "must"
    NEED = "need"
    MAY = "may"
    CAN = "can"
    MIGHT = "might"
    SHOULD = "should"
    NEITHER = "neither"


_BE = r"(?:is|are|be|was|were|been|being)"
_ADVERB = r"(?:\s+(?:also|usually|normally|generally|still|always|legally|often|only|ever|then|now|therefore))?"

# In order: longer phrases first. None marks a phrase that holds such a word and yet is no operator.
_PHRASES: tuple[tuple[Operator | Marker | Degree | None, str], ...] = (
    (
        None,
        r"not only|no (?:more|less|fewer|later|earlier|longer|older|younger|sooner|greater) than|"
        r"not (?:more|less|later|longer|older|fewer) than",
    ),
    (None, r"at (?:the )?(?:most|least)|whether or not to|may (?=\d{1,2}\b|20\d\d\b)|(?<=\d )may\b|not to mention"),
    (
        Marker.DESPITE,
        r"even (?:if|when|though|after|before)|although|though|whether or not|regardless of|despite|"
        r"in spite of|irrespective of",
    ),
    (
        Marker.UNLESS,
        r"unless|except (?:if|when|where|that|for|in)|except|other than|apart from|aside from|"
        r"excluding|with the exception of|save for",
    ),
    (
        Marker.IF,
        r"if|provid(?:ed|ing) (?:that|you|they|the|your|it)|(?:as|so) long as|"
        r"on (?:the )?condition that|in case(?: of)?|when|whenever|in the event (?:that|of)|"
        r"assuming(?: that)?|where you|subject to",
    ),
    (Marker.UNTIL, r"until|till"),
    (Marker.BEFORE, r"before|prior to|ahead of"),
    (Marker.AFTER, r"after|once|as soon as|upon"),
    (Marker.DURING, r"while|whilst|during|throughout"),
    (Marker.WITHOUT, r"without"),
    (Marker.BECAUSE, r"because(?: of)?|due to"),
    (Operator.NEGATION, r"not|no longer|no|never|none|nobody|nothing|nowhere"),
    (Operator.NEITHER, r"neither|nor"),
    (Operator.MUST, r"must|shall|mandatory|compulsory|obligatory|imperative"),
    (
        Operator.NEED,
        rf"(?:have|has|had|having) to|need(?:s|ed)? to|needs?|(?<=not )needed|"
        rf"{_BE}{_ADVERB} (?:required|needed|obliged|necessary|obligated)(?: to)?|"
        rf"(?<=not )(?:required|necessary|obliged)(?: to)?|requires?|(?<=no )need",
    ),
    (
        Operator.SHOULD,
        r"should|ought to|recommended|recommends?|advised|advises?|advisable|best to|good idea to|"
        r"wise to|encouraged to",
    ),
    (
        Operator.CAN,
        rf"can|{_BE}{_ADVERB} (?:(?:allowed|permitted)(?: to)?|(?:able|entitled|free) to)|"
        rf"(?<=not )(?:allowed|permitted|able|entitled)(?: to)?|(?:allowed|permitted|able|"
        rf"entitled) to",
    ),
    (Operator.MAY, r"may"),
    (Operator.MIGHT, r"might|could|possibly|perhaps|maybe"),
    (
        Degree.MOST,
        r"in (?:most|many) cases|most(?: of)?|mostly|usually|normally|generally|typically|often|"
        r"mainly|commonly|ordinarily|as a rule|in general|many|largely|almost(?: all| always)?|"
        r"nearly(?: all| always)?",
    ),
    (
        Degree.SOME,
        r"in (?:some|certain|limited) cases|some(?: of)?|sometimes|certain|several|a few|"
        r"occasionally|limited",
    ),
    (Degree.FEW, r"rarely|seldom|few|hardly|barely|exceptionally"),
    (
        Degree.ALL,
        r"all|every|always|everyone|everybody|in (?:all|every) cases?|in any case|guaranteed?|"
        r"guarantees|automatically|definitely|certainly|never fails?",
    ),
    (Degree.ONLY, r"only|solely|exclusively|nothing but"),
)

_OPERATORS = tuple(operator for operator, _ in _PHRASES)
_TOKEN = re.compile(
    "|".join(rf"(?P<o{index}>\b(?:{phrase})(?!\w))" for index, (_, phrase) in enumerate(_PHRASES))
    + r"|(?P<word>[^\W_]+)|(?P<point>[.;:,()?!—–\n])"  # noqa: RUF001
)

Token = tuple[Operator | Marker | Degree | None, str]
"""An operator with its words; or None with a word or a punctuation mark."""


def tokens(text: str) -> Iterator[Token]:
    """The operators, words and punctuation marks of a normalised text."""
    for match in _TOKEN.finditer(text):
        name = match.lastgroup or ""
        operator = _OPERATORS[int(name[1:])] if name[0] == "o" else None
        yield operator, match.group()


GENERIC = frozenset(map(stem, "you people person anyone someone everyone individual they".split()))
"""Whoever the rules are told to."""

ACTORS = frozenset(
    map(
        stem,
        """
        employer company sponsor officer official inspector guard spouse partner husband wife child children son
        daughter parent mother father guardian sibling brother sister grandparent relative family member dependant
        dependent host government minister ministry department authority agency ircc uscis cbsa ukvi board tribunal
        court judge police embassy consulate mission lawyer attorney solicitor representative consultant adviser
        advisor agent translator interpreter school institution university college bank doctor physician airline
        carrier landlord province territory state council committee secretary centre recruiter friend fiance owner
        manager supervisor organisation
        """.split(),
    )
)
"""Those who are somebody else than the reader: what they must or may do, the reader need not or cannot."""

TURNING = frozenset(
    map(
        stem,
        """
        outside inside abroad overseas non temporary permanent unpaid part full single multiple former previous
        previously illegal unlawful illegally unlawfully lawfully legally undocumented half double
        """.split(),
    )
)
"""Modifiers that make another thing of the word they stand before; they may be neither added nor dropped."""
