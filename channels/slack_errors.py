"""Slack's error words, told apart: for now, for good, or by the settings."""

from __future__ import annotations

from collections.abc import Mapping

from channels.answers import is_transient_status
from channels.errors import ChannelError, Misconfigured, Permanent, Transient
from core.retry_after import wait_s

__all__ = ["slack_error"]

# docs.slack.dev/reference/methods/chat.postMessage#errors
_FOR_NOW = frozenset(
    """ratelimited rate_limited message_limit_exceeded internal_error fatal_error service_unavailable request_timeout
    team_added_to_org accesslimited rollup_error""".split()
)
_BY_SETTINGS = frozenset(
    """not_authed invalid_auth account_inactive token_revoked token_expired no_permission missing_scope
    not_allowed_token_type org_login_required ekm_access_denied access_denied two_factor_setup_required
    invalid_token no_service no_team team_disabled no_active_hooks""".split()
)
_WHAT_TO_DO = {
    "channel_not_found": "check the channel in assistance.yaml; a private one needs the bot invited",
    "not_in_channel": "invite the bot into the channel",
    "is_archived": "name another channel in assistance.yaml",
    "channel_is_archived": "name another channel in assistance.yaml",
    "missing_scope": "give the bot the scope chat:write",
    "invalid_auth": "put a valid token into SLACK_TOKEN",
    "token_revoked": "put a valid token into SLACK_TOKEN",
    "no_service": "make the incoming webhook anew and put it into SLACK_WEBHOOK_URL",
}


def slack_error(status: int, word: str, headers: Mapping[str, str]) -> ChannelError:
    """The error for an HTTP status and Slack's word, which may be empty where the answer could not be read."""
    said = word if word.replace("_", "").isalnum() and len(word) <= 60 else ""
    wait = wait_s({name.lower(): value for name, value in headers.items()}.get("retry-after"))
    if said in _BY_SETTINGS:
        return Misconfigured(_sentence(said), reason=said)
    if said in _FOR_NOW or is_transient_status(status):
        return Transient(f"Slack asks to try later: {said or status}", retry_after_s=wait, reason=said or str(status))
    if status == 200 and not said:
        return Transient("Slack answered with something that cannot be read", reason="garbled")
    return Permanent(_sentence(said or str(status)), reason=said or str(status))


def _sentence(word: str) -> str:
    advice = _WHAT_TO_DO.get(word, "see its error list for what to do")
    return f"Slack refused the message: {word}; {advice}"
