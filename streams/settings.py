"""Every setting: one class, read from ``DATELINE_*`` environment variables and checked at the start.

Times are seconds, sizes are bytes. ``dateline config`` prints the values in force.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from streams.errors import ConfigurationError

MIB = 1024 * 1024
#: Variables of that prefix that are no settings: of supervised workers, of deploy/kafka, of the tests.
_OTHERS = re.compile(
    r"DATELINE_(SUPERVISED|KAFKA_HOME|KAFKA_LOG_LEVEL|FAULTS|FAULTS_SEED|SOAK_MINUTES|REQUIRE_\w+)"
)


def _state_dir() -> Path:
    """Where state is kept unless told otherwise: the XDG state directory."""
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "dateline"


class Settings(BaseSettings):
    """What a worker or command needs to know."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="forbid")

    # Kafka
    brokers: str = Field("127.0.0.1:9092", description="Kafka bootstrap servers, separated by commas")
    topic_prefix: str = Field("", description="Put before every topic's name", pattern=r"^[a-zA-Z0-9._-]*$")
    group: str = Field("dateline", description="Consumer group", pattern=r"^[a-zA-Z0-9._-]+$")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to the brokers"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism, where the protocol has SASL"
    )
    sasl_username: str | None = Field(None, description="SASL user")
    sasl_password: SecretStr | None = Field(None, description="SASL password")
    sasl_token_file: Path | None = Field(
        None, description="File with the OAUTHBEARER token; read again for each connection"
    )
    ssl_cafile: Path | None = Field(None, description="Certificate authority; the system's when unset")
    ssl_certfile: Path | None = Field(None, description="Client certificate")
    ssl_keyfile: Path | None = Field(None, description="Key of the client certificate")
    ssl_key_password: SecretStr | None = Field(None, description="Password of that key, where it has one")
    connect_timeout: float = Field(
        60, gt=0, description="Give up reaching the broker after this many seconds"
    )
    session_timeout: float = Field(
        30, ge=6, le=60, description="Seconds until a silent worker loses its partitions"
    )
    commit_interval: float = Field(1.0, gt=0, description="Seconds between offset commits")

    # Process
    slot: int = Field(0, ge=0, description="Number of this worker; its group id is static: <group>-<slot>")
    workers: int = Field(1, ge=1, le=64, description="Worker processes that `dateline up` starts")
    compute_processes: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        description="Processes that compute, for each worker; one a core unless set",
    )
    data_dir: Path = Field(
        default_factory=_state_dir, description="Where tables and the embedded broker keep data"
    )
    web_bind: str = Field(
        "127.0.0.1", description="Address of /metrics, /livez and /readyz, and of the live page; IPv4 or IPv6"
    )
    web_port: int = Field(
        6066, ge=0, le=65535, description="Their port, of slot 0; slot n has port + n × step. 0: any free"
    )
    web_port_step: int = Field(
        1,
        ge=0,
        le=1,
        description="Added to the port for each slot; 0 where each has its own address",
    )
    live_port: int = Field(6060, ge=0, le=65535, description="Port of the live page. 0: any free")
    live_events: int = Field(10_000, ge=100, le=100_000, description="Events that the live page keeps")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="auto: console on a terminal")

    site_series: int = Field(
        50, ge=0, le=1000, description="Sites with metric series of their own; the rest are 'other'"
    )
    silent_after: float = Field(
        21_600.0, gt=0, description="Seconds without a readable page before a site counts as silent"
    )

    # Work
    page_max_bytes: int = Field(10 * MIB, gt=0, description="A larger page becomes a dead letter")
    page_deadline: float = Field(10.0, gt=0, description="Seconds a stage may compute on one record")
    compute_memory: int = Field(1024 * MIB, ge=512 * MIB, description="Memory cap of a compute process")
    page_batch: int = Field(16, ge=1, description="Pages taken at a time")
    document_batch: int = Field(256, ge=1, description="Documents taken at a time")
    batch_wait: float = Field(0.05, gt=0, description="Seconds to wait for a batch to fill")
    lexicon_dir: Path | None = Field(
        None, description="Folder with your own additions to the lexicon and the gazetteer"
    )
    # An entry counts to the end of its last day, so its topic (schemas/topics.yaml) keeps it for a day more:
    # one that is gone sooner is missing when a store is made again, and the document is emitted again.
    seen_days: int = Field(
        30,
        ge=1,
        le=59,
        description="Days a document is remembered as already emitted; the topic `seen` keeps entries for 60",
    )
    send_attempts: int = Field(8, ge=1, description="Tries to send a batch before the worker stops")
    dead_letter_count: int = Field(200, ge=1, description="The breaker needs at least this many dead letters")
    dead_letter_share: float = Field(
        0.5, gt=0, le=1, description="The breaker trips at this share of the last records"
    )

    def topic(self, name: str) -> str:
        """Return a topic's name with the prefix."""
        return f"{self.topic_prefix}{name}"

    @property
    def slot_dir(self) -> Path:
        """Return this worker's own directory: table stores cannot be shared."""
        return self.data_dir / f"{self.group}-{self.slot}"

    def ssl_context(self) -> ssl.SSLContext | None:
        """Return the TLS context, or None where the protocol has no TLS.

        Raises:
            ConfigurationError: a certificate or key cannot be read.
        """
        if "SSL" not in self.security_protocol:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ssl_cafile)
            if self.ssl_certfile:
                # Without a function OpenSSL would ask a terminal for a password that is not set.
                context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile, self._key_password)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(f"TLS certificate or key cannot be loaded: {error}") from error
        return context

    def _key_password(self) -> str:
        return self.ssl_key_password.get_secret_value() if self.ssl_key_password else ""

    @property
    def sasl(self) -> tuple[str, str] | Path | None:
        """Return user and password, or the file of the token; None where the protocol has no SASL.

        Raises:
            ConfigurationError: the protocol has SASL, but what its mechanism needs is not set.
        """
        if not self.security_protocol.startswith("SASL"):
            return None
        if self.sasl_mechanism == "OAUTHBEARER":
            if self.sasl_token_file is None:
                raise ConfigurationError("SASL mechanism OAUTHBEARER needs DATELINE_SASL_TOKEN_FILE")
            return self.sasl_token_file
        if not self.sasl_username or self.sasl_password is None:
            raise ConfigurationError(
                f"security protocol {self.security_protocol} needs DATELINE_SASL_USERNAME "
                "and DATELINE_SASL_PASSWORD"
            )
        return self.sasl_username, self.sasl_password.get_secret_value()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no output may show."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(
            v.get_secret_value() for v in values if isinstance(v, SecretStr) and v.get_secret_value()
        )


def load(**overrides: object) -> Settings:
    """Read the settings from the environment; overrides that are None leave it alone.

    Raises:
        ConfigurationError: a value is wrong; the message names the variable.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = (
            f"DATELINE_{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False)
        )
        raise ConfigurationError("; ".join(lines)) from error


def unknown_variables(environment: Iterable[str]) -> list[str]:
    """Return the names of an environment that begin like a setting and are none."""
    known = {f"DATELINE_{name.upper()}" for name in Settings.model_fields}
    return sorted(
        name
        for name in environment
        if (upper := name.upper()).startswith("DATELINE_")
        and upper not in known
        and not _OTHERS.fullmatch(upper)
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the settings as the environment variables that give them, for a child process."""
    environment = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is None:
            continue
        plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        environment[f"DATELINE_{name.upper()}"] = plain
    return environment
