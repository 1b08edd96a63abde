from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.tokenise import content_terms, query_terms, terms


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I-485", "i485"),
        ("DS-160", "ds160"),
        ("N400", "n400"),
        ("I-129F", "i129f"),
        ("IMM 5710", "imm5710"),
        ("IMM-5710", "imm5710"),
        ("imm5710", "imm5710"),
        ("i485", "i485"),
        ("IMM5710E", "imm5710"),
        ("imm 5710e", "imm5710e"),
        ("subclass 482", "subclass482"),
    ],
)
def test_keeps_a_form_code_whole_however_it_is_written(text: str, code: str) -> None:
    assert code in terms(text)


def test_a_part_of_a_form_code_finds_it_too() -> None:
    assert "485" in terms("Form I-485")
    assert "imm" in terms("IMM5710")


@pytest.mark.parametrize("text", ["in 2026", "over 18", "since 2024", "for 10 days", "$ 1365"])
def test_a_number_after_a_common_word_is_no_form_code(text: str) -> None:
    assert all(term.isdigit() or term.isalpha() for term in terms(text))


@pytest.mark.parametrize("text", ["subclass 482", "482 visa", "Subclass-482 visa", "a 482"])
def test_a_subclass_is_found_by_its_number(text: str) -> None:
    assert "482" in terms(text)


@pytest.mark.parametrize(
    "written",
    ["$1,365", "1365", "1,365.00", "USD 1,365", "1365 dollars", "1 365", "1\u00a0365 $", "1.365 Euro", "1.365,00 €",
     "1'365", "۱۳۶۵", "१३६५", "１３６５"],
)  # fmt: skip
def test_an_amount_is_one_term_however_it_is_written(written: str) -> None:
    assert "1365" in terms(written)


@pytest.mark.parametrize("text", ["12 1234", "1 36", "2.5 365", "100.10"])
def test_numbers_side_by_side_are_not_one_amount(text: str) -> None:
    assert terms(text) == text.split()


def test_keeps_the_fraction_of_a_rate() -> None:
    assert terms("12.5%") == ["12.5"]


def test_folds_case_width_and_accents() -> None:
    assert terms("CAFÉ") == terms("cafe") == terms("ｃａｆé")


def test_stems_by_the_documents_language() -> None:
    assert terms("visas") == ["visa"]
    assert terms("estudiantes", "es") == terms("estudiante", "es")
    assert terms("Визы", "en") == terms("виза", "en")


def test_stop_words_stay_in() -> None:
    assert terms("the visa is for a student")[0] == "the"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("移民加拿大", ["移民", "民加", "加拿", "拿大"]),
        ("签", ["签"]),
        ("학생 비자", ["학생", "비자"]),
        ("ビザ", ["ビザ"]),
    ],
)
def test_writing_without_spaces_becomes_bigrams(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize("text", ["ฉันจะย้าย", "ຂ້ອຍ", "ខ្ញុំ", "ကျွန်တော်"])
def test_south_east_asian_scripts_become_bigrams(text: str) -> None:
    assert terms(text) == [first + second for first, second in zip(text, text[1:], strict=False)]


def test_indic_vowel_signs_do_not_cut_a_word() -> None:
    assert len(terms("मैं कनाडा कैसे जाऊँ?")) == 4


def test_a_question_is_stemmed_for_every_language_of_the_documents() -> None:
    assert query_terms("visas", ("en", "es")) == [("visa", "vis")]
    assert query_terms("I-485", ("en", "es"))[0] == ("i485",)


def test_content_terms_leave_function_words_out() -> None:
    assert content_terms("Do I need a visa for the United States?") == {"need", "visa", "unit", "state"}


def test_threads_may_stem_at_once() -> None:
    words = " ".join(f"applications{letter}" for letter in "abcdefgh") * 50
    expected = terms(words)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(terms, [words] * 40))


@pytest.mark.parametrize("text", ["You can't; it's the spouse's form_part.", "O’Brien’s re-entry 'visas'", "a.b/c ’s"])
def test_a_text_of_plain_words_has_the_same_terms_as_beside_others(text: str) -> None:
    assert terms(f"{text} é") == [*terms(text), "e"]


def test_nothing_gives_nothing() -> None:
    assert terms("  …!? ") == []


@pytest.mark.parametrize(
    "written",
    [
        "form imm 5710e, i-129f and n400 by 31.12.2026",
        "it's5 don'ts imm  5710 abcdefg-12 12th a_b 1'000 x1y2",
        "the officer's fee: 1,365.00 or 1 365 dollars (subclass 482), 90/180 days",
        "word-9word 5a 123 h-1b's",
    ],
)
def test_ascii_is_read_by_the_same_rules_as_every_other_text(written: str) -> None:
    assert terms(f"{written} é")[:-1] == terms(written)
    assert query_terms(f"{written} é")[:-1] == query_terms(written)
