"""People's words to Slack's mark-up and back: out nothing becomes a mention or a link, in they read as written."""

from __future__ import annotations

import re

__all__ = ["escape", "plain"]

_ANGLED = re.compile(r"<([^<>]*)>")


def escape(text: str) -> str:
    """Text for a message that is sent with `mrkdwn` off; its three control characters stand for themselves."""
    # https://docs.slack.dev/messaging/formatting-message-text/#escaping
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> str:
    """What a person wrote in Slack: links and mentions as words, control characters as themselves."""
    spoken = _ANGLED.sub(lambda match: _spoken(match.group(1)), text)
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _spoken(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target[:1] in ("@", "#", "!"):
        mark = "#" if target.startswith("#") else "@"
        return mark + (label.lstrip("@#") or target[1:].split("^")[0])
    target = target.removeprefix("mailto:").removeprefix("tel:")
    return f"{label} ({target})" if label and label not in target else target
