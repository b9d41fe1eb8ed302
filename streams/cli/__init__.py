"""The command ``dateline``: one file for each command, loaded only when it is called."""

from __future__ import annotations

import importlib
import logging
import os
import sys

import click

from streams import __version__
from streams.errors import DatelineError
from streams.headers import printable

#: Each command, the module that holds it, and its line in the list.
COMMANDS = {
    "up": ("up", "Broker, workers and sample pages, in one process tree"),
    "worker": ("worker", "The agents, against the Kafka named in the settings"),
    "ingest": ("ingest", "Put pages onto pages.raw"),
    "parse": ("parse", "Documents of pages, as JSON Lines, without Kafka"),
    "code": ("code", "Events of pages or texts, as JSON Lines, without Kafka"),
    "tail": ("tail", "Events as they come"),
    "live": ("live", "The live page: events in a browser, as they come"),
    "archive": ("archive", "Keep topics in files, exactly as they are, and check such files"),
    "replay": ("replay", "Pages of the past through today's coder; planned first"),
    "diff": ("diff", "Compare the events of two runs"),
    "dead-letters": ("dead_letters", "List, show and redrive what could not be processed"),
    "verify": ("verify", "Account for every page: processed, seen, dead-lettered, lost"),
    "lexicon": ("lexicon", "Check the lexicon and the gazetteer, and your own additions"),
    "actors": ("actors", "Persons: what the stream teaches, and your own table of them"),
    "topics": ("topics", "Create and check the topics, list the rights on them"),
    "schemas": ("schemas", "Write and check the JSON Schemas"),
    "config": ("config", "Every setting with its value"),
    "health": ("health", "Whether a worker is alive and ready"),
}


class _Commands(click.Group):
    """Loads a command's module when it is asked for: start-up stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"streams.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dateline")
def root() -> None:
    """Dateline turns raw news pages into classified, structured events.

    Settings come from DATELINE_* environment variables: see `dateline config`.
    """


def main() -> None:
    """Run the command line: exit status 0 done, 1 something failed, 2 wrong use or a wrong setting."""
    # What a client library says of a broker that is not there, our own message says better.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    _warn_of_variables()
    try:
        root.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader has gone (`dateline tail | head`): not an error, but nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except DatelineError as error:
        click.echo(printable(f"dateline: {error}"), err=True)
        sys.exit(error.exit_status)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(printable(f"dateline: {where}{error.strerror or error}"), err=True)
        sys.exit(1)
    except Exception as error:
        # aiokafka is slow to load, so that a command which did not use it is not asked to.
        kafka = sys.modules.get("aiokafka.errors")
        if kafka is None or not isinstance(error, kafka.KafkaError):
            raise
        click.echo(printable(f"dateline: Kafka answers {error}"), err=True)
        sys.exit(1)


def _warn_of_variables() -> None:
    """Name variables that look like settings and are none: what was meant has its default then."""
    if not any(name.upper().startswith("DATELINE_") for name in os.environ):
        return
    from streams import settings  # noqa: PLC0415  (slow to load, which --help would wait for)

    for name in settings.unknown_variables(os.environ):
        click.echo(
            printable(f"dateline: {name} is no setting and does nothing; `dateline config` names them all"),
            err=True,
        )
