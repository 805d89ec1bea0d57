"""Settings, from the environment or .env. A wrong one stops the start with one line that names it and the fix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# What to write instead, per setting; .env.example says more.
FIXES = {
    "BOT_TOKEN": "paste the token that @BotFather gave you, like 123456789:AAE…",
    "DATABASE_URL": "use sqlite:///data/peakdrop.db or postgresql://user:password@host/name",
    "TELEGRAM_API_URL": "use scheme://host:port without a path, like https://api.telegram.org",
    "DEFAULT_TIMEZONE": "use an IANA name like Asia/Shanghai or Europe/Berlin",
    "DEFAULT_LANGUAGE": "use en or zh",
    "WEB_HOST": "use an address like 127.0.0.1 or 0.0.0.0",
    "WEB_PORT": "use a number from 1 to 65535",
    "PUBLIC_URL": "use the https:// address under which Telegram reaches this machine",
    "WEBHOOK_SECRET": "use 1 to 256 letters, digits, - or _ (and set PUBLIC_URL too)",
    "MANAGER_IDS": "use Telegram user ids separated by commas, like 12345,67890",
    "LOG_LEVEL": "use DEBUG, INFO, WARNING or ERROR",
}


class SettingsError(Exception):
    """A setting is wrong; the message is one line that names it and the fix."""


def _numbers(value: Any) -> Any:
    if isinstance(value, str):
        return frozenset(int(part) for part in value.replace(" ", ",").split(",") if part)
    return value


class Settings(BaseSettings):
    """Everything that can be set; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    bot_token: SecretStr | None = None
    database_url: str = "sqlite:///data/peakdrop.db"
    telegram_api_url: str = "https://api.telegram.org"
    default_timezone: str = "UTC"
    default_language: str = "en"
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=1, le=65535)
    public_url: str | None = None
    webhook_secret: SecretStr | None = None
    manager_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_numbers)] = frozenset()
    log_level: str = "INFO"

    @field_validator("bot_token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            number, _, secret = value.get_secret_value().partition(":")
            if not number.isdigit() or len(secret) < 10 or not secret.isascii() or "/" in secret:
                raise ValueError("not a bot token")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
            raise ValueError("not a database address")
        return value.replace("postgres://", "postgresql://", 1) if value.startswith("postgres://") else value

    @field_validator("telegram_api_url")
    @classmethod
    def _check_api(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("not scheme://host:port")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _check_public(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("not an address")
        return value.rstrip("/") if value else value

    @field_validator("default_timezone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("not a time zone")
        return value

    @field_validator("default_language")
    @classmethod
    def _check_language(cls, value: str) -> str:
        if value not in ("en", "zh"):
            raise ValueError("not a language of ours")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            text = value.get_secret_value()
            if not 1 <= len(text) <= 256 or not all(
                char.isascii() and (char.isalnum() or char in "-_") for char in text
            ):
                raise ValueError("not a secret that Telegram takes")
        return value

    @field_validator("log_level")
    @classmethod
    def _check_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("not a log level")
        return value.upper()

    @model_validator(mode="after")
    def _check_webhook(self) -> Settings:
        if self.webhook_secret is not None and self.public_url is None:
            raise ValueError("PUBLIC_URL")
        return self

    @property
    def token(self) -> str | None:
        """The bot's token in the clear."""
        return self.bot_token.get_secret_value() if self.bot_token else None


def load_settings(env_file: Path | None = None) -> Settings:
    """The settings in force. Raises SettingsError with one line that names the wrong one and the fix."""
    try:
        return Settings() if env_file is None else Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]).upper() if first["loc"] else "WEBHOOK_SECRET"
    if name == "WEBHOOK_SECRET" and not first["loc"]:
        return "PUBLIC_URL is missing: WEBHOOK_SECRET is set, so " + FIXES["PUBLIC_URL"] + " (or unset WEBHOOK_SECRET)."
    return f"{name} is wrong: {FIXES.get(name, 'see .env.example')}."
