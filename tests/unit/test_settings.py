"""Settings: read from the environment, refused when wrong, secrets kept."""

from __future__ import annotations

import pytest

from streams import settings
from streams.errors import ConfigurationError


def test_the_environment_sets_them_and_a_child_gets_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_BROKERS", "a:1,b:2")
    monkeypatch.setenv("DATELINE_SASL_PASSWORD", "hidden")
    first = settings.load(slot=3)
    assert (first.brokers, first.slot) == ("a:1,b:2", 3)
    assert "hidden" not in repr(first)
    for name, value in settings.as_environment(first).items():
        monkeypatch.setenv(name, value)
    assert settings.load() == first


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "99999"),
        ("SLOT", "-1"),
        ("TOPIC_PREFIX", "a b"),
        ("DEAD_LETTER_SHARE", "2"),
        ("SEEN_DAYS", "60"),
    ],
)
def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DATELINE_{name}", value)
    with pytest.raises(ConfigurationError, match=f"DATELINE_{name}"):
        settings.load()


def test_sasl_needs_a_user_and_a_password() -> None:
    with pytest.raises(ConfigurationError, match="DATELINE_SASL_USERNAME"):
        _ = settings.load(security_protocol="SASL_SSL").sasl
    secured = settings.load(security_protocol="SASL_SSL", sasl_username="u", sasl_password="p")  # noqa: S106  (no secret)
    assert secured.sasl == ("u", "p")
    assert secured.ssl_context() is not None
    assert settings.load().sasl is None
    assert settings.load().ssl_context() is None


def test_a_certificate_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigurationError, match="certificate"):
        settings.load(security_protocol="SSL", ssl_cafile="/nowhere.pem").ssl_context()
