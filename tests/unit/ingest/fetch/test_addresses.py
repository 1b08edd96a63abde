from __future__ import annotations

import pytest

from ingest.fetch.addresses import AddressRules, is_public
from ingest.fetch.problems import PageProblem, PageRefused


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_addresses_of_the_open_internet_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "168.63.129.16", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_no_special_address_may_be_reached(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b::5db8:d822",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:5db8:d822::",
        "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "2606:4700::1111%eth0", "localhost", "", "1.2.3", "0x7f000001",
    ],
)  # fmt: skip
def test_no_ipv6_form_leads_around_it(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "ftp://example.org/a", "gopher://example.org/", "https:///nowhere", "//example.org/a",
        "http://user:secret@example.org/", "https://example.org:8443/", "http://example.org:22/",
        "https://example.org:80/", "http://exa\nmple.org/", "http://[::1/", "",
    ],
)  # fmt: skip
def test_other_schemes_ports_and_passwords_are_refused(address: str) -> None:
    with pytest.raises(PageRefused) as refused:
        AddressRules().check(address)
    assert refused.value.problem is PageProblem.FORBIDDEN_ADDRESS


@pytest.mark.parametrize("address", ["https://example.org/", "http://example.org:80/a?b=c", "https://example.org:443"])
def test_plain_web_addresses_are_tried(address: str) -> None:
    assert AddressRules().check(address).host == "example.org"


@pytest.mark.parametrize("answers", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["2606:4700::1111", "::1"], []])
def test_one_private_answer_among_public_ones_is_enough_to_refuse(answers: list[str]) -> None:
    rules = AddressRules(resolve=lambda host, port: answers)
    with pytest.raises(PageRefused) as refused:
        rules.ip_addresses("visa.example", 443)
    assert refused.value.problem is PageProblem.FORBIDDEN_ADDRESS


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "::1"])
def test_spellings_of_this_machine_are_seen_through(host: str) -> None:
    with pytest.raises(PageRefused):
        AddressRules().ip_addresses(host, 80)


def test_a_name_that_is_not_known_is_a_failure_that_may_pass() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    with pytest.raises(PageRefused) as refused:
        AddressRules(resolve=unknown).ip_addresses("visa.example", 443)
    assert refused.value.problem is PageProblem.FAILING
