"""The Telegram bot as a way in: what people write is read, carried out by the parts below and answered."""
