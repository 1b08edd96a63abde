"""What can be asked about, and the surroundings of a quote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.application import Application
from api.dependencies import App, Asker
from api.page_words import page_words
from chains.countries import country_name
from core.errors import NotFound
from retrieval.editorial import EditorialReader
from retrieval.records import StoredVersion
from retrieval.tables import VersionStatus

__all__ = ["HELD_BACK", "catalogue_of", "public_version", "router"]

router = APIRouter(tags=["documents"])

HELD_BACK = "\0"
"""Stands for every character that is held back; a stored text has none of its own."""

_CONTEXT_CHARS = 400


class JurisdictionOut(BaseModel):
    code: str
    name: str
    documents: int


class CatalogueOut(BaseModel):
    documents: int
    jurisdictions: list[JurisdictionOut]
    examples: list[str]
    ready: bool


class PassageOut(BaseModel):
    before: str
    quote: str
    after: str
    title: str
    jurisdiction: str
    url: str | None
    reviewed_on: date | None
    effective_from: date | None
    effective_to: date | None
    current: bool


@router.get("/catalogue")
def catalogue(application: App) -> CatalogueOut:
    """What can be asked about."""
    return catalogue_of(application)


@router.get("/passages")
def passage(
    application: App,
    principal: Asker,
    document_id: str,
    version: str,
    start: Annotated[int, Query(ge=0)],
    end: Annotated[int, Query(ge=0)],
) -> PassageOut:
    """A quote between what stands before and after it, from the version it was taken from."""
    stored = public_version(application, document_id, version)
    text, meta = stored.canonical_text, stored.meta
    if not start < end <= len(text):
        raise NotFound(f"the text of this version has {len(text)} characters; {start} to {end} is not within it")
    if HELD_BACK in text[start:end]:
        raise NotFound("this passage is held back until an editor has looked at it")
    return PassageOut(
        before=_shown(text[max(0, start - _CONTEXT_CHARS) : start]), quote=text[start:end],
        after=_shown(text[end : end + _CONTEXT_CHARS]), title=meta.title, jurisdiction=meta.jurisdiction,
        url=meta.source_url, reviewed_on=meta.reviewed_on, effective_from=meta.effective_from,
        effective_to=meta.effective_to, current=stored.status is VersionStatus.LIVE,
    )  # fmt: skip


def catalogue_of(application: Application) -> CatalogueOut:
    """The catalogue of today."""
    found = application.catalogue(application.today())
    return CatalogueOut(
        documents=found.documents,
        jurisdictions=[
            JurisdictionOut(code=code, name=_name(code), documents=count) for code, count in found.by_jurisdiction
        ],
        examples=list(page_words("en").examples),
        ready=application.is_ready(),
    )


def public_version(application: Application, document_id: str, version: str | None) -> StoredVersion:
    """A version as anybody may read it, without what is held back.

    Raises `NotFound` for one kept for others, as for one that is not there; a document that is kept for others now
    takes its earlier versions along.
    """
    stored = application.store.get_version(document_id, version)
    if stored.meta.audience != "public" or _is_for_others(application, document_id):
        raise NotFound(f"there is no document {document_id!r}; it was never stored, was removed or erased")
    held_back = EditorialReader(application.database).held_back_in(stored.id)
    return replace(stored, canonical_text=_without(stored.canonical_text, held_back))


def _is_for_others(application: Application, document_id: str) -> bool:
    try:
        return application.store.get_version(document_id).meta.audience != "public"
    except NotFound:  # it was removed; quotes of it still open
        return False


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with every place blotted out, so that all others keep their numbers."""
    for start, end in places:
        text = text[:start] + HELD_BACK * (end - start) + text[end:]
    return text


def _shown(text: str) -> str:
    return re.sub(f"{HELD_BACK}+", "…", text)


def _name(code: str) -> str:
    name = country_name(code)
    return name[4:].capitalize() if name.startswith("the S") else name.removeprefix("the ")
