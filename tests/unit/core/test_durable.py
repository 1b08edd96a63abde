"""Where the durable engine keeps its records."""

from __future__ import annotations

import pytest

from core.durable import engine_schema

SERVER = "postgresql+psycopg://root@127.0.0.1/test"


@pytest.mark.parametrize(
    ("address", "schema"),
    [
        (SERVER, "dbos"),
        (f"{SERVER}?options=-csearch_path%3Dhelp_desk", "help_desk_dbos"),
        (f"{SERVER}?options=-c%20search_path%3D%22desk%22%2Cpublic", "desk_dbos"),
        (f"{SERVER}?options=-cstatement_timeout%3D5s", "dbos"),
        ("sqlite:///assistant.db", "dbos"),
    ],
)
def test_an_installation_in_a_schema_of_its_own_has_an_engine_of_its_own(address: str, schema: str) -> None:
    assert engine_schema(address) == schema
