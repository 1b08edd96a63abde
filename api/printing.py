"""A reply in a terminal: the answer, then where each sentence stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from chains.countries import country_name

__all__ = ["print_reply"]

_WIDTH = 88


def print_reply(console: Console, reply: dict[str, Any]) -> None:
    """Print the reply of the HTTP interface for a person."""
    width = min(console.width, _WIDTH)
    if reply["abstained"]:
        console.print(Text(reply["answer"], style="bold"), width=width)
    for sentence in reply["sentences"]:
        marks = "".join(f"[{number}]" for number in sentence["citations"])
        console.print(Text.assemble(sentence["text"], " ", (marks, "cyan")), width=width)
        if sentence["original"]:
            console.print(Padding(Text(sentence["original"], style="dim"), (0, 0, 0, 2)), width=width)
    if reply["citations"]:
        console.print()
    for citation in reply["citations"]:
        console.print(_source(citation))
    for warning in reply["warnings"]:
        console.print(Padding(Text(f"! {warning['text']}", style="yellow"), (1, 0, 0, 0)), width=width)
    others = list(reply["suggestions"])
    if nearest := reply["nearest"]:
        _print_nearest(console, reply["headings"]["nearest"], others.pop(0), nearest)
    if others:
        _print_list(console, reply["headings"]["suggestions"], "•", others)
    _print_list(console, "", "→", reply["next_steps"])


def _print_nearest(console: Console, heading: str, question: str, quoted: dict[str, Any]) -> None:
    """What stands under the first question that is offered, and where."""
    width = min(console.width, _WIDTH)
    console.print()
    console.print(Text(heading))
    console.print(Text(question, style="bold"), width=width)
    marked = Text.assemble(quoted["quote"], " ", (f"[{quoted['id']}]", "cyan"))
    console.print(marked, width=width)
    console.print()
    console.print(_source(quoted))
    console.print(Text(country_name(quoted["jurisdiction"])))
    if quoted["url"]:
        console.print(Text(quoted["url"]))


def _source(citation: dict[str, Any]) -> Text:
    page = f", page {citation['page']}" if citation["page"] else ""
    title = f"{citation['title']}{page}{_validity(citation)} "
    return Text.assemble((f"[{citation['id']}] ", "cyan"), title, (citation["document_id"], "dim"))


def _print_list(console: Console, title: str, mark: str, texts: list[str]) -> None:
    if texts:
        console.print()
    if texts and title:
        console.print(title)
    for text in texts:
        console.print(Text(f"{mark} {text}"), width=min(console.width, _WIDTH))


def _validity(citation: dict[str, Any]) -> str:
    """From when until when the rule holds, empty where its document does not say."""
    first, last = (_day(citation[key]) for key in ("effective_from", "effective_to"))
    if first and last:
        return f", in force from {first} to {last}"
    if first:
        return f", in force since {first}"
    return f", in force until {last}" if last else ""


def _day(iso: str | None) -> str:
    return f"{date.fromisoformat(iso):%-d %B %Y}" if iso else ""
