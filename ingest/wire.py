"""What the parser and its child say to each other: JSON, each message after its length."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from ingest.blocks import Block, BlockKind
from ingest.formats import Format

__all__ = ["HEADER_BYTES", "READY", "Failure", "Request", "body_length", "decode_reply", "encode_blocks", "frame"]

HEADER_BYTES = 4
READY = b"ready"


@dataclass(frozen=True, slots=True)
class Request:
    """Read this file."""

    path: Path
    format: Format

    def encode(self) -> bytes:
        return json.dumps([str(self.path), self.format]).encode()

    @classmethod
    def decode(cls, body: bytes) -> Request:
        path, file_format = json.loads(body)
        return cls(Path(path), Format(file_format))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the file gave no blocks; after `spent` the child is not fit to go on."""

    reason: str
    detail: str
    spent: bool = False

    def encode(self) -> bytes:
        return json.dumps({"failure": astuple(self)}).encode()


def frame(body: bytes) -> bytes:
    """A message as it travels."""
    return len(body).to_bytes(HEADER_BYTES, "big") + body


def body_length(header: bytes) -> int:
    return int.from_bytes(header, "big")


def encode_blocks(blocks: Sequence[Block]) -> bytes:
    return json.dumps({"blocks": [astuple(block) for block in blocks]}).encode()


def decode_reply(body: bytes) -> list[Block] | Failure:
    """What the child answered; raises `ValueError` when it is neither blocks nor a failure."""
    message = json.loads(body)
    if "failure" in message:
        return Failure(*message["failure"])
    return [Block(BlockKind(kind), *rest) for kind, *rest in message["blocks"]]
