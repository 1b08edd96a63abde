"""What people think of the replies they were given."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import App, Asker
from api.schemas import FeedbackIn, FeedbackOut

__all__ = ["router"]

router = APIRouter(tags=["chat"])


@router.post("/feedback")
def give_feedback(body: FeedbackIn, application: App, principal: Asker) -> FeedbackOut:
    """Say whether a reply of your own helped; said again, it takes the place of what was said before."""
    given = application.feedbacks.give(
        principal.subject, body.turn_id, helpful=body.helpful, reason=body.reason, text=body.text
    )
    return FeedbackOut.of(given)
