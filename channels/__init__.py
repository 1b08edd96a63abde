"""Out to people and back in: Slack, e-mail, Telegram, webhook, log."""
