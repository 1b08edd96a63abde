"""Certificates, though a checked address is dialled."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from ingest.fetch.addresses import AddressRules
from ingest.fetch.exchange import Exchange
from ingest.fetch.problems import PageRefused
from tests.integration.fetch.web import AGENT
from tests.web_server import Names, Page, Wires, site


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", str(key), "-out", str(cert), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


@pytest.mark.parametrize(("host", "is_trusted"), [("visa.example", True), ("other.example", False)])
def test_the_certificate_must_be_for_the_name_though_an_address_is_dialled(
    tmp_path: Path, host: str, is_trusted: bool
) -> None:
    key, cert = certificate(tmp_path, "visa.example")
    listening = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    listening.load_cert_chain(cert, key)
    with site(lambda plain: listening.wrap_socket(plain, server_side=True)) as played:
        played.shows("/a", Page(b"secured"))
        exchange = Exchange(
            AddressRules(resolve=Names()), user_agent=AGENT, timeout_s=5, connector=Wires(played.port),
            tls=lambda: ssl.create_default_context(cafile=str(cert)),
        )  # fmt: skip
        if is_trusted:
            assert exchange.get(f"https://{host}/a", headers={}, max_bytes=99).body == b"secured"
        else:
            with pytest.raises(PageRefused, match="CERTIFICATE_VERIFY_FAILED"):
                exchange.get(f"https://{host}/a", headers={}, max_bytes=99)
