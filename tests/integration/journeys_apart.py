"""A way to draw for Hypothesis that never holds one journey through a living server against another."""

from __future__ import annotations

from random import Random

from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

__all__ = ["APART"]

APART = "apart"
"""The `backend` of `hypothesis.settings` that draws this way."""


class _Apart(HypothesisProvider):
    """Draws each journey from a seed of its own; the seeds follow from the one of the test.

    What a journey can do next hangs on what the server answered: a delivery that is sent again a second time is
    accepted (200) or refused (409), as the one before has left by then or not. Hypothesis takes a step for a function
    of what was drawn before it, varies journeys it has seen, and calls one that goes on differently inconsistent. Of
    what another backend draws it keeps no such record. A seed of its own keeps what one answer changes from changing
    the journeys after it.
    """

    def __init__(self, conjecturedata: ConjectureData | None, /) -> None:
        super().__init__(conjecturedata)
        if self._random is not None:
            self._random = Random(self._random.getrandbits(64))


AVAILABLE_PROVIDERS[APART] = _Apart
