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


@pytest.mark.parametrize(
    ("language", "said", "original"),
    [
        (
            "zh",
            "例如当H-1B工作者已获批准时，H-4配偶可以申请。",
            "An H-4 spouse can ask when the H-1B worker is approved.",
        ),
        ("ar", "تحتاج إلى لغة بين المستويين B2 وC1.", "You need a language between level B2 and C1."),
        ("fr", "Il vous faut un niveau d'allemand entre B2 et C1.", "You need German between level B2 and C1."),
        (
            "vi",
            "Kể từ ngày 8 tháng 11 năm 2024 sinh viên cần giấy phép.",
            "Since 8 November 2024 students need a permit.",
        ),
        ("tr", "Uçmadan önce havayoluna haber verin.", "Tell the airline before you fly."),
        ("ar", "يجب أن يتبقى ما لا يقل عن 16 شهرًا.", "At least 16 months must be left."),
        ("ar", "ينبغي ألا تترجم مستنداتك بنفسك.", "You should not translate your own documents."),
    ],
)
def test_what_other_languages_do_otherwise_is_no_difference(language: str, said: str, original: str) -> None:
    assert mistranslated(said, original, language=language, written_in="en") is None


@pytest.mark.parametrize(
    ("language", "said", "original"),
    [
        ("tr", "İzin almadan çalışabilirsiniz.", "You can work with a permit."),
        ("tr", "Uçmayın.", "Fly."),
        ("ar", "يجب ألا تدفع.", "You must pay."),
        ("ar", "لا يمكنك العمل.", "You can work."),
        ("ar", "يمكنك العمل إلا إذا انتهى التصريح.", "You cannot work before the permit ends."),
        ("tr", "Dilinizde olmayan bir sözleşmeyi imzalayın.", "Do not sign a contract that is foreign to you."),
    ],
)
def test_a_not_that_only_one_of_them_has_is_seen(language: str, said: str, original: str) -> None:
    assert mistranslated(said, original, language=language, written_in="en") is UnsupportedReason.POLARITY


def test_another_month_is_seen_where_months_are_numbered() -> None:
    said = "Kể từ ngày 8 tháng 12 năm 2024 sinh viên cần giấy phép."
    found = mistranslated(said, "Since 8 November 2024 students need a permit.", language="vi", written_in="en")
    assert found is UnsupportedReason.FIGURE


def test_figures_are_compared_in_any_digits() -> None:
    assert mistranslated("الرسوم ٦٠ دولارا.", "The fee is 60 dollars.", language="ar", written_in="en") is None
    found = mistranslated("الرسوم ٧٠ دولارا.", "The fee is 60 dollars.", language="ar", written_in="en")
    assert found is UnsupportedReason.FIGURE


def test_a_sentence_that_is_not_in_the_askers_language_is_no_translation() -> None:
    assert is_translation("Vous devez payer les frais avant le départ.", SOURCE, "fr")
    assert not is_translation("You must pay the fee.", SOURCE, "fr")
    assert not is_translation("Debe pagar la tasa antes de la salida.", SOURCE, "fr")
    assert not is_translation(SOURCE, SOURCE, "en")


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
