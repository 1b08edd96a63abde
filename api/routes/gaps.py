"""Questions that were not answered, grouped, and what is done about them."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import App, Approver, Proposer
from api.gap_schemas import GapDocumentOut, GapOut, GapProposalIn, GapsOut
from api.links import follow, linked
from api.schemas import Jurisdiction
from api.training_schemas import ExampleOut
from training.checking import Proposal
from training.gaps import GapStatus
from training.stub import stub_of

__all__ = ["router"]

router = APIRouter(prefix="/training/gaps", tags=["training"])


@router.get(
    "",
    responses=linked(
        200,
        read=follow("GET /training/gaps/{gap_id}", gap_id="items/0/id"),
        propose=follow("POST /training/gaps/{gap_id}/proposal", gap_id="items/0/id"),
        write=follow("POST /training/gaps/{gap_id}/document", gap_id="items/0/id"),
        dismiss=follow("POST /training/gaps/{gap_id}/dismiss", gap_id="items/0/id"),
    ),
)
def list_gaps(
    application: App,
    principal: Proposer,
    status: Annotated[list[GapStatus] | None, Query()] = None,
    jurisdiction: Jurisdiction | None = None,
) -> GapsOut:
    """What was asked and not answered, what was asked most first; open gaps unless others are named."""
    found = application.gaps.listed(*(status or [GapStatus.OPEN]), jurisdiction=jurisdiction)
    return GapsOut(items=[GapOut.of(gap) for gap in found])


@router.get("/{gap_id}")
def read_gap(gap_id: str, application: App, principal: Proposer) -> GapOut:
    """One gap with the passage that comes closest to it."""
    return GapOut.of(application.gaps.get(gap_id))


@router.post("/{gap_id}/proposal", status_code=201)
def propose_for_gap(gap_id: str, body: GapProposalIn, application: App, principal: Proposer) -> ExampleOut:
    """Propose an answer that would close the gap."""
    gap = application.gaps.get(gap_id)
    proposal = Proposal(
        body.question or application.gaps.question_of(gap_id), body.answer, body.source, gap.jurisdiction,
        body.effective_from, body.effective_to,
    )  # fmt: skip
    done = application.proposals.propose(proposal, principal.subject)
    application.gaps.proposed(gap_id, done.example.id)
    return ExampleOut.of(done.example)


@router.post("/{gap_id}/document")
def begin_document(gap_id: str, application: App, principal: Proposer) -> GapDocumentOut:
    """The beginning of a document about the gap, as text: fill it in, then add it with `POST /documents`."""
    gap = application.gaps.get(gap_id)
    question = application.gaps.question_of(gap_id)
    name = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")[:60] or "draft"
    return GapDocumentOut(name=f"{name}.md", text=stub_of(gap, question))


@router.post("/{gap_id}/dismiss")
def dismiss(gap_id: str, application: App, principal: Approver) -> GapOut:
    """Say that nothing is to be done about it; further questions of its kind do not open it again."""
    return GapOut.of(application.gaps.dismiss(gap_id, principal.subject))


@router.post("/{gap_id}/restore")
def restore(gap_id: str, application: App, principal: Approver) -> GapOut:
    """Take a dismissal back: the gap is open again."""
    return GapOut.of(application.gaps.restore(gap_id, principal.subject))
