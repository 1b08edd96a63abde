"""The vector index on a Chroma server, which several processes may share."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import numpy as np
import pytest

from retrieval.vectors import VectorIndexUnavailable, open_vectors

# Chroma's HTTP client never closes its connections; they end with it, and Python says so.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _end_connections() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("chroma")
    server = subprocess.Popen(
        [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        server.terminate()
        server.wait(60)


def _wait(url: str) -> None:
    for _ in range(900):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/api/v2/heartbeat").is_success:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not come up")


def test_what_one_client_writes_another_finds_and_what_it_deletes_is_gone(chroma_url: str, tmp_path: Path) -> None:
    writer, reader = open_vectors(tmp_path, chroma_url), open_vectors(tmp_path, chroma_url)
    near, far = np.eye(4, dtype=np.float32)[:2]
    writer.upsert([("near", near, "CA"), ("far", far, "US")])
    assert [chunk_id for chunk_id, _ in reader.query(near, 2)] == ["near", "far"]
    writer.delete(["near"])
    assert [chunk_id for chunk_id, _ in reader.query(near, 2)] == ["far"]
    assert reader.ids() == {"far"}
    writer.close()
    reader.close()


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(VectorIndexUnavailable, match="http://127.0.0.1:9"):
        open_vectors(tmp_path, "http://127.0.0.1:9")
