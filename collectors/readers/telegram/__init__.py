"""The public previews of Telegram channels."""
