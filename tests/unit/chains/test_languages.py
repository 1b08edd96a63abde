import pytest

from chains.grounding.reasons import UnsupportedReason
from chains.languages import readable
from chains.languages_confidence import confidence_by_words
from chains.languages_translation import is_translation, mistranslated
from core.types import Chunk, DocumentMeta, Passage

SOURCE = "You must send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365."


@pytest.mark.parametrize(
    ("claim", "language"),
    [
        ("Vous devez envoyer le formulaire IMM 5710 au Canada avant le 14 mai 2026 et payer 1 365 $.", "fr"),
        ("Debe enviar el formulario IMM 5710 a Canadá antes del 14 de mayo de 2026 y pagar 1.365 $.", "es"),
        ("Вы должны отправить форму IMM 5710 до 14 мая 2026 года и заплатить 1 365 $.", "ru"),
        ("您必须在2026年之前把 IMM 5710 寄到加拿大，并支付 1,365 美元。", "zh"),
    ],
)
def test_a_faithful_translation_is_not_rejected_for_its_words(claim: str, language: str) -> None:
    assert mistranslated(claim, [SOURCE], language=language, written_in="en") is None


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Vous devez envoyer le formulaire IMM 5710 au Canada et payer 1 465 $.", UnsupportedReason.FIGURE),
        ("Vous devez envoyer le formulaire IMM 5709 au Canada.", UnsupportedReason.FIGURE),
        ("Vous devez envoyer le formulaire avant le 14 juin 2026.", UnsupportedReason.FIGURE),
        ("Vous devez envoyer le formulaire en Australie.", UnsupportedReason.COUNTRY),
        ("Vous ne devez pas envoyer le formulaire.", UnsupportedReason.POLARITY),
        ("Vous pouvez envoyer le formulaire.", UnsupportedReason.MODALITY),
        ("Envoyez le formulaire sur https://example.com/form.", UnsupportedReason.FIGURE),
    ],
)
def test_what_goes_beyond_the_source_is_seen_in_a_translation(claim: str, reason: UnsupportedReason) -> None:
    assert mistranslated(claim, [SOURCE], language="fr", written_in="en") is reason


def test_figures_are_compared_in_any_digits() -> None:
    assert mistranslated("الرسوم ٦٠ دولارا.", ["The fee is 60 dollars."], language="ar", written_in="en") is None
    found = mistranslated("الرسوم ٧٠ دولارا.", ["The fee is 60 dollars."], language="ar", written_in="en")
    assert found is UnsupportedReason.FIGURE


def test_a_sentence_in_the_sources_language_is_no_translation() -> None:
    assert not is_translation("You must pay the fee.", [SOURCE], {"en"})
    assert not is_translation(
        "Send form, pay before May visa permiso.", ["Send form, pay before May visa permit."], {"en"}
    )
    assert is_translation("Vous devez payer les frais avant le départ.", [SOURCE], {"en"})
    assert not is_translation("Vous devez payer les frais.", [SOURCE], {"en", "de"})


def _passage(text: str, language: str, question: str) -> Passage:
    chunk = Chunk(text, "d", "v", 0, text, 0, len(text), question=question)
    return Passage(chunk, DocumentMeta(question, language=language), 1.0)


LOST = _passage("Déclarez la perte du passeport à la police.", "fr", "J'ai perdu mon passeport")
FORMS = _passage("Les formulaires sont sur les sites du gouvernement.", "fr", "Où sont les formulaires ?")
ENGLISH = _passage("Report a lost passport to the police.", "en", "I lost my passport")


def test_only_passages_in_the_askers_language_can_be_quoted() -> None:
    assert readable([ENGLISH, LOST, FORMS], "fr") == [LOST, FORMS]


def test_shared_words_tell_how_sure_an_answer_is() -> None:
    asked = "J'ai perdu mon passeport, que dois-je faire à la police ?"
    found, absent = (confidence_by_words(asked, passages, "fr").sure for passages in ([LOST, FORMS], [FORMS]))
    assert found > 0.4 > absent
    assert confidence_by_words(asked, [], "fr").sure == 0.0
