"""Org files as Markdown: headings, lists, tables, blocks and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["org_markdown"]

_HEADING = re.compile(r"(\*{1,6})\s+(?:(?:TODO|DONE|NEXT|WAITING)\s+)?(?:\[#[A-Z]\]\s+)?(.*?)(?:\s+:[\w@#%:]+:)?\s*")
_BLOCK = re.compile(r"\s*#\+(begin|end)_(\w+)", re.IGNORECASE)
_KEYWORD = re.compile(r"\s*#\+(\w+):\s*(.*)")
_DRAWER = re.compile(r"\s*:(\w[\w-]*):\s*")
_PLANNING = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED):\s*[<\[]")
_RULE_OF_TABLE = re.compile(r"\s*\|[-+]+\|?\s*")
_LINK = re.compile(r"\[\[([^\]]+)\](?:\[([^\]]+)\])?\]")
_CODE = re.compile(r"(?<![\w=~])[=~](\S|\S.*?\S)[=~](?![\w=~])")
_BOLD = re.compile(r"(?<![\w*])\*(\S|\S.*?\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w/:])/(\S|\S.*?\S)/(?![\w/])")
_TERM = re.compile(r"(\s*[-+]\s+)(.+?)\s+::\s+")
_VERBATIM = ("src", "example", "export", "verse")
_SHOWN_KEYWORDS = ("title", "subtitle", "caption")


def org_markdown(text: str) -> str:
    """The content as Markdown; comments, drawers and settings leave."""
    return "\n".join(_lines(text.splitlines()))


def _lines(lines: list[str]) -> Iterator[str]:
    fenced = in_drawer = in_table = False
    for line in lines:
        block, drawer = _BLOCK.match(line), _DRAWER.fullmatch(line)
        if block and block[2].lower() in _VERBATIM:
            fenced = block[1].lower() == "begin"
            yield "```"
        elif fenced:
            yield line.strip("\n")
        elif drawer or in_drawer:
            in_drawer = bool(drawer) and drawer is not None and drawer[1].upper() != "END"
        elif not _is_hidden(line, block is not None):
            in_row = line.lstrip().startswith("|")
            yield from _content(line, begins_table=in_row and not in_table)
            in_table = in_row


def _is_hidden(line: str, is_block: bool) -> bool:
    is_comment = line.lstrip().startswith("# ") or line.strip() == "#"
    keyword = _KEYWORD.match(line)
    is_setting = keyword is not None and keyword[1].lower() not in _SHOWN_KEYWORDS
    return is_block or is_comment or is_setting or _PLANNING.match(line) is not None


def _content(line: str, *, begins_table: bool) -> Iterator[str]:
    heading, keyword = _HEADING.fullmatch(line), _KEYWORD.match(line)
    if heading:
        yield from ("", f"{'#' * len(heading[1])} {_inline(heading[2])}", "")
    elif keyword:
        yield from ("", f"# {keyword[2]}" if keyword[1].lower() == "title" else keyword[2], "")
    elif _RULE_OF_TABLE.fullmatch(line):
        return
    elif line.lstrip().startswith("|"):
        row = _inline(line.strip())
        yield from (["", row, re.sub(r"[^|]+", "---", row)] if begins_table else [row])
    else:
        yield _inline(_TERM.sub(r"\1\2: ", line))


def _inline(text: str) -> str:
    text = _LINK.sub(lambda match: match[2] or match[1], text)
    text = _BOLD.sub(r"**\1**", text)
    text = _ITALIC.sub(r"*\1*", text)
    return _CODE.sub(r"`\1`", text)
