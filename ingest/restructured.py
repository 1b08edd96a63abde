"""reStructuredText as HTML; it can neither include another file nor pass HTML through."""

from __future__ import annotations

import re

__all__ = ["restructured_html"]

_INLINE = re.compile(r"</?(?:span|code|cite|tt)\b[^>]*>")  # a literal is cut into words, which lose what is between

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,  # mistakes of the markup are no content
    "halt_level": 5,
    "initial_header_level": 1,
    "doctitle_xform": False,
    "output_encoding": "unicode",
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "line_length_limit": 1_000_000,
}


def restructured_html(text: str) -> str:
    """The document as an HTML page."""
    from docutils.core import publish_doctree, publish_from_doctree
    from docutils.nodes import image

    document = publish_doctree(text, settings_overrides=_SETTINGS)
    for picture in document.findall(image):
        picture["loading"] = "link"  # "embed" would read the file, whatever the settings say
    page = str(publish_from_doctree(document, writer="html5", settings_overrides=_SETTINGS))
    return _INLINE.sub("", page)
