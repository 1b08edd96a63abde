"""What an editor has to look at on a fetched page: a closed set, each with a sentence that says what to do."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PageProblem", "PageRefused"]


class PageProblem(StrEnum):
    """One word for programs; `sentence` says it to a person. The text that was fetched before stays in use."""

    BLOCKED_BY_ROBOTS = "blocked_by_robots"
    BUSY = "busy"
    FAILING = "failing"
    FORBIDDEN_ADDRESS = "forbidden_address"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    SHRUNK = "shrunk"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    VANISHED = "vanished"
    WITHDRAWN = "withdrawn"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]

    @property
    def needs_decision(self) -> bool:
        """Whether an editor accepts or refuses the new state; the others end by themselves at the next good answer."""
        return self in _DECISIONS


_DECISIONS = (PageProblem.REDIRECTED, PageProblem.SHRUNK, PageProblem.VANISHED, PageProblem.WITHDRAWN)

_SENTENCES = {
    PageProblem.BLOCKED_BY_ROBOTS: "The site's robots.txt does not allow this page; ask its owner, or list another.",
    PageProblem.BUSY: "The site asks to come back later; it is tried again then.",
    PageProblem.FAILING: "The site does not answer as it should; it is tried again later.",
    PageProblem.FORBIDDEN_ADDRESS: "The address leads where nothing is fetched from; give a public http(s) address.",
    PageProblem.REDIRECTED: "The page has moved; correct its address in sources.yaml, or accept the new place.",
    PageProblem.REFUSED: "The site does not show this page to programs; open it in a browser, or list another.",
    PageProblem.SHRUNK: "The page lost more than half of its words; compare it, then accept or refuse the new text.",
    PageProblem.TIMED_OUT: "The page took too long to arrive; it is tried again later.",
    PageProblem.TOO_LARGE: "The page is larger than FETCH_MAX_MB; raise it, or list a smaller page.",
    PageProblem.UNREADABLE: "No text was found on the page; open it, and list one that shows its text without scripts.",
    PageProblem.UNSUPPORTED: "The address gives neither a page nor a PDF; list one that does.",
    PageProblem.VANISHED: "The page is gone; find its new address, or accept that its text is removed.",
    PageProblem.WITHDRAWN: "The publisher has withdrawn the page; find what replaced it, or accept that it is kept.",
}


class PageRefused(Exception):
    """A page that was not taken. `retry_after_s`: how long its site asks to be left alone."""

    def __init__(self, problem: PageProblem, detail: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.sentence} ({detail})" if detail else problem.sentence)
        self.problem = problem
        self.detail = detail
        self.retry_after_s = retry_after_s
