import pytest

from core.languages import base_language, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Can I work while I study in Canada?", "en"),
        ("green card renewal", "en"),
        ("What is the Aufenthaltserlaubnis?", "en"),
        ("My boss Nguyễn Văn keeps my passport", "en"),
        ("I-485 pending can I travel", "en"),
        ("délai de recours", "fr"),
        ("passeport perdu", "fr"),
        ("perdí mi pasaporte", "es"),
        ("visa de estudiante canadá", "es"),
        ("perdi meu passaporte", "pt"),
        ("Was kostet ein Visum?", "de"),
        ("فقدت جواز سفري", "ar"),
        ("موعد الاستئناف", "ar"),
        ("گذرنامه‌ام گم شده", "fa"),
        ("وکیل رایگان", "fa"),
        ("पासपोर्ट खो गया", "hi"),
        ("护照丢了", "zh"),
        ("我的 I-485 被拒", "zh"),
        ("mất hộ chiếu", "vi"),
        ("toi bi mat ho chieu phai lam gi", "vi"),
        ("потерял паспорт", "ru"),
        ("загубив паспорт", "uk"),
        ("pasaportumu kaybettim", "tr"),
        ("Zgubiłem paszport za granicą, co mam teraz zrobić?", "pl"),
        ("ビザの料金はいくらですか", "ja"),
        ("비자 수수료는 얼마입니까", "ko"),
    ],
)
def test_a_few_words_tell_the_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "   ", "2026-11-21", "!?", "💡"])
def test_text_without_letters_is_in_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_tag_is_read_down_to_its_language() -> None:
    assert [base_language(tag) for tag in ("pt-BR", "zh_Hans", "EN")] == ["pt", "zh", "en"]


@pytest.mark.parametrize(
    "text",
    [
        "What do I need to bring to the appointment if my passport is lost?",
        "Combien de temps faut-il pour avoir une réponse de la préfecture ?",
        "¿Cuánto tiempo tengo para pagar la tasa de mi visa?",
        "Was muss ich machen, wenn ich meinen Pass verloren habe?",
        "visa work permit",
        "passport renewal canada",
        "je suis lost",
    ],
)
def test_the_words_decide_alone_only_where_guesses_would_not_change_it(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = detect(text)
    detect.cache_clear()
    monkeypatch.setattr("core.languages._MOST_OF_GUESSES", float("inf"))
    assert detect(text) == told
    detect.cache_clear()
