from __future__ import annotations

from pathlib import Path

from ingest.blocks import Block, BlockKind
from ingest.formats import Format
from ingest.wire import HEADER_BYTES, Failure, Request, body_length, decode_reply, encode_blocks, frame


def test_blocks_arrive_as_they_were_sent() -> None:
    blocks = [
        Block(BlockKind.LIST_ITEM, "ein Paß ✓", level=2, page=3, marker="-", lead_in="Sie brauchen:"),
        Block(BlockKind.ROW, ""),
        Block(BlockKind.PARAGRAPH, "Nobody sees this.", hidden=True),
    ]
    assert decode_reply(encode_blocks(blocks)) == blocks


def test_failures_and_requests_arrive_as_they_were_sent() -> None:
    failure = Failure("malformed", "It is damaged.", spent=True)
    assert decode_reply(failure.encode()) == failure
    request = Request(Path("/kb/a b.md"), Format.MARKDOWN)
    assert Request.decode(request.encode()) == request


def test_a_message_travels_after_its_length() -> None:
    sent = frame(b"abc")
    assert body_length(sent[:HEADER_BYTES]) == 3
    assert sent[HEADER_BYTES:] == b"abc"
