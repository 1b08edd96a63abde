"""Questions that a machine put into another language: whether they may be offered for the English ones."""

from __future__ import annotations

import pytest

from chains.languages_translation import asks_the_same


@pytest.mark.parametrize(
    ("said", "original", "language"),
    [
        ("Was kostet das Visum?", "What does the visa cost?", "de"),
        ("Kann ich arbeiten?", "Can I work?", "de"),
        ("Puis-je travailler ?", "Can I work?", "fr"),
        ("Который из дней считается?", "Which days count?", "ru"),
        ("Gia đình tôi có thể đi cùng tôi không?", "Can my family come with me?", "vi"),
        ("我的家人可以和我一起去加拿大吗？", "Can my family come to Canada with me?", "zh"),
        ("هل يمكنني العمل أكثر من 24 ساعة؟", "Can I work more than 24 hours?", "ar"),
    ],
)
def test_a_question_that_was_translated_may_be_offered(said: str, original: str, language: str) -> None:
    assert asks_the_same(said, original, language)


@pytest.mark.parametrize(
    ("said", "original", "language"),
    [
        ("Puis-je ne pas travailler pendant mes études ?", "Can I work while I study?", "fr"),
        ("Puis-je travailler plus de 40 heures ?", "Can I work more than 24 hours?", "fr"),
        ("Comment prolonger mon visa en Allemagne ?", "How do I extend my visa in Canada?", "fr"),
        ("Puis-je payer sur https://visa.example/pay ?", "Can I pay online?", "fr"),
        ("Vous pouvez travailler.", "Can I work?", "fr"),
        ("¿Puedo trabajar mientras estudio?", "Can I work while I study?", "fr"),
        ("Can I work while I study?", "Can I work while I study?", "fr"),
        ("Tôi không được làm việc à?", "Can I work?", "vi"),
    ],
)
def test_what_asks_otherwise_may_not(said: str, original: str, language: str) -> None:
    assert not asks_the_same(said, original, language)
