"""The rule on languages: a text that is plainly in another one than its file says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.check.document import CheckedDocument
from ingest.check.finding import Code, Finding

__all__ = ["check_language"]

_LEAST_CHARS = 300  # on shorter texts the detector mistakes relatives for each other
_MOST_CHARS = 1000
_SURE = 0.999


def check_language(document: CheckedDocument) -> Iterator[Finding]:
    """Said and detected language, where the text is long enough to be sure."""
    text = document.canonical.text[:_MOST_CHARS]
    if len(text) < _LEAST_CHARS:
        return
    said = document.meta.language.lower().split("-")[0]
    found = _detected(text)
    if found not in (None, said) and _is_known(said):
        message = f"the text is in {found!r}, and the file says {document.meta.language!r}"
        yield document.finding_at("language", Code.WRONG_LANGUAGE, message, f"write `language: {found}`")


def _detected(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, None when there is a doubt."""
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0  # the same text always gives the same answer
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None
    code: str = best.lang.split("-")[0]
    return code if best.prob >= _SURE else None


def _is_known(code: str) -> bool:
    from langdetect import PROFILES_DIRECTORY

    return any(profile.name.split("-")[0] == code for profile in Path(PROFILES_DIRECTORY).iterdir())
