import pytest

from chains.grounding.reasons import UnsupportedReason
from chains.languages import readable
from chains.languages_confidence import confidence_by_words
from chains.languages_translation import is_translation, keeps_the_meaning, mistranslated
from core.types import Chunk, DocumentMeta, Passage

SOURCE = "You must send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365."


@pytest.mark.parametrize(
    ("claim", "language"),
    [
        ("Vous devez envoyer le formulaire IMM 5710 au Canada avant le 14 mai 2026 et payer 1 365 $.", "fr"),
        ("Debe enviar el formulario IMM 5710 a Canadá antes del 14 de mayo de 2026 y pagar 1.365 $.", "es"),
        ("Вы должны отправить форму IMM 5710 в Канаду до 14 мая 2026 года и заплатить 1 365 $.", "ru"),
        ("您必须在2026年5月14日之前把 IMM 5710 寄到加拿大，并支付 1,365 美元。", "zh"),
    ],
)
def test_a_faithful_translation_is_not_rejected_for_its_words(claim: str, language: str) -> None:
    assert mistranslated(claim, SOURCE, language=language, written_in="en") is None


FRENCH = "Vous devez envoyer le formulaire IMM 5710 au Canada avant le 14 mai 2026 et payer 1 365 $."


@pytest.mark.parametrize(
    ("said", "instead", "reason"),
    [
        ("1 365", "1 465", UnsupportedReason.FIGURE),
        ("IMM 5710", "IMM 5709", UnsupportedReason.FIGURE),
        ("14 mai", "14 juin", UnsupportedReason.FIGURE),
        (" et payer 1 365 $", "", UnsupportedReason.FIGURE),
        ("le formulaire IMM 5710", "le formulaire", UnsupportedReason.FIGURE),
        ("au Canada", "en Australie", UnsupportedReason.COUNTRY),
        ("Vous devez", "Vous ne devez pas", UnsupportedReason.POLARITY),
        ("Vous devez", "Vous pouvez", UnsupportedReason.MODALITY),
        ("1 365 $.", "1 365 $ sur https://example.com/form.", UnsupportedReason.FIGURE),
    ],
)
def test_where_a_translation_differs_from_its_source_is_seen(
    said: str, instead: str, reason: UnsupportedReason
) -> None:
    claim = FRENCH.replace(said, instead)
    assert claim != FRENCH
    assert mistranslated(claim, SOURCE, language="fr", written_in="en") is reason


def test_figures_are_compared_in_any_digits() -> None:
    assert mistranslated("الرسوم ٦٠ دولارا.", "The fee is 60 dollars.", language="ar", written_in="en") is None
    found = mistranslated("الرسوم ٧٠ دولارا.", "The fee is 60 dollars.", language="ar", written_in="en")
    assert found is UnsupportedReason.FIGURE


def test_a_sentence_that_is_not_in_the_askers_language_is_no_translation() -> None:
    assert is_translation("Vous devez payer les frais avant le départ.", SOURCE, "fr")
    assert not is_translation("You must pay the fee.", SOURCE, "fr")
    assert not is_translation("Debe pagar la tasa antes de la salida.", SOURCE, "fr")
    assert not is_translation(SOURCE, SOURCE, "en")


@pytest.mark.parametrize(
    ("back", "kept"),
    [
        ("You must submit the form IMM 5710 to Canada before 14 May 2026 and pay $1,365.", True),
        ("You must not send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365.", False),
        ("You may send the form IMM 5710 to Canada before 14 May 2026 and pay $1,365.", False),
        ("You must send the form IMM 5710 to Canada before 15 May 2026 and pay $1,365.", False),
        ("You must send the form IMM 5710 to Canada before 14 May 2026.", False),
        ("Nothing of the kind is known here.", False),
    ],
)
def test_what_comes_back_says_the_same_or_is_refused(back: str, kept: bool) -> None:
    assert keeps_the_meaning(back, SOURCE) is kept


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
