"""A page in headless Chromium, and an answer that a test sends piece by piece."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = [
    "CHROMIUM", "CITATION", "SCRIPTED_CHAT", "asked", "axe_findings", "open_browser", "reply", "send",
    "viewport_overflow",
]  # fmt: skip

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SCRIPTED_CHAT = """
const real = window.fetch;
window.asked = [];
window.fetch = (path, options = {}) => {
  if (path !== "/chat") return real(path, options);
  window.asked.push({ ...JSON.parse(options.body), key: options.headers["Idempotency-Key"] });
  const body = new ReadableStream({
    start(stream) {
      const bytes = new TextEncoder();
      window.write = (text) => stream.enqueue(bytes.encode(text));
      window.hangUp = () => stream.error(new TypeError("network error"));
      options.signal.addEventListener("abort", () => stream.error(new DOMException("aborted", "AbortError")));
    },
  });
  return Promise.resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
};
"""
"""Answers POST /chat inside the page, so that a test decides what arrives and when."""

CITATION = {
    "id": 1,
    "document_id": "canada/fees.md",
    "version": "v1",
    "title": "Fees in Canada",
    "jurisdiction": "CA",
    "url": "https://www.canada.ca/fees",
    "page": 2,
    "section": ["Fees"],
    "start": 120,
    "end": 144,
    "quote": "The fee is 150 dollars.",
    "effective_from": None,
    "effective_to": None,
    "reviewed_on": "2026-10-03",
}


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def send(page: Page, event: str, data: object) -> None:
    """Lets one server-sent event arrive in a page that runs SCRIPTED_CHAT."""
    page.evaluate("text => window.write(text)", f"event: {event}\ndata: {json.dumps(data)}\n\n")


def asked(page: Page) -> list[dict[str, Any]]:
    """The bodies of the questions a page that runs SCRIPTED_CHAT has sent, each with its idempotency key."""
    page.wait_for_function("window.asked.length > 0")
    sent: list[dict[str, Any]] = page.evaluate("window.asked")
    return sent


HEADINGS = {
    "language": "en",
    "title": "No sure answer",
    "nearest": "The nearest question",
    "suggestions": "Did you mean one of these?",
    "next_steps": "What you can do next",
}


def reply(**changes: object) -> dict[str, object]:
    """An authoritative reply of one sentence, with `changes`."""
    return {
        "answer": "The fee is 150 dollars.",
        "sentences": [{"text": "The fee is 150 dollars.", "citations": [1]}],
        "citations": [CITATION],
        "abstained": False,
        "reason": None,
        "next_steps": [],
        "suggestions": [],
        "nearest": None,
        "headings": HEADINGS if changes.get("abstained") else None,
        "confidence": 0.8,
        "mode": "extractive",
        "warnings": [],
        "as_of": "2026-11-20",
        "model_version": None,
        "conversation_id": "c1",
        "turn_id": "t1",
        "user": None,
        **changes,
    }


def viewport_overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def axe_findings(page: Page) -> list[str]:
    """What a check for accessibility finds, each with the first element that it is found on."""
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]
