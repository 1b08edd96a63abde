import pytest

from core.privacy import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ana.silva+visa@example.org today", "write to [email] today"),
        ("call +1 (416) 555-0199", "call [number]"),
        ("my receipt is IOE0912345678", "my receipt is [reference]"),
        ("key sk-abcdefgh12345678", "key [secret]"),
        ("at /bot123456789:AAE-a-token-of-a-bot-that-is-not/getMe", "at /[secret]/getMe"),
        ("at https://hooks.slack.com/services/T00/B00/abcdef", "at https://hooks.slack.com/[secret]"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La+/==", "[secret]"),
        ("Bearer eyJhbGciOi.eyJzdWIi.c2ln", "Bearer [token]"),
    ],
)
def test_masks_personal_data(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", ["90 days in 180 days", "form I-485", "CAD 1,365 in 2025", "subclass 482", "730 days"])
def test_leaves_rules_as_they_are(text: str) -> None:
    assert mask(text) == text
