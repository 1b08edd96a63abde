"""The topic of a question, by the shipped topics and the shipped encoder."""

from __future__ import annotations

import pytest

from assistance.configuration import BUILT_IN, parse_topics
from assistance.guess import TopicGuesser
from core.hash_embeddings import HashEmbeddings
from core.models import build_embeddings
from tests.conftest import ROOT, make_settings

ASKED = (
    ("Which visa do I need to study in Canada?", "visa"),
    ("How do I extend my work permit?", "visa"),
    ("Can my wife join me while I study?", "visa"),
    ("How long does a residence permit take?", "visa"),
    ("Which form do I have to fill in?", "documents"),
    ("I lost my passport, what now?", "documents"),
    ("Does my birth certificate need a translation?", "documents"),
    ("How much proof of funds do I have to show?", "documents"),
    ("My application was refused, can I appeal?", "appeal"),
    ("They rejected me. How long do I have to ask for a review?", "appeal"),
    ("I got a deportation order", "appeal"),
    ("When is my tribunal hearing?", "appeal"),
    ("My card was charged twice", "payment"),
    ("I want a refund of what I paid", "payment"),
    ("The bank transfer failed and I have no receipt", "payment"),
    ("Your agent was rude to me", "complaint"),
    ("I want to complain about the service", "complaint"),
    ("Nobody ever calls me back, this is terrible", "complaint"),
    ("How much does your service cost?", "pricing"),
    ("Do you offer a discount for families?", "pricing"),
    ("Can I get a quote?", "pricing"),
    ("What services do you offer?", "sales"),
    ("I would like to become a client", "sales"),
    ("What is the best recipe for bread?", "other"),
    ("Who won the football match?", "other"),
    ("asdf qwer", "other"),
)


@pytest.fixture(scope="module")
def guesser(tmp_path_factory: pytest.TempPathFactory) -> TopicGuesser:
    embeddings = build_embeddings(make_settings(tmp_path_factory.mktemp("guess")))
    return TopicGuesser(lambda: embeddings)


def test_shipped_topics_are_told_apart(guesser: TopicGuesser) -> None:
    topics = parse_topics((ROOT / "assistance.yaml").read_bytes())
    wrong = [text for text, topic in ASKED if guesser.guess(text, topics)[0].topic.id != topic]
    assert wrong == []


def test_every_topic_is_among_the_alternatives_once(guesser: TopicGuesser) -> None:
    topics = parse_topics((ROOT / "assistance.yaml").read_bytes())
    found = guesser.guess("My card was charged twice", topics)
    assert sorted(guess.topic.id for guess in found) == sorted(topics.by_id)
    assert all(0 <= guess.score <= 1 for guess in found)


def test_changed_topics_are_encoded_anew() -> None:
    guesser = TopicGuesser(HashEmbeddings)
    assert guesser.guess("a boat", BUILT_IN)[0].topic.id == "other"
    boats = parse_topics(b"topics: {boats: {title: Boats, description: A boat}, cars: {title: C, description: A car}}")
    assert guesser.guess("my boat", boats)[0].topic.id == "boats"


def test_a_long_question_fits(guesser: TopicGuesser) -> None:
    assert guesser.guess("refund " * 2000, parse_topics((ROOT / "assistance.yaml").read_bytes()))
