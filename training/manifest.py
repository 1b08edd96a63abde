"""What a model version holds, as one checksummed text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from core.errors import AssistantError

__all__ = ["DamagedVersion", "Manifest", "Member", "checksum_of", "read_manifest", "write_manifest"]

_FORMAT = 1
_SHIPPED = ("abstention", "ranking", "sentences")


class DamagedVersion(AssistantError):
    """A stored version is not what was promoted."""

    type = "damaged-version"
    title = "A model version does not match its checksum"


@dataclass(frozen=True, slots=True)
class Member:
    """An approved pair in a version: the example, its question and the document version that holds it."""

    example_id: str
    question: str
    document_version: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The pairs of a version, in the order in which they were trained, and where its artifacts come from."""

    members: tuple[Member, ...] = ()
    artifacts: tuple[tuple[str, str], ...] = tuple((name, "shipped") for name in _SHIPPED)

    def joined(self, members: Sequence[Member]) -> Manifest:
        """This and further members; an example that was trained in anew takes the place of what it was."""
        fresh = {one.example_id for one in members}
        return Manifest((*(one for one in self.members if one.example_id not in fresh), *members), self.artifacts)

    def without(self, example_ids: Collection[str]) -> Manifest:
        return Manifest(tuple(one for one in self.members if one.example_id not in example_ids), self.artifacts)


def write_manifest(manifest: Manifest) -> str:
    """One text for one content, so that its checksum tells whether it changed."""
    content = {
        "format": _FORMAT,
        "artifacts": dict(manifest.artifacts),
        "members": [asdict(member) for member in manifest.members],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(version_id: str, text: str, checksum: str) -> Manifest:
    """The manifest of a stored version; raises `DamagedVersion` for one that is not what was promoted."""
    if checksum_of(text) != checksum:
        raise DamagedVersion(
            f"the manifest of model version {version_id!r} was changed after it was made; restore the table "
            "model_versions from a backup, or activate another version"
        )
    content = json.loads(text)
    if content["format"] != _FORMAT:
        raise DamagedVersion(f"model version {version_id!r} has format {content['format']!r}; install a newer release")
    members = tuple(Member(**member) for member in content["members"])
    return Manifest(members, tuple(sorted(content["artifacts"].items())))
