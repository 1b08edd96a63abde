"""`assistant training`: propose answers, decide on proposals, see what was not answered."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from api.command_line import print_json
from api.training_desk import training_desk
from training.gaps import GapStatus
from training.states import ExampleStatus

__all__ = ["training_app"]

out = Console()
training_app = typer.Typer(help="Answers that experts propose and approvers decide on.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
ExampleId = Annotated[str, typer.Argument(help="A proposal's id, as `assistant training list` shows it.")]


@training_app.command("propose")
def propose(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    answer: Annotated[str, typer.Argument(help="The answer that it should get.")],
    source: Annotated[str | None, typer.Option(help="Where it stands, or who says so.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Whose rules it tells, as CA.")] = None,
    effective_from: Annotated[str | None, typer.Option(help="The day from which it holds, as 2026-11-28.")] = None,
    effective_to: Annotated[str | None, typer.Option(help="The last day on which it holds.")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose an answer; it is used once an approver has approved it and a training has taken it in."""
    fields = {
        "question": question, "answer": answer, "source": source, "jurisdiction": jurisdiction,
        "effective_from": effective_from, "effective_to": effective_to,
    }  # fmt: skip
    with training_desk() as desk:
        found = desk.propose({name: value for name, value in fields.items() if value is not None})
    if as_json:
        print_json(found)
        return
    out.print(f"proposed {found['id']}", highlight=False)
    if found["masked"]:
        out.print(f"personal data was taken out of: {', '.join(found['masked'])}", highlight=False)
    if found["conflicts"] or found["duplicates"]:
        out.print(
            f"{found['conflicts']} place(s) say otherwise, {found['duplicates']} other proposal(s) have this question; "
            f"see: assistant training show {found['id']}",
            highlight=False,
            soft_wrap=True,
        )


@training_app.command("list")
def list_examples(
    status: Annotated[ExampleStatus | None, typer.Option(help="Only in this status.", case_sensitive=False)] = None,
    query: Annotated[str, typer.Option("--query", "-q", help="Only those with these words.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List proposals and what became of them, the newest first."""
    with training_desk() as desk:
        found = desk.listing(status, query, limit)
    if as_json:
        print_json(found)
        return
    table = Table("id", "status", "country", Column("question", overflow="fold"), "by", box=None, pad_edge=False)
    for item in found["items"]:
        shown = (item["jurisdiction"] or "", escape(item["question"]), escape(item["proposed_by"]))
        table.add_row(item["id"], item["status"], *shown)
    out.print(table)
    if found["next"]:
        out.print(f"{found['total']} in all; narrow with --status or --query", highlight=False)


@training_app.command("show")
def show(example: ExampleId, as_json: AsJson = False) -> None:
    """Show one proposal with what supports and contradicts it, and what people are told today."""
    with training_desk() as desk:
        found = desk.show(example)
    if as_json:
        print_json(found)
        return
    item = found["example"]
    out.print(f"[bold]{escape(item['question'])}[/]  {item['status']}", highlight=False)
    _print(item["answer"])
    for title, places in (("supported by", found["supports"]), ("contradicted by", found["conflicts"])):
        for place in places:
            _print(f"\n{title} {place['document_id']}: {place['quote']}")
    for near in found["near"]:
        kind = "the same question" if near["same"] else "a near question"
        _print(f"\n{kind}, {near['example']['id']} {near['example']['status']}: {near['example']['question']}")
    _print(f"\ntoday people are told: {found['now']['answer']}")


@training_app.command("approve")
def approve(example: ExampleId, as_json: AsJson = False) -> None:
    """Approve a proposal over the documents that support it; the next training takes it in."""
    with training_desk() as desk:
        _tell(desk.approve(example), as_json)


@training_app.command("reject")
def reject(
    example: ExampleId,
    reason: Annotated[str, typer.Argument(help="Why; the proposer reads it.")],
    as_json: AsJson = False,
) -> None:
    """Reject a proposal."""
    with training_desk() as desk:
        _tell(desk.reject(example, reason), as_json)


@training_app.command("gaps")
def gaps(
    status: Annotated[GapStatus, typer.Option(help="Open, closed or dismissed ones.")] = GapStatus.OPEN,
    as_json: AsJson = False,
) -> None:
    """List what was asked and not answered, what was asked most first."""
    with training_desk() as desk:
        found = desk.gaps(status)
    if as_json:
        print_json(found)
        return
    table = Table("asked", "people", "country", Column("for example", overflow="fold"), box=None, pad_edge=False)
    for gap in found["items"]:
        question = gap["question"] or "(shown once more people have asked)"
        table.add_row(str(gap["questions"]), str(gap["people"]), gap["jurisdiction"] or "", escape(question))
    out.print(table)


def _tell(done: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        _print(done["message"])


def _print(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
