"""What is counted about requests and their delivery; names and channels only, never a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

__all__ = [
    "ACCEPTED", "BAD_CHANNEL", "BAD_TOPICS", "DEAD", "FAILED", "REPLIES", "UPDATES_HANDLED_AT", "UPDATES_WAITING",
    "UPDATES_WAITING_AGE", "WAITING", "WAITING_AGE", "delivered",
]  # fmt: skip

ACCEPTED = Counter("assistance_requests_accepted", "Requests for a person that were stored.", ["topic"])
REPLIES = Counter("assistance_replies", "Answers of the staff.", ["channel"])
FAILED = Counter("assistance_deliveries_failed", "Attempts that failed for now.", ["channel"])
DEAD = Counter("assistance_deliveries_dead", "Deliveries that were given up.", ["channel"])
WAITING = Gauge("assistance_requests_waiting", "Requests that no channel has taken.")
WAITING_AGE = Gauge("assistance_oldest_waiting_seconds", "Age of the oldest of them.")
UPDATES_WAITING = Gauge("assistance_telegram_updates_waiting", "Updates of Telegram's that are not handled.")
UPDATES_WAITING_AGE = Gauge("assistance_telegram_oldest_update_seconds", "Age of the oldest of them.")
UPDATES_HANDLED_AT = Gauge("assistance_telegram_last_handled_timestamp_seconds", "When an update was last handled.")
BAD_TOPICS = Gauge("assistance_topics_bad", "1 while the file of topics is wrong and the last good one holds.")
BAD_CHANNEL = Gauge("assistance_channel_misconfigured", "1 while the settings of a channel are wrong.", ["channel"])
_DELIVERED = Counter("assistance_deliveries_delivered", "Messages that a channel took.", ["channel"])
_DELAY = Histogram(
    "assistance_delivery_delay_seconds", "From the acceptance of a request until a channel took it.", ["channel"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400),
)  # fmt: skip


def delivered(channel: str, waited_s: float | None) -> None:
    """Count a message that a channel took, and how long its request waited where it is the first one."""
    _DELIVERED.labels(channel).inc()
    if waited_s is not None:
        _DELAY.labels(channel).observe(waited_s)
