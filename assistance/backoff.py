"""How long to wait for a channel before another attempt, and when to leave it. No input or output."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Patience"]


@dataclass(frozen=True, slots=True)
class Patience:
    """All in seconds but `fallback_attempts`."""

    first_s: float = 2.0
    most_s: float = 300.0
    fallback_attempts: int = 5
    fallback_after_s: float = 600.0
    give_up_after_s: float = 48 * 3600.0

    def pause(self, attempts: int, *, chance: float, retry_after_s: float | None) -> timedelta:
        """After the `attempts`-th failure; `chance` in 0…1 spreads those that failed together.

        Half of it is fixed, so that no attempt follows at once ("equal jitter": Brooker, Exponential Backoff And
        Jitter, 2015). What the channel itself asks for is never cut short.
        """
        ceiling = min(self.most_s, self.first_s * 2.0 ** min(attempts - 1, 30))
        seconds = ceiling / 2 + chance * ceiling / 2
        return timedelta(seconds=max(seconds, retry_after_s or 0.0))

    def is_over(self, attempts: int, waited: timedelta, *, has_fallback: bool) -> bool:
        """Whether to leave a channel that failed `attempts` times over `waited`."""
        seconds = waited.total_seconds()
        if has_fallback:
            return attempts >= self.fallback_attempts or seconds >= self.fallback_after_s
        return seconds >= self.give_up_after_s
