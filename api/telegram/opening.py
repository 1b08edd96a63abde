"""The bot over the application's parts, where it is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.application import Application
    from api.telegram.service import TelegramService

__all__ = ["open_telegram_bot"]


def open_telegram_bot(built: Application) -> TelegramService | None:
    """Imported late: its client takes long, and few have it."""
    if not built.settings.telegram_bot:
        return None
    from api.telegram.parts import Parts
    from api.telegram.service import TelegramService
    from assistance.telegram_people import TelegramPeople

    parts = Parts(
        settings=built.settings, people=TelegramPeople(built.database), rates=built.rates,
        conversations=built.conversations, runner=built.runner, assistance=built.assistance,
        proposals=built.proposals, training=built.training, runs=built.training_runs, versions=built.versions,
        today=built.today,
    )  # fmt: skip
    return TelegramService(built.settings, built.database, parts)
