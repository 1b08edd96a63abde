"""Misspelt questions read as the documents spell: against the shipped knowledge base and the real encoder."""

from __future__ import annotations

import pytest

from api.application import Application
from retrieval.spelling import Speller


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("what documants do i need for a studdy permitt", "what documents do i need for a study permit"),
        ("i lost my pasport in germny", "i lost my passport in germany"),
        ("can i brnig my wief", "can i bring my wife"),
        ("wich vissa do i need for canda", "which visa do i need for canada"),
        ("my visa is expierd", "my visa is expired"),
        ("can i work in new zeland", "can i work in new zealand"),  # documents in Spanish have the stem of "Zelanda"
        ("how long is a studypermit valid", "how long is a study permit valid"),
    ],
)
def test_a_misspelt_word_is_read_as_the_documents_spell_it(knowledgeable: Application, asked: str, read: str) -> None:
    assert Speller(knowledgeable.store).correct(asked) == read


@pytest.mark.parametrize(
    "asked",
    [
        "Does Mr Prongs of Kharkiv need a visa?",  # names keep their letters
        "they found something on my lung x-ray",  # a word of English that no document holds
        "i cant work on form i-485",
        "is there a carer visa",  # no "care visa", although the documents hold that word more often
        "Quels documents faut-il pour un permis d'études ?",
        "ETA 482 IMM 5710",
    ],
)
def test_what_is_no_mistake_stays(knowledgeable: Application, asked: str) -> None:
    assert Speller(knowledgeable.store).correct(asked) == asked
