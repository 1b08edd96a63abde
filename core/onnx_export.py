"""Writes a sentence-transformers model as ONNX; run as a process of its own, because it imports torch.

Usage: `python -m core.onnx_export MODEL FOLDER`, where FOLDER exists and is empty.
"""

from __future__ import annotations

import hashlib
import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["EXPORT_VERSION", "FILES_VERSION", "GRAPH_FILE", "MANIFEST_FILE", "TOKENIZER_FILE", "export"]

EXPORT_VERSION = 1
"""Raise it when the graph comes to give other vectors: models are exported anew, and everything is embedded again."""
FILES_VERSION = 2
"""Raise it when the files change and the vectors do not: models are exported anew, and the indexes stay."""

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
"""Beside the graph, so that they are mapped into memory and not read into it: most of the vocabulary is never used."""
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"

_OPSET = 17
_TOLERANCE = 1e-5
_PROBES = ("a", "How can I immigrate to Canada?", "A longer passage, to be padded beside. " * 12)


def export(model_name: str, folder: Path) -> None:
    """Write graph, tokenizer and manifest into `folder`; raises `ValueError` when the graph differs from the model.

    The graph gives token states [batch, length, dimension] and the pooled, L2-normalised vector [batch, dimension].
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(model_name, device="cpu").eval()
    inputs = [
        name for name in model.tokenizer.model_input_names if name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    _write_graph(model, folder / GRAPH_FILE, inputs)
    _move_weights_out(folder / GRAPH_FILE)
    model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    dimension = _check_graph(model, folder / GRAPH_FILE, inputs)
    manifest = {
        "export_version": EXPORT_VERSION,
        "model": model_name,
        "dimension": dimension,
        "max_tokens": model.max_seq_length,
        "inputs": inputs,
        "pad_id": model.tokenizer.pad_token_id or 0,
        "normalize": True,
        "weights_sha256": _digest_of_weights(model),
        "graph_sha256": hashlib.sha256((folder / GRAPH_FILE).read_bytes()).hexdigest(),
        "files_version": FILES_VERSION,
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=1))


def _write_graph(model: SentenceTransformer, path: Path, inputs: list[str]) -> None:
    import torch

    class TwoOutputs(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            features = self.model(dict(zip(inputs, tensors, strict=True)))
            return features["token_embeddings"], torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    sample = model.tokenizer(list(_PROBES), padding=True, return_tensors="pt")
    axes = {name: {0: "batch", 1: "length"} for name in [*inputs, "tokens"]} | {"vector": {0: "batch"}}
    # The tracing exporter: the newer one takes four times as long and gives the same figures.
    torch.onnx.export(
        TwoOutputs().eval(),
        tuple(sample[name] for name in inputs),
        str(path),
        input_names=inputs,
        output_names=["tokens", "vector"],
        dynamic_axes=axes,
        opset_version=_OPSET,
        dynamo=False,
    )


def _move_weights_out(path: Path) -> None:
    import onnx

    onnx.save_model(onnx.load(path), path, save_as_external_data=True, location=WEIGHTS_FILE)
    (path.parent / WEIGHTS_FILE).chmod(0o644)


def _check_graph(model: SentenceTransformer, path: Path, inputs: list[str]) -> int:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    expected = model.encode(list(_PROBES), normalize_embeddings=True)
    encoded = model.tokenizer(list(_PROBES), padding=True, return_tensors="np")
    tokens, vectors = session.run(["tokens", "vector"], {name: encoded[name].astype(np.int64) for name in inputs})
    if tokens.shape[-1] != vectors.shape[-1]:
        raise ValueError(
            f"token states have {tokens.shape[-1]} dimensions and the pooled vector {vectors.shape[-1]}: sentence "
            "vectors cannot be pooled from such a model; choose one without a projection after the pooling"
        )
    worst = float(np.abs(vectors - expected).max())
    if worst > _TOLERANCE:
        raise ValueError(f"the exported graph differs from the model by {worst:.1e}, more than {_TOLERANCE:.0e}")
    return int(vectors.shape[-1])


def _digest_of_weights(model: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    export(sys.argv[1], Path(sys.argv[2]))
