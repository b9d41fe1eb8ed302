"""``dateline config``."""

from __future__ import annotations

import click
import orjson
from pydantic import SecretStr

from streams import settings as settings_module


@click.command("config", short_help="Every setting with its value")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def command(*, as_json: bool) -> None:
    """Print every setting, the variable that sets it, and the value in force. Secrets are not shown.

    \b
    Example:
      DATELINE_SLOT=1 dateline config
    """
    settings = settings_module.load()
    values = {name: _plain(getattr(settings, name)) for name in type(settings).model_fields}
    if as_json:
        click.echo(orjson.dumps(values, option=orjson.OPT_INDENT_2).decode())
        return
    for name, field in type(settings).model_fields.items():
        shown = "" if values[name] is None else values[name]
        click.echo(f"DATELINE_{name.upper()}={shown}\n    {field.description}")


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return "********"
    return value if isinstance(value, int | float | str | None) else str(value)
