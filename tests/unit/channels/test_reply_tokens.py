import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.reply_tokens import TOKEN_CHARS, ReplyTokens
from core.errors import Unauthenticated

TOKENS = ReplyTokens("k" * 32)
REQUEST = "6f0c6e0e-8f1d-4f4e-9a51-1f2d3c4b5a69"


@given(st.uuids())
def test_a_token_names_its_request_and_fits_before_the_at(request_id: uuid.UUID) -> None:
    for written in (str(request_id), request_id.hex):
        token = TOKENS.issue(written)
        assert TOKENS.read(token) == written
        assert len(token) == TOKEN_CHARS
        assert token.isalnum()


@pytest.mark.parametrize("request_id", ["1", "req-42", "é" * 8, "x" * 16])
def test_short_ids_of_other_kinds_fit_too(request_id: str) -> None:
    assert TOKENS.read(TOKENS.issue(request_id)) == request_id


@pytest.mark.parametrize("request_id", ["", "x" * 17])
def test_an_id_that_does_not_fit_is_refused(request_id: str) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        TOKENS.issue(request_id)


def test_mail_servers_may_change_the_case() -> None:
    assert TOKENS.read(TOKENS.issue(REQUEST).upper()) == REQUEST


def test_every_changed_character_is_noticed() -> None:
    token = TOKENS.issue(REQUEST)
    for place, character in enumerate(token[:-1]):
        forged = token[:place] + ("b" if character == "a" else "a") + token[place + 1 :]
        with pytest.raises(Unauthenticated):
            TOKENS.read(forged)


@given(st.text(max_size=80))
def test_nothing_else_is_a_token(text: str) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.read(text)


def test_a_token_of_another_key_is_forged() -> None:
    with pytest.raises(Unauthenticated, match="not one of ours"):
        TOKENS.read(ReplyTokens("j" * 32).issue(REQUEST))
