"""The one key behind local tokens and cookies."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from core.errors import ConfigurationError
from core.settings import Settings

__all__ = ["load_signing_key"]

_KEY_FILE = "signing.key"


def load_signing_key(settings: Settings) -> str:
    """The key of the settings, else the one in the data folder, which is made on first use, readable by its owner."""
    if settings.signing_key is not None:
        return settings.signing_key.get_secret_value()
    path = settings.data_dir / _KEY_FILE
    if not path.exists():
        _create_key(path)
    key = path.read_text().strip()
    if len(key) < 32:
        raise ConfigurationError(f"the signing key in {str(path)!r} is damaged; delete the file to make a new one")
    return key


def _create_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails where another process was first, whose key then holds
    except FileExistsError:
        pass
    finally:
        draft.unlink()
