"""The run as JUnit XML, which every CI shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from evals.outcome import Outcome, Verdict

__all__ = ["write_junit"]

_SUITE = "evals"
_GATE = "gate"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_junit(path: Path, outcomes: Sequence[Outcome], failed: Sequence[str]) -> None:
    """One test case for the gate, and one for every case.

    Only the gate decides a build, so a case that is not correct is a skipped test that says why; one that could not be
    judged is an error.
    """
    broken = sum(outcome.verdict is Verdict.FAILED for outcome in outcomes)
    skipped = sum(outcome.verdict not in (Verdict.FAILED, Verdict.CORRECT) for outcome in outcomes)
    suite = ElementTree.Element(
        "testsuite", name=_SUITE, tests=str(len(outcomes) + 1), failures=str(int(bool(failed))), errors=str(broken),
        skipped=str(skipped), time=f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    )  # fmt: skip
    gate = ElementTree.SubElement(suite, "testcase", classname=_SUITE, name=_GATE, time="0")
    if failed:
        message = f"{len(failed)} bounds are not met"
        ElementTree.SubElement(gate, "failure", message=message).text = _printable("\n".join(failed))
    for outcome in outcomes:
        _add(suite, outcome)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _add(suite: ElementTree.Element, outcome: Outcome) -> None:
    group = f"{_SUITE}.{outcome.slices[0]}" if outcome.slices else _SUITE
    case = ElementTree.SubElement(suite, "testcase", classname=group, name=outcome.id, time=f"{outcome.seconds:.3f}")
    if outcome.verdict is Verdict.CORRECT:
        return
    kind = "error" if outcome.verdict is Verdict.FAILED else "skipped"
    ElementTree.SubElement(case, kind, message=_printable(f"{outcome.verdict}: {outcome.why}"))
    said = f"{outcome.question}\n\n{outcome.text}"
    ElementTree.SubElement(case, "system-out").text = _printable(said)


def _printable(text: str) -> str:
    """`text` without what XML 1.0 cannot hold: control characters, halves of surrogate pairs, non-characters."""
    return _UNPRINTABLE.sub("", text)
