"""The closed lists by which two questions are compared: forms, modals, words that mean the same or turn the meaning."""

from __future__ import annotations

import re
from enum import StrEnum

from chains.grounding.operators import ACTORS
from chains.grounding.wording import stem

__all__ = [
    "ACTOR_WORDS",
    "ASIDES",
    "CLASSES",
    "COLLECTED",
    "CONDITION",
    "FORMS",
    "GENERIC",
    "GETTING",
    "KEPT",
    "LEANS",
    "CONDITION_FIRST",
    "LIGHT",
    "MODAL_CLASSES",
    "NAMED",
    "PAST",
    "PHRASES",
    "PROCESS",
    "READER",
    "SUBJECTS",
    "Form",
    "Modal",
    "WHERE_TO",
]


class Form(StrEnum):
    """What a question wants to read."""

    HOW_LONG = "how long"
    HOW_MUCH = "how much"
    HOW_MANY = "how many"
    HOW_OFTEN = "how often"
    HOW_OLD = "how old"
    HOW_SOON = "how soon"
    HOW_LATE = "how late"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHY = "why"
    HOW = "how"
    WHICH = "which"
    IF = "whether"
    STATEMENT = "statement"


class Modal(StrEnum):
    """Whether leave, duty or advice is asked for."""

    CAN = "can"
    MUST = "must"
    SHOULD = "should"
    MIGHT = "might"
    NONE = ""


def _compiled(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), instead) for pattern, instead in pairs)


# All patterns below read text that `chains.grounding.wording.normalise` made: lower case, contractions written out.

ASIDES = _compiled(
    (r"\bplease\b", " "),
    (
        r"\b(?:(?:can|could|would) (?:you|somebody|someone|anyone) (?:kindly )?"
        r"(?:tell|explain to|inform|advise) (?:me|us)"
        r"|(?:i|we) (?:would like|want|need|am trying|are trying)(?: to)? (?:know|find out|understand|learn)"
        r"|(?:i|we) (?:am|are|was|were) (?:just )?(?:wondering|asking)|(?:i|we) wonder|do you know|any idea"
        r"|does (?:anyone|anybody|somebody) know|tell me|my question is)\b\s*(?:about\b)?[\s,:]*",
        " ",
    ),
    (r"\b(?:exactly|actually|currently|nowadays|today|right now|roughly|approximately|in total|officially)\b", " "),
)
"""Requests to be told, where `chains.framing` left them, and words that change nothing."""

PHRASES = _compiled(
    (
        r"\b(?:must|should|do|does|will|would)? ?(?:i|we|you|one)? ?(?:have to|need to|must|should)? ?pay for\b",
        " cost ",
    ),
    (r"\b(?:is|are) it (?:possible|allowed|permitted|ok|okay|legal)(?: for (?:me|us|you))?(?: to)?\b", " can i "),
    (r"\b(?:am|are|is) (?:i|we|you|one) (?:allowed|permitted|able|entitled|eligible) to\b", " can i "),
    (r"\bdo (?:i|we|you) have (?:the )?(?:right|permission) to\b", " can i "),
    (r"\b(?:am|are|is) (\w+ \w+|\w+) (?:allowed|permitted|able|entitled) to\b", r" can \1 "),
    (r"\b(?:am|are|is) (?:i|we|you) (?:required|obliged) to\b", " must i "),
    (r"\b(?:is|are) (?:it )?(?:required|necessary|mandatory|compulsory|obligatory)(?: to)?\b", " must i "),
    (r"\b(?:do|does|will|would) (\w+ \w+|\w+) (?:have|need) to\b", r" must \1 "),
    (
        r"\b(?:outside(?: of)?|out of)(?: the| my| this)? countr(?:y|ies)\b|\b(?:from )?(?:abroad|overseas)\b",
        " outside ",
    ),
    (r"\bfrom my (?:home|own) country\b|\b(?:from )?outside(?: of)?\b", " outside "),
    (r"\b(?:from )?(?:inside|within)(?: the| this)? country\b|\bfrom (?:within|inside)\b", " inside "),
    (r"\b(?:while|when|if|once|after|as) (?:i am|i|being|we are) (?:already )?(?:inside|in|there|here)\b", " inside "),
    (r"\bin-country\b|\binside\b", " inside "),
    (r"\bwhat happens when\b", "what happens if"),
    (
        r"\bwho (?:is eligible|qualifies|can qualify|can get|may get|may apply|is able to apply)(?: for)?\b",
        "who can apply for",
    ),
    (r"\bhow long (?:is it )?until\b", "how long"),
    (r"\bwhat is the (?:validity|length of validity) of\b|\bfor how long is\b", "how long is valid"),
    (r"\b(?:prior to|ahead of|in advance of|earlier than)\b", " before "),
    (r"\b(?:following|later than|as soon as|once)\b", " after "),
    (r"\b(?:processing|waiting|wait|process|decision) times?\b", " process "),
    (r"\b(?:get|getting|receive|receiving|obtain|obtaining) (?=an? |the |my )", " process "),
)
"""Ways of saying one thing made one."""

CONDITION_FIRST = re.compile(r"^\W*((?:if|when|once|after|before|as) [^,?]{3,80}), (.+?)\W*$")
"""A condition that opens the question, and the question."""


FORMS: tuple[tuple[re.Pattern[str], Form], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"\bhow (?:old)\b|\bwhat age\b|\bwhich age\b", Form.HOW_OLD),
        (r"\bhow (?:often|frequently)\b|\bhow many times\b", Form.HOW_OFTEN),
        (
            r"\bhow (?:long|much time|many (?:days|weeks|months|years|hours))\b"
            r"|^\W*(?:what|which) (?:is|are) the (?=process\b)|^\W*(?=process\b)",
            Form.HOW_LONG,
        ),
        (
            r"\bhow (?:much|expensive)\b"
            r"|^\W*(?:what|which) (?:is|are|will be) (?:the )?"
            r"(?=(?:\w+ ){0,6}(?:cost|costs|fee|fees|price|prices|charge|charges)\b)"
            r"|^\W*what (?:does|do|will|would) (?=.*\bcosts?\b)|^\W*what (?=salary|income|wage|fee)"
            r"|^\W*(?=(?:\w+ ){0,5}(?:costs?|fees?|price)\W*$)",
            Form.HOW_MUCH,
        ),
        (r"\bhow many\b", Form.HOW_MANY),
        (r"\bhow (?:early|soon)\b", Form.HOW_SOON),
        (r"\bhow late\b", Form.HOW_LATE),
        (r"\b(?:when|at what time|what date|which date|on which day)\b", Form.WHEN),
        (r"\b(?:where|in which (?:place|office)|at which (?:place|office))\b", Form.WHERE),
        (r"\b(?:who|whom|whose)\b", Form.WHO),
        (r"\b(?:why|for what reason|how come)\b", Form.WHY),
        (
            r"\bhow\b|\bin (?:what|which) way\b"
            r"|\bwhat (?:is|are) the (?:way|ways|steps|process|procedure) (?:to|for|of)\b",
            Form.HOW,
        ),
        (r"\b(?:which|what)\b", Form.WHICH),
        (
            r"^\W*(?:if |whether )?(?:can|could|may|might|must|should|shall|will|would|do|does|did|is|are|am|was|were"
            r"|have|has|had)\b",
            Form.IF,
        ),
    )
)
"""The first that matches is the form of the question."""

MODAL_CLASSES: tuple[tuple[re.Pattern[str], Modal], ...] = tuple(
    (re.compile(pattern), modal)
    for pattern, modal in (
        (r"\b(?:must|have to|has to|need to|needs to|required|shall|obliged|necessary|mandatory)\b", Modal.MUST),
        (r"\b(?:should|ought to|recommended|advisable|better)\b", Modal.SHOULD),
        (r"\b(?:can|could|may|allowed|permitted|able to|entitled)\b", Modal.CAN),
        (r"\b(?:might|possibly)\b", Modal.MIGHT),
    )
)

LIGHT = frozenset(
    """
    a an the this that these those it its is am are be was were been being do does did done doing of for on at by as in
    to and or with there so then also too just my mine your our any i me we us you one s if when have has had
    """.split()
)
"""Words whose presence says nothing about what is asked; `if` and `when` are counted as directions."""

READER = frozenset("i me my we us our you your one people person somebody someone anyone".split())

SUBJECTS = frozenset("i we you one".split())

KEPT = {
    "before": "before", "after": "after", "until": "until", "till": "until", "since": "since", "while": "during",
    "during": "during", "outside": "outside", "inside": "inside", "from": "from", "into": "into",
    "without": "without", "unless": "unless", "except": "except", "between": "between", "under": "under",
    "over": "over", "through": "through", "instead": "instead",
}  # fmt: skip
"""Words of time, place and exception: they count, and so does the word that they bear on."""

_ACTOR_EXTRA = """
    he she they him her them his their nephew niece aunt uncle cousin grandmother grandfather grandchild grandson
    granddaughter stepchild stepson stepdaughter boyfriend girlfriend fiancee baby kid toddler mum mom dad father-in-law
    inlaw law boss landlord student worker visitor tourist refugee resident citizen immigrant nurse doctor teacher
    trainee apprentice driver engineer farmer researcher volunteer nanny intern
"""
ACTOR_WORDS = ACTORS | frozenset(stem(word) for word in _ACTOR_EXTRA.split())
"""Whoever is not the reader alone, and what the reader is: an answer for one is none for another."""

_SAME = """
    cost costs price prices fee fees charge charges
    salary salaries wage wages income earn earnings
    change switch
    renew renewal renewing
    extend extension prolong prolongation
    need needed require required requirement requirements
    job work working employment
    study studying studies
    papers documents document paperwork
    partner partners
    valid validity last lasts lasting
    kid child
    begin start commence
    enter entry
    stay remain
    leave depart
    reject refuse deny refused denied rejected refusal
    lose lost losing
    move immigrate emigrate migrate relocate
"""
CLASSES = {
    form: row.split()[0] for row in _SAME.strip().splitlines() for word in row.split() for form in (word, stem(word))
}
"""Words that ask for the same thing, under the first of their row."""

PROCESS = frozenset(
    CLASSES.get(word, stem(word))
    for word in "process take decision decide wait time apply get issue grant approve receive obtain answer".split()
)
"""In "how long …" these are about one thing: the time until the decision."""

GETTING = frozenset(CLASSES.get(word, stem(word)) for word in "process apply get obtain request".split())
"""In "how do I …" these are about one thing: one gets what one applies for."""

COLLECTED = re.compile(r"\b(?:my|back|decision|refund|receive|copy)\b")
"""Beside these one gets what one has applied for already."""

CONDITION = re.compile(r"\b(?:if|when|before|after|until|unless|while|since|because)\b")
"""What opens a condition: the words behind it are another part of the question."""

PAST = re.compile(r"\b(?:was|were|had|did)\b")

NAMED = re.compile(r"(\w+) (permits?|visas?|cards?|certificates?|status|licences?)\b")
"""A thing and the word before it, which says which: study permits, residence cards."""

WHERE_TO = re.compile(r"\b(in|for|to|at|from)\W*$")
"""What is left of "in Canada" or "for Canada" at the end of a question without its countries."""

GENERIC = frozenset(
    CLASSES.get(word, stem(word))
    for word in (
        "process cost need apply application visa permit document form decide use get valid card fee rule"
    ).split()
)
"""A question of these words alone is about whatever its document is about, and no question by itself."""

LEANS = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|there)\b(?! take| cost)", re.IGNORECASE)
"""Words by which a question leans on what stands above it."""
