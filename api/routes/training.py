"""Examples: proposed, reviewed, decided on, with the log of all that was done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.dependencies import App, Approver, Proposer, ReplyProposer
from api.links import follow, linked
from api.schemas import MOST_ROWS, Jurisdiction
from api.training_schemas import (
    ApprovalIn,
    AuditEntryOut,
    AuditOut,
    BulkIn,
    BulkOut,
    DoneOut,
    EditIn,
    ExampleOut,
    ExamplesOut,
    FromReplyIn,
    NoticeOut,
    NoticesOut,
    ProposalIn,
    RejectionIn,
    ReviewOut,
    RevocationIn,
)
from core.errors import InvalidInput, MissingScope, NotFound
from core.types import Principal, Scope
from training.checking import Proposal
from training.listing import Wanted
from training.proposals import corrected
from training.states import Act, ExampleStatus

__all__ = ["router"]

router = APIRouter(prefix="/training", tags=["training"])
_ON_A_PROPOSAL = {
    "review": follow("GET /training/examples/{example_id}", example_id="id"),
    "approve": follow("POST /training/examples/{example_id}/approve", example_id="id"),
    "edit": follow("POST /training/examples/{example_id}/edit", example_id="id"),
    "reject": follow("POST /training/examples/{example_id}/reject", example_id="id"),
    "audit": follow("GET /training/examples/{example_id}/audit", example_id="id"),
}
_PROPOSED = linked(201, **_ON_A_PROPOSAL) | {
    200: {"model": ExampleOut, "description": "It was proposed before.", "links": _ON_A_PROPOSAL}
}
_ON_A_DECISION = {
    act: follow(f"POST /training/examples/{{example_id}}/{act}", example_id="example/id")
    for act in ("revoke", "undo", "retry", "resume")
}

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


@router.post("/examples", status_code=201, responses=_PROPOSED)
def propose(
    body: ProposalIn, response: Response, application: App, principal: Proposer, idempotency_key: IdempotencyKey = None
) -> ExampleOut:
    """Propose an answer to a question; an approver looks at it. 200 when the key was used for the same before."""
    proposal = Proposal(**body.model_dump())
    done = application.proposals.propose(proposal, principal.subject, idempotency_key=idempotency_key)
    if not done.changed:
        response.status_code = 200
    return ExampleOut.of(done.example)


@router.post("/examples/from-reply", status_code=201, responses=_PROPOSED)
def propose_from_reply(body: FromReplyIn, response: Response, application: App, principal: ReplyProposer) -> ExampleOut:
    """Propose what a person replied to a question that was handed over; 200 when you proposed that reply before.

    It shows whose request that is and what was said, so it also needs `assistance:read`.
    """
    request = application.assistance.desk.reader.one(body.request_id)
    chosen = [reply for reply in request.replies if body.reply_id in (None, reply.id)]
    if not chosen:
        missing = f"no reply {body.reply_id!r}" if body.reply_id else "no reply yet"
        raise NotFound(f"the request {request.id!r} has {missing}")
    place = None
    if request.turn_id is not None:
        place = application.conversations.turn(request.principal, request.turn_id).jurisdiction
    done = application.proposals.propose_from(
        request.question or request.description, chosen[-1].text, f"reply {chosen[-1].id}",
        by=principal.subject, jurisdiction=place,
    )  # fmt: skip
    if not done.changed:
        response.status_code = 200
    return ExampleOut.of(done.example)


@router.get(
    "/examples", responses=linked(200, newest=follow("GET /training/examples/{example_id}", example_id="items/0/id"))
)
def list_examples(
    application: App,
    principal: Proposer,
    status: Annotated[list[ExampleStatus] | None, Query()] = None,
    jurisdiction: Jurisdiction | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    mine: bool = False,
    after: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ExamplesOut:
    """Examples, the newest first; whoever may not approve sees their own."""
    wanted = Wanted(
        statuses=frozenset(status or ()), jurisdiction=jurisdiction, query=q,
        proposed_by=principal.subject if mine or not _approves(principal) else None, after=after, limit=limit,
    )  # fmt: skip
    page = application.proposals.listing.find(wanted)
    return ExamplesOut(items=[ExampleOut.of(item) for item in page.items], total=page.total, next=page.next)


@router.post("/examples/bulk")
def bulk(body: BulkIn, application: App, principal: Approver) -> BulkOut:
    """Approve, reject or undo several; each has a result of its own."""
    proposals, by, reason = application.proposals, principal.subject, body.reason
    if body.act == "reject":
        if reason is None:
            raise InvalidInput("a rejection needs a reason, which the proposer reads")
        return BulkOut.of(proposals.each(body.ids, lambda found: proposals.examples.reject(found, by, reason)))
    if body.act == "undo":
        return BulkOut.of(proposals.each(body.ids, lambda found: proposals.undo(found, by)))
    return BulkOut.of(proposals.each(body.ids, lambda found: proposals.approve(found, by)))


@router.get("/examples/{example_id}")
def review(example_id: str, application: App, principal: Proposer) -> ReviewOut:
    """One example with near ones, what supports and contradicts it, and what people are told today."""
    found = application.proposals.examples.get(example_id)
    if found.proposed_by != principal.subject and not _approves(principal):
        raise MissingScope(Scope.TRAINING_APPROVE.value)
    return ReviewOut.of(application.proposals.review(example_id))


@router.get("/examples/{example_id}/audit")
def audit_of_one(
    example_id: str, application: App, principal: Approver, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> AuditOut:
    """What was done to one example, the newest first."""
    application.proposals.examples.get(example_id)
    found = application.proposals.listing.audit(example_id, limit=limit)
    return AuditOut(items=[AuditEntryOut.model_validate(entry) for entry in found])


@router.get("/audit")
def audit(
    application: App,
    principal: Approver,
    actor: Annotated[str | None, Query(max_length=255)] = None,
    act: Act | None = None,
    example: Annotated[str | None, Query(max_length=32)] = None,
    before: Annotated[int | None, Query(ge=0, le=MOST_ROWS)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditOut:
    """What was done to any example, the newest first; by one person, of one kind, or to one example."""
    found = application.proposals.listing.audit(example, actor=actor, act=act, before=before, limit=limit)
    return AuditOut(items=[AuditEntryOut.model_validate(entry) for entry in found])


@router.get("/notices")
def notices(
    application: App,
    principal: Proposer,
    after: Annotated[int, Query(ge=0, le=MOST_ROWS)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> NoticesOut:
    """What others did to the caller's proposals and approvals."""
    found = application.proposals.listing.notices(principal.subject, after=after, limit=limit)
    return NoticesOut(items=[NoticeOut.model_validate(notice) for notice in found])


@router.post("/examples/{example_id}/approve", responses=linked(200, **_ON_A_DECISION))
def approve(example_id: str, application: App, principal: Approver, body: ApprovalIn | None = None) -> DoneOut:
    """Approve it as it is; approving again changes nothing."""
    cites = None if body is None else body.cites
    done = application.proposals.approve(example_id, principal.subject, cites=cites)
    return DoneOut.of(done, "Approved; the next training takes it in.")


@router.post("/examples/{example_id}/edit", responses=linked(200, **_ON_A_DECISION))
def edit_and_approve(example_id: str, body: EditIn, application: App, principal: Approver) -> DoneOut:
    """Correct it and approve it in one step."""
    example = application.proposals.examples.get(example_id)
    changed = corrected(example, **body.changes())
    done = application.proposals.edit_and_approve(example_id, principal.subject, changed, cites=body.cites)
    return DoneOut.of(done, "Corrected and approved; the next training takes it in.")


@router.post("/examples/{example_id}/reject", responses=linked(200, **_ON_A_DECISION))
def reject(example_id: str, body: RejectionIn, application: App, principal: Approver) -> DoneOut:
    """Reject it; the proposer reads the reason."""
    return DoneOut.of(application.proposals.examples.reject(example_id, principal.subject, body.reason), "Rejected.")


@router.post("/examples/{example_id}/revoke")
def revoke(example_id: str, application: App, principal: Approver, body: RevocationIn | None = None) -> DoneOut:
    """Withdraw an approved answer for good; nobody is answered by it from now on."""
    reason = None if body is None else body.reason
    done = application.proposals.examples.revoke(example_id, principal.subject, reason)
    return DoneOut.of(done, "Revoked; nobody is answered by it from now on.")


@router.post("/examples/{example_id}/resume")
def resume(example_id: str, application: App, principal: Approver, body: ApprovalIn | None = None) -> DoneOut:
    """Say that a suspended answer still holds over the current documents."""
    cites = None if body is None else body.cites
    done = application.proposals.resume(example_id, principal.subject, cites=cites)
    return DoneOut.of(done, "Resumed; the next training takes it in.")


@router.post("/examples/{example_id}/retry")
def retry(example_id: str, application: App, principal: Approver) -> DoneOut:
    """Have the next training try a failed example again."""
    done = application.proposals.retry(example_id, principal.subject)
    return DoneOut.of(done, "The next training tries it again.")


@router.post("/examples/{example_id}/undo")
def undo(example_id: str, application: App, principal: Approver) -> DoneOut:
    """Take back an approval that no training has taken yet, or a rejection."""
    return DoneOut.of(application.proposals.undo(example_id, principal.subject), "Taken back.")


def _approves(principal: Principal) -> bool:
    return bool(principal.scopes & {Scope.TRAINING_APPROVE, Scope.ADMIN})
