"""API keys, for the administrator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.dependencies import Administrator, App
from api.links import follow, linked
from core.identity import ApiKey
from core.types import Scope

__all__ = ["KeyOut", "router"]

router = APIRouter(prefix="/keys", tags=["keys"])


class KeyIn(BaseModel):
    """`expires_days` null makes a key that holds until it is revoked."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_days: Annotated[int | None, Field(ge=1, le=3650)] = 90


class KeyOut(BaseModel):
    id: str
    name: str
    scopes: list[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> KeyOut:
        return cls(
            id=key.id, name=key.name, scopes=sorted(key.scopes), created_by=key.created_by, created_at=key.created_at,
            expires_at=key.expires_at, last_used_at=key.last_used_at, revoked_at=key.revoked_at,
        )  # fmt: skip


class NewKeyOut(KeyOut):
    key: str


class KeysOut(BaseModel):
    items: list[KeyOut]


@router.get("", responses=linked(200, revoke=follow("DELETE /keys/{key_id}", key_id="items/0/id")))
def list_keys(application: App, principal: Administrator) -> KeysOut:
    """Every key with what it may do, never its text; when it was last used is told to the hour."""
    return KeysOut(items=[KeyOut.of(key) for key in application.tokens.keys.listed()])


@router.post("", status_code=201, responses=linked(201, revoke=follow("DELETE /keys/{key_id}", key_id="id")))
def create_key(application: App, principal: Administrator, body: KeyIn, response: Response) -> NewKeyOut:
    """Make a key; `key` is shown this once and kept nowhere."""
    expires_in = None if body.expires_days is None else timedelta(days=body.expires_days)
    made, text = application.tokens.keys.create(
        body.name, body.scopes, expires_in=expires_in, created_by=principal.subject
    )
    response.headers["Cache-Control"] = "no-store"
    return NewKeyOut(**KeyOut.of(made).model_dump(), key=text)


@router.delete("/{key_id}", status_code=204)
def revoke_key(application: App, principal: Administrator, key_id: str) -> None:
    """From the next call on the key holds no longer."""
    application.tokens.keys.revoke(key_id)
