import pytest

from channels.reply_text import answer_in, text_of_html


@pytest.mark.parametrize(
    "tail",
    [
        "On Mon, 3 May 2026 at 10:00, Help desk <help@example.org> wrote:\n> May I work?\n>\n> Thanks",
        "On Mon, 3 May 2026 at 10:00, Help desk\n<help@example.org> wrote:\n\n> May I work?",
        "Le 3 mai 2026 à 10:00, Aide <help@example.org> a écrit :\n> Puis-je travailler ?",
        "Am 03.05.26 um 10:00 schrieb Hilfe:\n> Darf ich arbeiten?",
        "在 2026年5月3日 写道：\n> 我可以工作吗?",
        "> May I work?\r\n> Thanks\r\n",
        "-----Original Message-----\nFrom: Help desk\nMay I work?",
        "________________________________\nFrom: Help desk <help@example.org>\nSent: Monday\nMay I work?",
        "From: Help desk <help@example.org>\nSent: Monday, 3 May 2026\nTo: Ann\nSubject: Visa\n\nMay I work?",
        "Von: Hilfe <help@example.org>\nGesendet: Montag\nAn: Ann\nBetreff: Visum\n\nDarf ich?",
        "-- \nAnn\nCase officer",
    ],
)
def test_the_letter_that_was_answered_is_cut_off(tail: str) -> None:
    assert answer_in(f"Yes, you may.\n\nBring the form.\n\n{tail}") == "Yes, you may.\n\nBring the form."


@pytest.mark.parametrize(
    "text",
    [
        "You need two things:\n1. the form\n2. 100 EUR",
        "The rule of 2024 says:\nno work before the permit.",
        "> May I work?\nYes.\n> And study?\nThat too.",
        "To: do this, fill in the form.",
        "I looked at 3 May 2026:",
        "From: 3 May you may.",
    ],
)
def test_what_was_answered_stays_whole(text: str) -> None:
    assert answer_in(text) == text


def test_a_last_sentence_that_only_looks_like_an_attribution_stays_when_nothing_is_quoted() -> None:
    assert answer_in("Write to <a@b.org> on 3 May 2026:\n") == "Write to <a@b.org> on 3 May 2026:"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Yes.<br>Bring &lt;it&gt;.</p><p>Ann</p>", "Yes.\nBring <it>.\n\nAnn"),
        ("<div>Yes.</div><blockquote type='cite'>May I?</blockquote>", "Yes."),
        ("<div>Yes.</div><div id='divRplyFwdMsg'>From: x</div><div>May I?</div>", "Yes."),
        ("<script>alert(1)</script><title>t</title>Yes<!-- no -->.", "Yes."),
        ("", ""),
        ("<", "<"),
    ],
)
def test_html_is_read_as_a_person_sees_it(html: str, text: str) -> None:
    assert text_of_html(html) == text
