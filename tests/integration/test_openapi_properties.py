"""Whatever fits the interface's description is answered as it says, and never with a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.types import Scope
from tests.conftest import make_settings, served
from tests.integration.editors import editor_token
from tests.integration.training import RULES

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance, status_code_conformance]
EXAMPLES = 6
"""Of each operation: enough to meet a wrong type, an empty text and an unknown id; more are for `--hypothesis-seed`."""
BOUNDED = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server over one document, and a token for all of it."""
    folder: Path = tmp_path_factory.mktemp("properties") / "kb"
    folder.mkdir()
    (folder / "rules.md").write_text(RULES)
    data_dir = folder.parent / "data"
    with served(make_settings(data_dir, knowledge_base=folder)) as address:
        yield address, editor_token(data_dir, *Scope)


DESCRIBED = schemathesis.openapi.from_path(Path(__file__).parents[2] / "docs" / "openapi.json")
_FOUND = [found.ok() for found in DESCRIBED.get_all_operations() if not isinstance(found, Err)]
OPERATIONS = {f"{one.method.upper()} {one.path}": one for one in _FOUND}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_as_it_is_described(name: str, everything: tuple[str, str]) -> None:
    address, token = everything

    @BOUNDED
    @given(case=OPERATIONS[name].as_strategy())
    def answers(case: Any) -> None:
        response = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=120)
        case.validate_response(response, checks=CHECKS)

    answers()
