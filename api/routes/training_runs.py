"""Training runs and model versions: start, look, go back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response, status
from pydantic import BaseModel, ConfigDict

from api.dependencies import App, Identified, Trainer, current_principal
from api.links import follow, linked
from api.schemas import MOST_ROWS
from core.errors import MissingScope, Unauthenticated
from core.types import Principal, Scope
from training.runs import STARTED, TrainingRun
from training.version_tables import RunStatus
from training.versions import ModelVersion

__all__ = ["router"]

router = APIRouter(tags=["training"])


def _holder_of_one(*scopes: Scope) -> Callable[[Principal, Principal | None], Principal]:
    """Whoever has one of several scopes."""

    def holder(principal: Annotated[Principal, Depends(current_principal)], known: Identified) -> Principal:
        if principal.scopes & {*scopes, Scope.ADMIN}:
            return principal
        if known is not None:
            raise MissingScope(*(scope.value for scope in scopes))
        wanted = " or ".join(repr(scope.value) for scope in scopes)
        raise Unauthenticated(f"this needs a token with the scope {wanted}; see `assistant token create`")

    return holder


_Staff = Annotated[
    Principal, Depends(_holder_of_one(Scope.TRAINING_PROPOSE, Scope.TRAINING_APPROVE, Scope.TRAINING_START))
]
_READ_NEWEST = follow("GET /models/{version_id}", version_id="items/0/id")
_ACTIVATE_NEWEST = follow("POST /models/{version_id}/activate", version_id="items/0/id")
_ACTIVATE = follow("POST /models/{version_id}/activate", version_id="id")
_Activator = Annotated[Principal, Depends(_holder_of_one(Scope.TRAINING_APPROVE, Scope.TRAINING_START))]


class RunOut(BaseModel):
    """A run; `message` is what its starter is told, `report` what the gate found, `reason` why it failed."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    status: RunStatus
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    version_id: str | None
    reason: str | None
    report: dict[str, Any] | None
    message: str | None = None


class RunsOut(BaseModel):
    items: list[RunOut]


class ModelOut(BaseModel):
    """A model version: the approved examples in it, those its parent has not, and what its gate found."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    ordinal: int
    parent: str | None
    status: RunStatus
    examples: list[str]
    added: list[str]
    artifacts: dict[str, str]
    checksum: str | None
    report: dict[str, Any] | None
    reason: str | None
    created_by: str
    created_at: datetime | None
    promoted_at: datetime | None
    is_current: bool


class ActivationOut(BaseModel):
    """One change of the current version."""

    model_config = ConfigDict(from_attributes=True)

    version_id: str
    instead_of: str
    by: str
    at: datetime


class ModelsOut(BaseModel):
    items: list[ModelOut]
    activations: list[ActivationOut]


@router.post(
    "/training/runs",
    status_code=status.HTTP_202_ACCEPTED,
    responses=linked(202, read=follow("GET /training/runs/{run_id}", run_id="id")),
)
def start_run(application: App, principal: Trainer, response: Response) -> RunOut:
    """Train what was approved; 409 where nothing waits, and where a run is at work, which is named."""
    run = application.training.start(principal.subject)
    response.headers["Location"] = f"/training/runs/{run.id}"
    return _run_out(run, message=STARTED.format(id=run.id))


@router.get("/training/runs", responses=linked(200, newest=follow("GET /training/runs/{run_id}", run_id="items/0/id")))
def list_runs(application: App, principal: _Staff) -> RunsOut:
    """The newest runs, the newest first."""
    return RunsOut(items=[_run_out(run) for run in application.training_runs.listed()])


@router.get("/training/runs/{run_id}")
def read_run(application: App, principal: _Staff, run_id: Annotated[int, Path(ge=0, le=MOST_ROWS)]) -> RunOut:
    return _run_out(application.training_runs.get(run_id))


@router.get("/models", responses=linked(200, read=_READ_NEWEST, activate=_ACTIVATE_NEWEST))
def list_models(application: App, principal: _Staff) -> ModelsOut:
    """Every version, the newest first, and every change of the current one."""
    versions = application.versions
    return ModelsOut(
        items=[_model_out(version) for version in versions.listed()],
        activations=[ActivationOut.model_validate(one) for one in versions.activations()],
    )


@router.get("/models/current", responses=linked(200, activate=_ACTIVATE))
def read_current_model(application: App, principal: _Staff) -> ModelOut:
    """The version that answers."""
    versions = application.versions
    return _model_out(versions.get(versions.current_id()))


@router.get("/models/{version_id}", responses=linked(200, activate=_ACTIVATE))
def read_model(application: App, principal: _Staff, version_id: str) -> ModelOut:
    return _model_out(application.versions.get(version_id))


@router.post("/models/{version_id}/activate")
def activate_model(application: App, principal: _Activator, version_id: str) -> ModelOut:
    """Go back to an older version, or forward again; it answers everybody within five seconds."""
    return _model_out(application.versions.activate(version_id, principal.subject))


def _run_out(run: TrainingRun, *, message: str | None = None) -> RunOut:
    return RunOut.model_validate(run).model_copy(update={"message": message})


def _model_out(version: ModelVersion) -> ModelOut:
    return ModelOut.model_validate(version)
