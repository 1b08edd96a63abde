"""What people say around a question: greetings, thanks, requests to be told, how they feel. Pure.

It is left out where a message becomes a search and where two questions are compared, so that neither the search nor the
rules by which a question is refused have to know of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chains.languages import SPOKEN, fold, wording
from chains.turning import without_turn

__all__ = ["without_frame"]

_PERSONS = (
    r"(?:there|all|everyone|everybody|anyone|anybody|team|sirs?|madam|friends?|folks|guys|again|dear(?: \w+)?"
    r"|sir(?: or |/)madam)"
)
_GREETING = (
    rf"(?:(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day))(?: {_PERSONS})*"
    rf"|dear(?: {_PERSONS}| \w+){{1,3}})"
)
_THANKS = (
    r"(?:(?:first of all |(?:very )?many |much |big )?(?:thanks|thank you|thx|cheers)"
    r"(?: again| very much| so much| a lot| in advance| all| guys)*"
    r"(?: for (?:your|the|this|any|all your)(?: \w+)? (?:help|time|answers?|reply|support|work|service|advice))?"
    r"(?: in advance)?)"
)
_HOPING = (
    r"(?:i hope (?:that )?(?:you are|this (?:message|email) finds you|all is)(?: all| doing| very)* (?:well|fine|good))"
)
_PARTING = (
    r"(?:(?:with )?(?:kind|best|warm) (?:regards|wishes)|regards|(?:yours )?(?:sincerely|faithfully)|respectfully"
    r"|god bless(?: you)?|have a (?:nice|good|great|lovely) (?:day|evening|night|week|weekend)"
    r"|any (?:help|advice) (?:is|would be) (?:\w+ )?appreciated"
    r"|(?:i )?look(?:ing)? forward to (?:your|hearing)(?: \w+)*)"
)
_VERY = r"(?:(?:so|very|really|just|too|such|completely|terribly|extremely|a bit|a little) )*"
_AFRAID = (
    r"(?:scared|afraid|frightened|terrified|worried|nervous|anxious|desperate|stressed|panicking|shaking|trembling|crying"
    r"|devastated|confused|ashamed|exhausted|in panic)"
)
_FEELING = (
    rf"(?:(?:(?:i am|im|we are) )?{_VERY}{_AFRAID}(?: and {_VERY}{_AFRAID})*(?: (?:right )?now)?"
    rf"(?: (?:and|that) (?:i|we) (?:cannot|can not|cant) (?:sleep|eat|breathe|think))?"
    r"|(?:i|we) (?:cannot|can not|cant|could not) (?:even )?(?:sleep|eat|breathe|think)"
    r"(?: anymore| any more| at night| or (?:sleep|eat)| (?:from|for) (?:worry|fear))*"
    r"|(?:i|we) have not (?:slept|eaten)(?: (?:in|for) (?:\w+ )?(?:days|nights|weeks))?"
    r"|(?:i|we) cry (?:all|every) (?:day|night)|my heart is racing|i am (?:begging|asking) you"
    r"|(?:(?:i|we) )?(?:do not|dont) know what to do(?: anymore| any more| now)?"
    r"|(?:(?:can|could) (?:you|somebody|someone|anyone|anybody) )?(?:please )?help(?: me| us)?(?: please)?|please"
    r"|(?:(?:i|we) have )?(?:a|one|two|three|some)(?: \w+)? questions?(?: please| for you)?)"
)
_TOOK_NOTE = (
    r"(?:(?:ah|oh|no|so|well) )*(?:ok|okay|alright|all right|i see|got it|understood|good to know"
    r"|thank (?:god|goodness)|that is (?:good|great|bad) news|oh (?:no|dear|god))"
    r"(?: (?:so|then|again))*"
)
_ANYTHING = rf"(?:{_GREETING}|{_THANKS}|{_HOPING}|{_PARTING}|{_FEELING}|{_TOOK_NOTE})"
_FRAME = re.compile(rf"(?:and |but )?{_ANYTHING}(?: (?:and )?{_ANYTHING})*")
"""A clause that says nothing of what is asked."""
_SIGNED = re.compile(rf"(?:{_THANKS} (?:and )?)?{_PARTING}")
_NAME_WORDS = 4

_QUESTION = (
    r"(?:(?:for |until |since |in )?(?:how|what|when|where|which|who|whom|whose)|why|can|could|do|does|did|is|are|am"
    r"|was|were|may|must|should|shall|will|would|has|have)\b"
)
_SOMEBODY = r"(?:you|someone|somebody|anyone|anybody)"
_TELL = r"(?:(?:tell|inform|advise|help|let) (?:me|us)(?: know| understand)?|explain(?: to (?:me|us))?)"
_REQUEST = (
    rf"(?:(?:(?:can|could|would|will) {_SOMEBODY} )?(?:(?:please|pls|kindly|just) )*{_TELL}(?: please)?"
    rf"|(?:i|we)(?: would|'d) be (?:\w+ )?(?:grateful|thankful|happy|glad) if {_SOMEBODY} (?:can|could|would) {_TELL}"
    r"|(?:i|we)(?: would|'d)?(?: just| only| also)? (?:like|love|want|need|wish)(?: to)? "
    r"(?:know|ask|find out|understand)(?: you)?(?: politely)?"
    r"(?: (?:one|two|three|a few|some|several) (?:things?|questions?))?"
    rf"|(?:i|we)(?: am|'m| was| are|'re| were) (?:just )?wondering(?: if {_SOMEBODY} (?:can|could|would) {_TELL})?"
    r"|(?:i|we) (?:just )?wonder"
    r"|(?:i|we)(?: have|'ve got) (?:a|one|another|two|some) (?:\w+ )?questions?"
    r"|(?:my|one|a|quick) (?:\w+ )?question(?: is)?"
    r"|(?:does|do) (?:you|anyone|anybody|somebody) know)"
)
_ASKED_TO_TELL = re.compile(
    rf"(?P<before>^|[.!?,]\s+)(?:(?:and|but|so) )?{_REQUEST}"
    rf"(?:\s*:\s*(?!if |whether )|(?:\s*[,.–-])?\s+(?={_QUESTION}))",  # noqa: RUF001
    re.IGNORECASE,
)
"""A request before the question itself, or before a colon. Before "if" it stays: it alone tells that question from a
condition."""
_GREETED = re.compile(rf"^\s*(?:hi|hello|hey)(?: there| all)?\s+(?={_QUESTION}|{_REQUEST})", re.IGNORECASE)
_THANKED = re.compile(rf"(?<![\s,])[\s,]+(?:{_THANKS}|please|pls|plz)(?P<mark>\W*)$", re.IGNORECASE)
_MARKS = ",.!?;\n\uff0c\u3002\uff01\uff1f\uff1b\u060c\u061f"
_CLAUSE = re.compile(rf"(?:[^{_MARKS}]|[,.!?;](?=\S))+[{_MARKS}]*\s*|[{_MARKS}]+\s*")
_ENDS = re.compile(r"[.!?\n]\s*$")
_MOST_WORDS, _MOST_CHARS = 14, 100
"""A longer clause says more than how somebody feels."""
_WRITTEN_OUT = (
    (re.compile(r"[\u2019`]"), "'"), (re.compile(r"\bi'm\b"), "i am"), (re.compile(r"\bwe're\b"), "we are"),
    (re.compile(r"n't\b"), " not"), (re.compile(r"\bca not\b"), "cannot"), (re.compile(r"\b(?:pls|plz)\b"), "please"),
    (re.compile(r"[^\w/' ]+"), " "),
)  # fmt: skip


@lru_cache(maxsize=4096)
def without_frame(message: str) -> str:
    """The message without what is said around its question; as it is where nothing else is said."""
    kept: list[str] = []
    clauses = _CLAUSE.findall(without_turn(message))
    for at, clause in enumerate(clauses):
        plain = _plain(clause)
        if _is_frame(plain, first=not kept):
            if _SIGNED.fullmatch(plain) and len(" ".join(clauses[at + 1 :]).split()) <= _NAME_WORDS:
                break
            _end_as(clause, kept)
        else:
            kept.append(clause)
    text = _GREETED.sub("", "".join(kept).strip())
    text = _ASKED_TO_TELL.sub(r"\g<before>", text)
    text = _THANKED.sub(r"\g<mark>", text).strip().rstrip(",;")
    return text if any(map(str.isalnum, text)) else message


def _is_frame(clause: str, *, first: bool) -> bool:
    if not clause or len(clause) > _MOST_CHARS or len(clause.split()) > _MOST_WORDS:
        return False
    return _FRAME.fullmatch(clause) is not None or (first and _opening().fullmatch(fold(clause)) is not None)


def _end_as(clause: str, kept: list[str]) -> None:
    """Let what stands before a clause that is left out end as that clause did, where it ended the sentence."""
    if kept and _ENDS.search(clause) and not _ENDS.search(kept[-1]):
        kept[-1] = f"{kept[-1].rstrip(' ,;')}{clause[len(clause.rstrip(' .!?,;')) :]}"


def _plain(clause: str) -> str:
    plain = clause.lower()
    for pattern, instead in _WRITTEN_OUT:
        plain = pattern.sub(instead, plain)
    return " ".join(plain.split())


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    """Clauses that open a message in any language that is worded, in folded small letters."""
    words = "|".join(f"(?:{fold(wording(language).person.opening).lower()})" for language in SPOKEN)
    return re.compile(rf"(?:(?:{words}) ?)+")
