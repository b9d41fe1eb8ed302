"""``dateline health``."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

import click

from streams import settings as settings_module
from streams.ops.addresses import location


@click.command("health", short_help="Whether a worker is alive and ready")
@click.option("--url", help="Address of the worker's operations port.")
@click.option("--timeout", type=float, default=5.0, show_default=True, help="Seconds to wait for an answer.")
def command(url: str | None, timeout: float) -> None:
    """Ask a worker's /livez and /readyz; exit with 1 when one says no or nobody answers.

    \b
    Example:
      dateline health --url http://127.0.0.1:6066
    """
    settings = settings_module.load()
    port = settings.web_port + settings.slot * settings.web_port_step
    base = url or f"http://{location(settings.web_bind, port)}"
    if not base.startswith(("http://", "https://")):
        raise click.BadParameter("must begin with http:// or https://", param_hint="--url")
    answers = [_ask(f"{base.rstrip('/')}/{path}", timeout) for path in ("livez", "readyz")]
    sys.exit(0 if all(answers) else 1)


def _ask(url: str, timeout: float) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310  (checked to be http)
            well, words = True, answer.read(200)
    except urllib.error.HTTPError as error:
        well, words = False, error.read(200)
    except OSError as error:
        well, words = False, str(error).encode()
    click.echo(f"{url}: {words.decode('utf-8', 'replace').strip()}")
    return well
