"""What is indexed against what is there: which documents to add, replace, keep and remove."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from ingest.sources import SourceFile
from ingest.unreadable import UnreadableFile

__all__ = ["Manifest", "Plan", "PlannedFile", "plan"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of one root: the content hash of each document that is served, and the files that gave no text."""

    indexed: Mapping[str, str | None]
    unreadable: Mapping[str, UnreadableFile]

    def below(self, gone: Iterable[str]) -> set[str]:
        """The known documents of these ids, or in folders of these ids."""
        roots = frozenset(gone)
        known = self.indexed.keys() | self.unreadable.keys()
        return {document_id for document_id in known if not roots.isdisjoint(_with_folders(document_id))}

    def only(self, document_ids: Collection[str]) -> Manifest:
        """What is known of these documents."""
        return Manifest(
            indexed={key: value for key, value in self.indexed.items() if key in document_ids},
            unreadable={key: value for key, value in self.unreadable.items() if key in document_ids},
        )


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file and its content hash when the plan was made."""

    file: SourceFile
    content_hash: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync will do; `still_unreadable` are unchanged since they were tried, `forget` no longer belong there."""

    add: tuple[PlannedFile, ...] = ()
    replace: tuple[PlannedFile, ...] = ()
    keep: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    still_unreadable: tuple[UnreadableFile, ...] = ()
    forget: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[PlannedFile, ...]:
        return self.add + self.replace

    @property
    def touched(self) -> tuple[str, ...]:
        """The ids of all that the sync has to look at, those that are gone first: nobody should be told of them."""
        return (*self.remove, *self.forget, *(planned.file.id for planned in self.changed))

    def without_removals(self) -> Plan:
        return replace(self, remove=())


def plan(files: Iterable[PlannedFile], manifest: Manifest, *, again: bool = False) -> Plan:
    """Compare by content hash alone: a file that did not change is neither parsed nor embedded, unless `again`.

    A document whose new content cannot be read stays as it was: only one whose file is gone is removed.
    """
    add: list[PlannedFile] = []
    changed: list[PlannedFile] = []
    keep: list[str] = []
    still_unreadable: list[UnreadableFile] = []
    seen: set[str] = set()
    for planned in files:
        document_id = planned.file.id
        seen.add(document_id)
        known = manifest.unreadable.get(document_id)
        if not again and known is not None and known.content_hash == planned.content_hash:
            still_unreadable.append(known)
        elif not again and manifest.indexed.get(document_id) == planned.content_hash:
            keep.append(document_id)
        else:
            (changed if document_id in manifest.indexed else add).append(planned)
    kept = frozenset(keep)
    return Plan(
        add=tuple(add),
        replace=tuple(changed),
        keep=tuple(keep),
        remove=tuple(document_id for document_id in manifest.indexed if document_id not in seen),
        still_unreadable=tuple(still_unreadable),
        forget=tuple(known for known in manifest.unreadable if known not in seen or known in kept),
    )


def _with_folders(document_id: str) -> Iterator[str]:
    """The ids of the folders that a document is in, from the root on, and its own."""
    return accumulate(document_id.split("/"), "{}/{}".format)
