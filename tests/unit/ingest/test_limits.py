from __future__ import annotations

from core.settings import Settings
from ingest.limits import ParseLimits


def test_limits_travel_to_the_child_as_they_were_set() -> None:
    limits = ParseLimits.of(Settings(parse_timeout_s=7, parse_memory_mb=600, max_pages=9, ocr_languages="eng+fra"))
    assert limits == ParseLimits(timeout_s=7, memory_mb=600, pages=9, ocr_languages="eng+fra")
    assert ParseLimits.decode(limits.encode()) == limits
