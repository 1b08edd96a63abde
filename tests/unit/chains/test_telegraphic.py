import pytest

from chains.telegraphic import written_out


@pytest.mark.parametrize(
    ("keywords", "question"),
    [
        ("eta canada how much", "How much is eta canada?"),
        ("eta canada fee", "How much is eta canada?"),
        ("student visa for australia, how much is it?", "How much is student visa for australia?"),
        ("h1b what is the cost", "How much is h1b?"),
        ("eta canada validity", "How long is eta canada valid?"),
        ("esta how long valid", "How long is esta valid?"),
        ("uk visitor visa processing time", "How long does the decision on uk visitor visa take?"),
        ("study permit canada documents needed", "What documents are needed for study permit canada?"),
        ("work visa iceland: which papers", "What documents are needed for work visa iceland?"),
    ],
)
def test_keywords_with_what_is_asked_of_them_are_a_question(keywords: str, question: str) -> None:
    assert written_out(keywords) == question


@pytest.mark.parametrize(
    "text",
    [
        "How much is an eTA for Canada?",
        "how much",
        "and how long is it valid?",
        "I lost my documents. What documents are needed?",
        "lost documents",
        "who pays the visa fee",
        "refund visa fee",
        "student visa uk bank balance how much",
        "Est-ce que je peux traduire moi-même mes documents ?",
        "visa estudiante canadá",
        "",
    ],
)
def test_any_other_text_stays(text: str) -> None:
    assert written_out(text) == text
