"""What a mail server said, told apart: for now, for good, or by the settings."""

from __future__ import annotations

import ssl

import aiosmtplib

from channels.errors import ChannelError, Misconfigured, Permanent, Transient

__all__ = ["smtp_error"]

_NEEDS_SIGN_IN = frozenset({530, 534, 535, 538})  # RFC 4954, section 6


def smtp_error(error: Exception) -> ChannelError:
    """The error for anything that aiosmtplib or the network raises."""
    certificate = _certificate_error(error)
    if certificate is not None:
        return Misconfigured(
            f"the mail server's certificate is not trusted: {certificate.verify_message}; "
            "check SMTP_HOST, or name its authority in SMTP_CA_FILE",
            reason="certificate",
        )
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _by_code(error.recipients[0].code, error.recipients[0].message)
        case aiosmtplib.SMTPResponseException():
            return _by_code(error.code, error.message, signing_in=isinstance(error, aiosmtplib.SMTPAuthenticationError))
        case aiosmtplib.SMTPTimeoutError():
            return Transient("the mail server did not answer in time", reason="timeout")
        case aiosmtplib.SMTPServerDisconnected() | aiosmtplib.SMTPConnectError() | OSError():
            return Transient(f"the mail server cannot be reached: {_line(str(error))}")
        case aiosmtplib.SMTPNotSupported():
            return Permanent(f"the mail server cannot take this message: {_line(str(error))}", reason="not_supported")
        case aiosmtplib.SMTPException():
            return Misconfigured(f"the mail server does not do what the settings ask: {_line(str(error))}")
        case _:
            return Permanent(f"the message does not make a mail: {_line(str(error))}", reason="bad_message")


def _by_code(code: int, said: str, *, signing_in: bool = False) -> ChannelError:
    sentence = f"the mail server said {code}: {_line(said)}"
    if not 200 <= code < 600:
        return Transient(f"the mail server answered with something that is not SMTP: {_line(said)}", reason="garbled")
    if 400 <= code < 500:
        return Transient(sentence, reason=str(code))
    if signing_in or code in _NEEDS_SIGN_IN:
        return Misconfigured(f"{sentence}; check SMTP_USERNAME and SMTP_PASSWORD", reason=str(code))
    return Permanent(sentence, reason=str(code))


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
