"""Personal data in text, masked before it reaches a log."""

from __future__ import annotations

import re

__all__ = ["mask"]

_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), "[email]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"\b(?:sk|xox[abprs]|ghp)[-_][\w-]{8,}|\bwhsec_[\w+/=-]{8,}|\bak_[\w-]{16,}"), "[secret]"),
    # A Telegram bot's token and a Slack webhook's path, which clients put into the addresses they tell.
    (re.compile(r"(?:\b|bot)\d{6,12}:[\w-]{20,}|(?<=hooks\.slack\.com/)[\w/-]{8,}"), "[secret]"),
    # A receipt, file or alien number: letters and seven digits or more, as IOE0912345678, A123456789, W123456789.
    (re.compile(r"\b[A-Za-z]{1,4}-?\d{7,12}\b"), "[reference]"),
    (re.compile(r"(?<![\w.])\+?\d(?:[ ().-]{0,2}\d){8,14}(?![\w])"), "[number]"),
)


def mask(text: str) -> str:
    """Replace e-mail addresses, keys, case and passport numbers, telephone and card numbers by a word in brackets."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text
