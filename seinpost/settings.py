"""What an installation can set, from `seinpost.toml` and `SEINPOST_…` environment variables (the environment wins).

Rooms never import this: the composition root reads it and hands plain values down.
Holds no secret, only where secrets lie.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from forwarding import answer_terms as answers
from pipeline.quality.rules import SHIPPED, Rule
from review_ui.staffing import StaffedHours, staffed_hours

PREFIX = "SEINPOST_"
FILE = "seinpost.toml"
# Read elsewhere, and no setting of an installation: the administrator for `setup`, which file to read, tracebacks.
NOT_SETTINGS = frozenset({"SEINPOST_ADMIN_URL", "SEINPOST_CONFIG", "SEINPOST_DEBUG"})

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsWrong(Exception):
    """A setting cannot be used; the message names it, not its value, for the value may be secret."""


class Settings(BaseSettings):
    """Every setting with its default. A name that is not here is refused, so a typing error is not silently ignored."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Path("var")
    """Where this installation keeps its database, keys and cursors."""
    keys: Path | None = None
    """The key folder; none means `keys` inside `data`. Keep it out of the ordinary backup."""
    models: Path | None = None
    """A folder with detection models; none means the ones that are shipped."""
    database_url: str | None = None
    """A PostgreSQL 15+ server; none means the embedded one. Passwords come from the key folder, not from here."""
    database_tls: bool = False
    """Whether the server is reached over TLS, its host name checked (sslmode=verify-full)."""
    database_tls_ca: Path | None = None
    """The authority that signed the server's certificate (PEM), and turns TLS on; none means this machine's own."""
    kafka: str | None = None
    """Kafka bootstrap servers, as host:port,host:port; none means the embedded road."""
    kafka_tls: bool = False
    """Whether the brokers are reached over TLS, host names checked. Any of the five below turns it on."""
    kafka_tls_ca: Path | None = None
    """The authority that signed the brokers' certificates (PEM); none means those that this machine trusts."""
    kafka_tls_certificate: Path | None = None
    """Our own certificate (PEM), for mutual TLS; its common name is the process' log-in."""
    kafka_tls_key: Path | None = None
    """The key of our certificate (PEM), readable by this user only."""
    kafka_username: str | None = None
    """The log-in of this process (SCRAM-SHA-512), such as seinpost-analyse."""
    kafka_password_file: Path | None = None
    """The file that holds its password."""

    base_url: str | None = None
    """The address people type, used in notices; none means http://host:port."""
    host: str = "127.0.0.1"
    port: Port = 8700

    smtp_host: str | None = None
    """Where notices are handed in; none means that no e-mail is sent."""
    smtp_port: Port = 25
    smtp_sender: str = "seinpost@localhost"
    smtp_starttls: bool = False
    smtp_username: str | None = None
    smtp_password_file: Path | None = None

    smtp_connections: Annotated[int, Field(ge=1, le=16)] = 8
    """How many connections to the mail server tell at the same time."""

    webhook_ca: Path | None = None
    """The authorities (PEM) that sign the certificates of partners' systems; none means those this machine trusts."""
    webhook_loopback: bool = False
    """For tests alone: whether a partner's system may be on this machine, on any port. Never in use."""

    police_excerpt: bool = False
    """Whether police recipients see an excerpt (off until the board decides, domain R5)."""

    staffed: str = "mon-fri 08:00-18:00"
    """When the team reads: `mon-fri 08:00-18:00, sat 10:00-14:00`, or `never`. Outside it every screen says so."""

    answer_terms: tuple[answers.Term, ...] = answers.SHIPPED
    """How long recipients may take to answer, by level; what the list leaves out stays as shipped."""

    tip_codes: bool = False
    """Whether whoever hands in a tip gets a code to follow it with, without an account."""

    second_readings: tuple[Rule, ...] = SHIPPED
    """Which rejections a second person reads, blind; the first rule that holds decides. An empty list: none."""

    unflagged_share: Annotated[float, Field(ge=0, le=1)] = 0.0005
    """Share of what is not flagged that is drawn for the blind sample; never more than 20 a day are kept."""

    golden_share: Annotated[float, Field(ge=0, le=0.2)] = 0.0
    """Invented cards with a known answer in the queue, as a share of what truly comes; 0 is none."""

    jetstream_url: str = "wss://jetstream2.us-east.bsky.network/subscribe"
    jetstream_dictionary: Path | None = None
    """Jetstream's zstd dictionary; none means that the stream is read uncompressed."""
    contact: str | None = None
    """An address or page of the people who run this, told to every source we read. A live source needs it."""

    metrics_port: Port | None = None
    """Where a worker shows its counters to a monitor, on `host`; none means nowhere. Each process needs its own."""
    stuck_seconds: Annotated[float, Field(ge=5)] = 60.0
    """A consumer that lags for so long without moving joins its group anew."""
    traces: str | None = None
    """An OpenTelemetry collector (OTLP over HTTP), http://host:4318; none means no traces. Needs the extra `otel`."""

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> Self:
        for one, other in (("kafka_username", "kafka_password_file"), ("kafka_tls_certificate", "kafka_tls_key")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                raise ValueError(f"{one} and {other} go together: set both or neither")
        return self

    @field_validator("staffed")
    @classmethod
    def _hours_can_be_read(cls, given: str) -> str:
        staffed_hours(given)
        return given

    @property
    def staffed_hours(self) -> StaffedHours:
        """When the team reads."""
        return staffed_hours(self.staffed)

    @property
    def address(self) -> str:
        """The address that notices link to."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def key_folder(self) -> Path:
        """Where the keys lie."""
        return self.keys or self.data / "keys"

    @property
    def places_folder(self) -> Path:
        """Where imported places are kept, on top of the shipped ones."""
        return self.data / "places"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file. No `.env` file: one place to look is enough."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=settings_file())


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as a child process reads them from its environment."""
    return {
        f"{PREFIX}{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.model_dump(mode="json").items()
        if value is not None
    }


def settings_file() -> Path:
    """The file that is read: `SEINPOST_CONFIG`, else `seinpost.toml` in the working folder."""
    return Path(os.environ.get("SEINPOST_CONFIG", FILE))


def load() -> Settings:
    """The settings of this installation. Raises `SettingsWrong` with one line that says what to mend."""
    if "SEINPOST_CONFIG" in os.environ and not settings_file().is_file():
        raise SettingsWrong("SEINPOST_CONFIG names a file that is not there")
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | NOT_SETTINGS
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise SettingsWrong(f"no such setting: {', '.join(unknown)}; see docs/reference/settings.md")
    try:
        return Settings()
    except ValidationError as wrong:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in wrong.errors())
        raise SettingsWrong(f"{settings_file()} or the environment is wrong: {faults}") from None
    except SettingsError as wrong:  # its message names the setting and not its value
        raise SettingsWrong(f"{wrong}; a list in the environment is written as JSON") from None
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsWrong(f"{settings_file()} is not TOML: {wrong}") from None
