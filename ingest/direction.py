"""Text as it stands on a page, from left to right, into the order in which it is read."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["logical"]

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"  # Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms
_LETTER = re.compile(f"[{_RIGHT_TO_LEFT}]")
_FORM = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")  # letters as they are drawn, two in one at times
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00c0-\u058f]")
_RUN = re.compile(rf"[^\W{_RIGHT_TO_LEFT}](?:[^{_RIGHT_TO_LEFT}]*[^\W{_RIGHT_TO_LEFT}%$€£])?")
_RUN_WITHIN = re.compile(rf"[{_RIGHT_TO_LEFT}](?:[^A-Za-z\u00c0-\u058f]*[{_RIGHT_TO_LEFT}])?")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def logical(text: str) -> str:
    """A printed line in reading order; one without letters that run from right to left is returned as it is."""
    right_to_left = len(_LETTER.findall(text))
    if not right_to_left:
        return text
    text = _FORM.sub(lambda match: unicodedata.normalize("NFKC", match[0])[::-1], text)
    if right_to_left >= len(_LEFT_TO_RIGHT.findall(text)):
        return _reversed(text)
    return _RUN_WITHIN.sub(lambda match: _reversed(match[0]), text)


def _reversed(text: str) -> str:
    """The text from right to left, but for the runs in it, as figures, that go from left to right all the same."""
    parts: list[str] = []
    end = 0
    for run in _RUN.finditer(text):
        parts += [text[end : run.start()].translate(_MIRRORED)[::-1], run[0]]
        end = run.end()
    parts.append(text[end:].translate(_MIRRORED)[::-1])
    return "".join(reversed(parts))
