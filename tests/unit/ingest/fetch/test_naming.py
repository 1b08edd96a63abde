from __future__ import annotations

import pytest

from ingest.fetch.naming import canonical, file_stem


@pytest.mark.parametrize(
    ("address", "stem"),
    [
        ("https://www.gov.uk/skilled-worker-visa", "www.gov.uk/skilled-worker-visa"),
        ("https://www.gov.uk/skilled-worker-visa/your-job/", "www.gov.uk/skilled-worker-visa/your-job"),
        ("https://www.canada.ca/en/services/visit-canada.html", "www.canada.ca/en/services/visit-canada"),
        ("http://127.0.0.1:8080/a", "127.0.0.1_8080/a"),
        ("http://[2606:4700::1]/a", "2606-4700--1/a"),
    ],
)
def test_plain_addresses_keep_their_path(address: str, stem: str) -> None:
    assert file_stem(address) == stem


@pytest.mark.parametrize(
    "address",
    [
        "https://e.org/", "https://e.org/a?b=1", "https://e.org/a/%2e%2e/%2e%2e/etc", "https://e.org/.hidden",
        "https://e.org/a//b", "https://e.org/~$a", "https://e.org/a.html/b", "https://e.org/%00", "https://e.org/签证",
        f"https://e.org/{'x' * 500}", "https://e.org/a\\..\\b",
    ],
)  # fmt: skip
def test_other_addresses_get_a_safe_name_of_their_own(address: str) -> None:
    stem = file_stem(address)
    host, name = stem.split("/")
    assert host == "e.org"
    assert name.replace("-", "").isalnum()
    assert len(name) < 100
    assert stem != file_stem(address + "x")


@pytest.mark.parametrize("other", ["http://e.org/a", "https://www.e.org/a", "https://e.org/a/", "https://E.org/a"])
def test_scheme_www_and_a_trailing_slash_make_no_other_page(other: str) -> None:
    assert canonical(other) == canonical("https://e.org/a")


@pytest.mark.parametrize("other", ["https://e.org/b", "https://f.org/a", "https://e.org/a?b", "https://e.org/A"])
def test_host_path_and_query_do(other: str) -> None:
    assert canonical(other) != canonical("https://e.org/a")
