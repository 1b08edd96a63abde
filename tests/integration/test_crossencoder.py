from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigurationError
from retrieval.crossencoder import CrossEncoder

TEXTS = ["a fee", "a visa", "a fee and a visa", "nothing"]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one layer with chance weights, as sentence-transformers keeps it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("crossencoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "and", "fee", "visa", "nothing", "the"]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_passages_are_put_in_the_order_in_which_the_model_judges_them(tiny_model: Path) -> None:
    from sentence_transformers import CrossEncoder as Plain

    judged = Plain(str(tiny_model), device="cpu").predict([("the fee", text) for text in TEXTS])
    order = CrossEncoder(str(tiny_model)).order("the fee", TEXTS)
    assert [float(judged[at]) for at in order] == sorted(map(float, judged), reverse=True)
    assert len(set(order)) == len(TEXTS)


def test_no_passages_need_no_model(tmp_path: Path) -> None:
    assert CrossEncoder(str(tmp_path / "none")).order("the fee", []) == []


def test_a_model_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="RERANKER_MODEL .* cannot be loaded"):
        CrossEncoder(str(tmp_path)).order("the fee", TEXTS)
