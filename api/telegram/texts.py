"""What the bot says; the sentences that people know from before are kept to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistance.records import Receipt
from assistance.states import Status
from chains.countries import country_name
from chains.refusals import headings
from core.types import Abstention, Answer, AnswerMode, Citation
from training.findings import Findings
from training.records import Example

__all__ = [
    "ASK_HOW", "DENIED", "HELP", "MENU", "NOTHING_FOUND", "REJECT_HOW", "REPLY_TO_PROPOSAL", "START", "TRAIN_HOW",
    "UNKNOWN", "example_named_in", "example_text", "handed_over", "human_reply", "processing", "proposal_head",
    "proposal_text", "reply_text",
]  # fmt: skip

DENIED = "Permission denied"
ASK_HOW = "Write your question behind the command: /ask How long may I stay as a visitor?"
TRAIN_HOW = "Write a question and its answer with a bar between them:\n/train What does a study permit cost? | CAD 150."
REJECT_HOW = "Reply to the proposal with /reject and the reason, which the proposer reads."
REPLY_TO_PROPOSAL = "Reply with this command to the message that holds the proposal, in the approval group."
UNKNOWN = "I do not know this command; /help lists those I know."
NOTHING_FOUND = "This question could not be answered. Please ask it in other words."
START = (
    "Hello. Ask me about immigration, and I answer from official documents and show you where each sentence stands. "
    "I give no advice on a single case, and you can ask for a person at any time."
)
HELP = """Send me your question, or in a group /ask and the question.

/ask QUESTION - answer a question
/train QUESTION | ANSWER - propose an answer, which staff look at
/status - what I am working with
/help - this list

For staff, as a reply to a proposal:
/approve - approve it; name documents behind it where none was found
/reject REASON - turn it down
/start_train - train what was approved"""

MENU = (
    ("ask", "Answer a question"),
    ("train", "Propose an answer: question | answer"),
    ("status", "What I am working with"),
    ("help", "What I can do"),
)
"""What Telegram shows beside the field for writing."""

_HEAD = re.compile(r"\[([0-9a-f]{12})\] ")
_STATUS = {
    Status.WAITING: "It is kept and waits for staff.",
    Status.HANDED_OVER: "It has reached staff.",
    Status.ANSWERED: "A person has answered.",
    Status.FAILED: "It is kept; staff see it in their inbox.",
    Status.CLOSED: "It is closed.",
}


def processing(question: str) -> str:
    return f'Processing your question: "{question}"'


def reply_text(reply: Answer | Abstention) -> str:
    """A reply with what a reader must know and where it stands, as plain text."""
    if isinstance(reply, Abstention):
        body = [reply.text, *_offered(reply)]
    else:
        marks = [f"{item.text} {''.join(f'[{number}]' for number in item.citations)}" for item in reply.sentences]
        body = [" ".join(mark.strip() for mark in marks)]
        body += [_reviewed(reply)] if reply.mode is AnswerMode.APPROVED else []
    body += [caution.text for caution in reply.warnings]
    if reply.next_steps:
        body.append("\n".join(f"- {step}" for step in reply.next_steps))
    if isinstance(reply, Answer):
        body.append("\n".join(["Sources", *(_source(citation) for citation in reply.citations)]))
    return "\n\n".join(body)


def _offered(refused: Abstention) -> Iterator[str]:
    """What stands under the nearest question, where it is shown, and the questions that may have been meant."""
    others, headed = list(refused.suggestions), headings(refused)
    if refused.nearest is not None:
        first = others.pop(0)
        yield f"{headed['nearest']}\n{first}\n\n{refused.nearest.quote}"
        yield _document(refused.nearest)
    if others:
        yield "\n".join([headed["suggestions"], *(f"- {one}" for one in others)])


def proposal_head(example: Example) -> str:
    """What each part of a post begins with, by which a reply to it is understood."""
    return f"[{example.id}] "


def proposal_text(example: Example, *, user: str, name: str) -> str:
    """The post in the approval group, behind its head; the first line is the known one."""
    found = Findings.from_json(example.findings)
    names = dict.fromkeys(place.document_id for place in found.supports)
    if names:
        rests = f"It is said in: {', '.join(names)}."
    elif found.nearest is not None:
        rests = f"No document says this; the closest is {found.nearest.document_id}. /approve DOCUMENT names another."
    else:
        rests = "No document says this. /approve DOCUMENT names the one that it rests on."
    lines = [f'Data train (need to be approved) by {user} ({name}): "{example_text(example)}"', "", rests]
    lines += [f"Beware, {place.document_id} says otherwise: {place.instead}" for place in found.conflicts]
    return "\n".join([*lines, "Reply /approve, or /reject and the reason."])


def example_text(example: Example) -> str:
    return f"{example.question} | {example.answer}"


def example_named_in(text: str) -> str | None:
    """The id that a post of ours begins with; None where it is no post of a proposal."""
    found = _HEAD.match(text)
    return found[1] if found else None


def handed_over(receipt: Receipt, title: str, hours: str) -> str:
    """That a request was kept; `hours` says when somebody reads it, empty where nobody wrote that down."""
    where = "It waits in the inbox of staff." if receipt.inbox_only else _STATUS[receipt.status]
    return (
        f"Your question was passed on to a person (topic: {title}). {where} "
        f"The reply will come into this chat.{hours and f' {hours}'}\n\nReceipt: {receipt.id}"
    )


def human_reply(question: str | None, author: str, text: str) -> str:
    about = f' to "{question}"' if question else ""
    return f"{author} has answered{about}. It was not checked against the documents.\n\n{text}"


def _reviewed(reply: Answer) -> str:
    days = [citation.reviewed_on for citation in reply.citations if citation.reviewed_on]
    on = f" on {_day(max(days))}" if days else ""
    return f"This answer was reviewed by a person{on} (version {reply.model_version})."


def _source(citation: Citation) -> str:
    place = ", ".join([citation.title, *citation.section[-1:], *([f"page {citation.page}"] if citation.page else [])])
    return f"[{citation.id}] {place}" + (f"\n{citation.url}" if citation.url else "")


def _document(citation: Citation) -> str:
    """The document of a quote whose heading stands above it: its country, from when it holds, when it was checked."""
    known = [citation.title, country_name(citation.jurisdiction)]
    if citation.effective_from:
        known.append(f"in force since {_day(citation.effective_from)}")
    if citation.reviewed_on:
        known.append(f"checked on {_day(citation.reviewed_on)}")
    return ", ".join(known) + (f"\n{citation.url}" if citation.url else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
