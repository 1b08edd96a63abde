"""E-mail: over SMTP, encrypted, as text and HTML."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, cast

import aiosmtplib
from pydantic import SecretStr

from channels.email_errors import smtp_error
from channels.errors import Misconfigured
from channels.limits import Limits, is_loopback
from channels.mail import MailForm, address
from channels.messages import Channel, Message, Sent
from core.settings import Settings

__all__ = ["EmailChannel", "SmtpServer", "open_email"]

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_GOODBYE_S = 1.0


def open_email(settings: Settings) -> Channel | None:
    """E-mail where a server or a sender is set, else None."""
    if settings.smtp_host is None and settings.email_from is None:
        return None
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port or _PORTS[settings.smtp_security],
        security=settings.smtp_security,
        username=settings.smtp_username,
        password=settings.smtp_password,
        ca_file=settings.smtp_ca_file,
    )
    return EmailChannel(server, settings.email_from, settings.email_reply_to, limits=Limits.of(settings))


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over, and how."""

    host: str | None
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None

    def check(self, *, allow_plain: bool) -> None:
        if not self.host:
            raise Misconfigured("SMTP_HOST is missing; name the server that takes outgoing mail")
        if (self.username is None) != (self.password is None):
            raise Misconfigured("SMTP_USERNAME and SMTP_PASSWORD belong together; set both or neither")
        if self.security == "none" and not (allow_plain or is_loopback(self.host)):
            raise Misconfigured(
                f"SMTP_SECURITY=none would send people's words to {self.host!r} unencrypted; take starttls or tls"
            )
        self.trust()

    def trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise Misconfigured(f"SMTP_CA_FILE {str(self.ca_file)!r} holds no certificates: {error}") from error


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Hands each message to the mail server, on a connection of its own, for the address that `Message.to` names."""

    server: SmtpServer
    sender: str | None
    reply_to: str | None
    limits: Limits
    name: str = "email"

    def check(self) -> None:
        self.server.check(allow_plain=self.limits.allow_plain)
        self._form()

    async def send(self, message: Message) -> Sent:
        """The reference is the Message-ID."""
        self.check()
        mail = self._form().fill(message)
        async with self._connection() as client:
            await client.send_message(mail, sender=_bare(mail, "From"), recipients=[_bare(mail, "To")])
        return Sent(str(mail["Message-ID"]))

    def _form(self) -> MailForm:
        sender = address(self.sender, "EMAIL_FROM")
        reply_to = address(self.reply_to, "EMAIL_REPLY_TO", leave_room=True) if self.reply_to else None
        return MailForm(sender, reply_to)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        client = self._client()
        async with self.limits.whole("the mail server"):
            try:
                await client.connect()
                client.timeout = self.limits.total_s
                yield client
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                raise smtp_error(error) from error
            finally:
                await _leave(client)

    def _client(self) -> aiosmtplib.SMTP:
        server = self.server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self.limits.connect_s,
            username=server.username,
            password=server.password.get_secret_value() if server.password else None,
            local_hostname=address(self.sender, "EMAIL_FROM").domain,  # else the machine's name is looked up, at length
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=None if server.security == "none" else server.trust(),
        )


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye shortly; a mail that was taken stays taken, whatever comes of it."""
    transport = client.transport
    with suppress(aiosmtplib.SMTPException, OSError):
        if client.is_connected and not _cancelled():
            await client.quit(timeout=_GOODBYE_S)
    client.close()
    if transport is not None:
        cast(
            asyncio.WriteTransport, transport
        ).abort()  # closing TLS politely takes longer than an event loop for one message lives


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _bare(mail: EmailMessage, header: str) -> str:
    return str(mail[header].addresses[0].addr_spec)
