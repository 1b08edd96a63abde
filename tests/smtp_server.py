"""A local mail server that plays good and bad days, and a certificate of its own for it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["Certificate", "Mailbox", "make_certificate", "smtp_server"]

_NOTHING = "250 OK"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-made certificate for 127.0.0.1: the file to trust it by, and the server's side of it."""

    file: Path
    context: ssl.SSLContext


@dataclass(slots=True)
class Mailbox:
    """`port` on 127.0.0.1, and the mails that were taken, oldest first, with the addresses of their envelopes.

    `answers` are given in order at the end of a mail, "451 later", "hang" or "reset"; then every mail is taken.
    `rejects` answers a recipient in place of 250.
    """

    port: int
    answers: list[str] = field(default_factory=list)
    rejects: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


def make_certificate(folder: Path, *, host: str = "127.0.0.1") -> Certificate:
    """Make one that is valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server of tests")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    no_password = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    key_file.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return Certificate(file, context)


@contextmanager
def smtp_server(
    *answers: str,
    certificate: Certificate | None = None,
    implicit_tls: bool = False,
    password: str | None = None,
    greets: bool = True,
) -> Iterator[Mailbox]:
    """Serve until the block ends: plain, with STARTTLS where there is a certificate, or TLS from the first byte.

    With a `password`, a mail is only taken after signing in with it; without `greets` the server says nothing at all.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    mailbox = Mailbox(listener.getsockname()[1], list(answers))
    served = _Served(mailbox, certificate, implicit_tls, password, greets)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(
            served.protocol, sock=listener, ssl=certificate.context if certificate and implicit_tls else None
        )
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield mailbox
    finally:
        asyncio.run_coroutine_threadsafe(served.stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass(slots=True)
class _Served:
    mailbox: Mailbox
    certificate: Certificate | None
    implicit_tls: bool
    password: str | None
    greets: bool
    transports: list[asyncio.Transport] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def protocol(self) -> asyncio.Protocol:
        made = cast(asyncio.Protocol, self._smtp() if self.greets else _Silent())
        connected = made.connection_made

        def noting(transport: asyncio.BaseTransport) -> None:
            self.transports.append(cast(asyncio.Transport, transport))
            connected(transport)

        made.connection_made = noting  # type: ignore[method-assign]
        return made

    async def stop(self, server: asyncio.Server) -> None:
        self.stopping.set()
        server.close()
        for transport in self.transports:
            transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _ in range(3):  # until every aborted transport has heard of it
            await asyncio.sleep(0)

    def _smtp(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # it warns of signing in unencrypted, and counts TLS from the first byte as that
            return SMTP(
                self,
                hostname="mail.test",
                tls_context=self.certificate.context if self.certificate and not self.implicit_tls else None,
                auth_required=self.password is not None,
                auth_require_tls=False,
                authenticator=self._sign_in if self.password is not None else None,
                loop=asyncio.get_running_loop(),
            )

    def _sign_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        known = data.password.decode() == self.password
        self.mailbox.signed_in += [data.login.decode()] if known else []
        return AuthResult(success=known, handled=known)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.mailbox.rejects.get(address, _NOTHING)
        if answer == _NOTHING:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.mailbox.answers.pop(0) if self.mailbox.answers else _NOTHING
        if answer == "hang":
            await self.stopping.wait()
        if answer == "reset" and server.transport is not None:
            cast(asyncio.WriteTransport, server.transport).abort()
        if answer == _NOTHING:
            self._take(server, envelope)
        return answer

    def _take(self, server: SMTP, envelope: Envelope) -> None:
        content = envelope.content
        mail = message_from_bytes(content if isinstance(content, bytes) else str(content).encode(), policy=default)
        assert isinstance(mail, EmailMessage)
        self.mailbox.mails.append(mail)
        self.mailbox.envelopes.append((str(envelope.mail_from), tuple(envelope.rcpt_tos)))
        self.mailbox.encrypted.append(
            server.transport is not None and server.transport.get_extra_info("sslcontext") is not None
        )


class _Silent(asyncio.Protocol):
    """Takes the connection and says nothing."""
