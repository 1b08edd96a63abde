"""Whoever follows the links of an answer comes to something that answers as it is described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput

from core.types import Scope
from tests.conftest import ROOT, make_settings, served
from tests.integration.editors import editor_token
from tests.integration.journeys_apart import APART
from tests.integration.test_openapi_properties import CHECKS
from tests.integration.training import ANSWER, QUESTION, RULES

JOURNEYS = settings(
    stateful_step_count=12, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck), backend=APART,
)  # fmt: skip

SENSIBLE: dict[str, dict[str, Any]] = {
    "POST /assistance": {"topic": "visa"},
    "POST /chat": {"question": QUESTION},
    "POST /training/examples": {"answer": ANSWER, "jurisdiction": "IS"},
}
IDS = frozenset({"conversation_id", "turn_id", "reply_id", "cites"})
CLASSES = count(1)
UPLOADS = frozenset({"POST /documents", "PUT /documents/{document_id}"})
PLACES = {
    "asking": (r"^/(chat|turns|conversations|feedback|assistance(/draft)?)$|^/(turns|conversations)/", 12, 9),
    "requests": (r"^/(assistance|training/examples/from-reply)", 12, 10),
    "examples": (r"^/training/examples(/[^/]*/(approve|edit|reject|revoke|undo|audit))?$", 20, 9),
    "keys and models": (r"^/(keys|models|training/runs)", 8, 6),
    "documents": (r"^/documents", 8, 4),
}
"""Operations that lead to each other, how many journeys a round makes, and how many different links have to arrive."""
ROUNDS = 8
"""Which links arrive hangs on what is drawn, so rounds with other seeds follow while too few of them did."""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server over one document, and a token for all of it."""
    folder: Path = tmp_path_factory.mktemp("links") / "kb"
    folder.mkdir()
    (folder / "rules.md").write_text(RULES)
    data_dir = folder.parent / "data"
    with served(make_settings(data_dir, knowledge_base=folder, allow_self_approval=True)) as address:
        yield address, editor_token(data_dir, *Scope)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_journeys_along_the_links_answer_as_they_are_described(name: str, everything: tuple[str, str]) -> None:
    paths, journeys, least = PLACES[name]
    address, token = everything
    described = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.json").include(path_regex=paths)
    described.config.generation.update(modes=[GenerationMode.POSITIVE])
    described.config.phases.stateful.inference.algorithms = []  # the declared links alone
    arrived: Counter[str] = Counter()

    class Journey(described.as_state_machine()):  # type: ignore[misc]
        uploads = count()

        def step(self, input: StepInput) -> StepOutput:
            _make_sensible(input)
            output: StepOutput = super().step(input)
            if input.transition is not None and input.is_applied:
                arrived[input.transition.id] += output.response.status_code < 300
            return output

        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            known = {"base_url": address, "headers": {"Authorization": f"Bearer {token}"}, "timeout": 120}
            if case.operation.label not in UPLOADS:
                return known
            case.body = NOT_SET
            return known | {"files": {"file": (f"guide-{next(self.uploads)}.md", RULES.encode())}}

        def validate_response(self, response: Response, case: Case[Any], **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    for number in range(ROUNDS):
        seed(number)(Journey).run(settings=settings(JOURNEYS, max_examples=journeys))
        if len(+arrived) >= least:
            break
    assert len(+arrived) >= least, arrived


def _make_sensible(step: StepInput) -> None:
    """Say what makes sense where a random word would be refused; what a link carried over stays."""
    case = step.case
    if not isinstance(case.body, dict):
        return
    carried = {name for _, name in step.applied_parameters}
    said: dict[str, Any] = {name: value for name, value in case.body.items() if name in carried or name not in IDS}
    if "turn_id" in carried and case.operation.label == "POST /assistance/draft":
        said.pop("question", None)
    if case.operation.label == "POST /training/examples":  # what waits already is refused a second time
        said["question"] = f"{QUESTION} In class {next(CLASSES)}?"
    case.body = said | SENSIBLE.get(case.operation.label, {})
