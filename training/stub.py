"""The beginning of a document that would close a gap."""

from __future__ import annotations

import json

from training.gaps import Gap

__all__ = ["stub_of"]


def stub_of(gap: Gap, question: str) -> str:
    """Markdown with front matter; what an editor has to write is in angle brackets.

    Given out as text and put nowhere: every file of the knowledge base answers people as soon as it is there.
    """
    lines = ["---", f"title: {json.dumps(question, ensure_ascii=False)}"]
    if gap.jurisdiction is not None:
        lines.append(f"jurisdiction: {gap.jurisdiction}")
    lines += [f"language: {gap.language}", "source_url: <the official page>", "reviewed_on: <the day, as 2026-11-28>"]
    lines += ["---", "", f"# {question}", "", "<What holds, in whole sentences, with figures and dates.>"]
    others = [text for text in gap.examples if text != question]
    if others:
        lines += ["", "<It was also asked as follows; take these lines out.>", *(f"- {text}" for text in others)]
    return "\n".join(lines) + "\n"
