"""Faithful rewrites of true sentences, by rules that know nothing of the verifier's lists."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from benchmarks.plant import MONTHS, WORDS, Planter, swap

__all__ = ["REWRITES"]

_SAME_MODAL = """
    you must > you have to | you can > you are allowed to | do not need to > do not have to | cannot > can't
    you must not > you may not | do not > don't | you need to > you must
"""


def number_form(text: str, chance: random.Random) -> str | None:
    def other(match: re.Match[str]) -> str:
        word = match.group()
        return str(WORDS.index(word)) if word in WORDS else WORDS[int(word)]

    new = re.sub(
        rf"\b(?:{'|'.join(WORDS[2:])}|[2-9]|1[0-2])\b(?=[ -](?:days?|weeks?|months?|years?|hours?)\b)", other, text
    )
    return new if new != text else None


def date_form(text: str, chance: random.Random) -> str | None:
    new = re.sub(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})", r"\2 \1, \3", text)
    return new if new != text else None


def reordered(text: str, chance: random.Random) -> str | None:
    leading = re.match(r"((?:If|When|Before|After|Unless|Until|Once|While) [^,]+), ([a-z][^,;:]*)\.$", text)
    if leading:
        return f"{leading[2][0].upper()}{leading[2][1:]} {leading[1][0].lower()}{leading[1][1:]}."
    trailing = re.match(
        r"([A-Z][^,;:]*[a-z]) ((?:if|when|before|after|unless|until|once) (?:you|your|the|it|they)\b[^,;:]+)\.$", text
    )
    if trailing and not re.search(r"\b(?:and|or|but|even|only|that|who|not)$", trailing[1]):
        return f"{trailing[2][0].upper()}{trailing[2][1:]}, {trailing[1][0].lower()}{trailing[1][1:]}."
    return None


def shortened(text: str, chance: random.Random) -> str | None:
    new = re.sub(r", such as [^.;:]+(?=\.$)|, for example [^.;:]+(?=\.$)| \([^)]*\)", "", text)
    new = re.sub(r"^([^,;:]+), and (?:you|the|it|a|your|they) (?:[^,;:]+)\.$", r"\1.", new) if new == text else new
    if new != text and not re.match(r"(?:If|When|Before|Once|Since|After)\b", text):
        return new
    return None


def reported(text: str, chance: random.Random) -> str | None:
    return (
        f"According to the document, {text[0].lower()}{text[1:]}"
        if re.match(r"(?:You|A|An|The|Most|If|Some)\b", text)
        else None
    )


def filler(text: str, chance: random.Random) -> str | None:
    return f"Yes, {text[0].lower()}{text[1:]}" if re.match(r"You (?:can|may)\b(?! ?not)", text) else None


def country_form(text: str, chance: random.Random) -> str | None:
    if re.search(r"\b(?:in|for) Canada\b", text) and "Canadian" not in text:
        return None
    new = re.sub(r"\ba Canadian ([a-z]+ (?:permit|visa))\b", r"a \1 for Canada", text)
    new = re.sub(r"\bUnited Kingdom\b", "UK", new)
    return new if new != text else None


def for_you(text: str, chance: random.Random) -> str | None:
    new = re.sub(
        r"\bprogram\b",
        "programme",
        re.sub(
            r"\bobtain\b", "get", re.sub(r"\breceive\b", "get", re.sub(r"\bapply\b", "submit an application", text))
        ),
    )
    return new if new != text else None


REWRITES: Mapping[str, Planter] = {
    "number words": number_form,
    "date form": date_form,
    "clauses reordered": reordered,
    "shortened": shortened,
    "same modal": swap(_SAME_MODAL),
    "reported": reported,
    "yes in front": filler,
    "country form": country_form,
    "plain synonym": for_you,
}
