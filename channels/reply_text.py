"""What somebody wrote in a mail, without the letter they answered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree, html  # type: ignore[import-untyped]

__all__ = ["answer_in", "text_of_html"]

_ORIGINAL = re.compile(
    r"^\s*(-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|message d'origine|message original|"
    r"mensaje original|mensagem original|исходное сообщение|оригінальне повідомлення|orijinal mesaj|原始邮件)\s*-{2,}|"
    r"_{20,})\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\*?(from|von|de|от|від|kimden|发件人|sent|gesendet|envoyé|enviado|отправлено|date|datum|fecha|data|дата|tarih|"
    r"to|an|à|para|кому|kime|subject|betreff|objet|asunto|assunto|тема|konu|主题|cc)\s*\*?\s*[:：]\*?\s*\S",
    re.IGNORECASE,
)
_ATTRIBUTION_LINES = 3
_QUOTING_CLASSES = ("gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote")
_QUOTING_IDS = ("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container")
_BLOCKS = frozenset("p div br li tr h1 h2 h3 h4 h5 h6 blockquote pre ul ol table section article".split())
_UNSEEN = frozenset("script style head title template".split())


def answer_in(text: str) -> str:
    """The text above what is quoted, without the signature. Quotes that are answered between the lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = lines[: _copied_letter(lines)]
    lines = lines[: _quoted_tail(lines)]
    lines = lines[: _signature(lines)]
    return "\n".join(lines).strip()


def text_of_html(source: str) -> str:
    """The words of an HTML mail a reader sees, without the parts that mail programs mark as quoted."""
    try:
        root = html.document_fromstring(source)
    except (etree.LxmlError, ValueError):
        return ""
    for element in [each for each in root.iter() if _is_quoted(each)]:
        _drop(element)
    words = "".join(_spoken(root)).replace("\xa0", " ")
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _copied_letter(lines: Sequence[str]) -> int:
    """Where a letter begins that was copied under the answer: its dividing line, or three of its headers in a row."""
    for number, line in enumerate(lines):
        if _ORIGINAL.match(line):
            return number
        if number and all(_HEADER.match(each) for each in lines[number : number + 3]) and number + 3 <= len(lines):
            return number
    return len(lines)


def _quoted_tail(lines: Sequence[str]) -> int:
    """Where the `>` lines begin that run to the end, with the line before that says who wrote them."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if not any(line.lstrip().startswith(">") for line in lines[end:]):
        return len(lines)
    return _attribution(lines, end)


def _attribution(lines: Sequence[str], end: int) -> int:
    """`On 3 May 2026, Ann <a@b.org> wrote:` in any language: ends with a colon and names a date or an address."""
    for start in range(end - 1, max(-1, end - 1 - _ATTRIBUTION_LINES), -1):
        said = " ".join(lines[start:end]).strip()
        if not said.endswith((":", "：")) or not lines[start].strip():
            return end
        if re.search(r"\d{1,4}\D+\d{1,4}|<[^<>@\s]+@[^<>@\s]+>", said) and _starts_paragraph(lines, start):
            return start
    return end


def _starts_paragraph(lines: Sequence[str], start: int) -> bool:
    return start == 0 or not lines[start - 1].strip()


def _signature(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.rstrip("\n") in ("-- ", "--")), len(lines))


def _is_quoted(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    classes = (element.get("class") or "").split()
    return (
        (element.tag == "blockquote" and element.get("type") == "cite")
        or any(name in classes for name in _QUOTING_CLASSES)
        or element.get("id") in _QUOTING_IDS
    )


def _drop(element: html.HtmlElement) -> None:
    """Outlook's mark only opens the quoted letter: what follows it goes too."""
    parent = element.getparent()
    if parent is None:
        return
    if element.get("id") in _QUOTING_IDS:
        for after in list(element.itersiblings()):
            parent.remove(after)
    element.drop_tree()


def _spoken(element: html.HtmlElement) -> list[str]:
    found: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        is_unseen = not isinstance(each.tag, str) or each.tag in _UNSEEN
        if event == "start":
            found.append("\n" if each.tag in _BLOCKS else "")
            found.append("" if is_unseen else each.text or "")
        else:
            found.append("\n" if each.tag in _BLOCKS and each.tag != "br" else "")
            found.append(each.tail or "")
    return found
