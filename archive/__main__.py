"""python -m archive: publish the archive, serve it, tell what is new, check it, count it, back it up, withhold."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from archive.backup import BackupError, NothingToBackUp
from archive.clock import ClockError
from archive.commands import Command, alert, backup, check, export, notify, publish, restore, serve, stats, withhold
from archive.exits import BUSY, INTERRUPTED, NOBODY_READS, STORE_FAILED, WRONG_CONFIGURATION
from archive.exporting import ExportBusy, ExportError, WrongChoice
from archive.lock import Busy
from archive.publish import NoArchive, PublishBusy, PublishError
from archive.recovery import ArchiveInTheWay, NoBackup, RestoreError
from archive.store import StoreError
from archive.upgrading import UpgradeError
from archive.withholding import WithholdingError

COMMANDS: dict[str, Command] = {
    "publish": publish,
    "serve": serve,
    "alert": alert,
    "notify": notify,
    "check": check,
    "stats": stats,
    "withhold": withhold,
    "backup": backup,
    "restore": restore,
    "export": export,
}

# What an error means to a scheduler; the first that fits counts.
EXIT_CODES: tuple[tuple[tuple[type[Exception], ...], int], ...] = (
    ((PublishBusy, ExportBusy, Busy), BUSY),
    (
        (NoArchive, NothingToBackUp, ClockError, WithholdingError, NoBackup, ArchiveInTheWay, WrongChoice),
        WRONG_CONFIGURATION,
    ),
    ((PublishError, StoreError, UpgradeError, BackupError, RestoreError, ExportError), STORE_FAILED),
)


class _Parser(argparse.ArgumentParser):
    """A wrong command line is a wrong configuration: exit code 3, not argparse's 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_CONFIGURATION, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Exception as error:
        for kinds, code in EXIT_CODES:
            if isinstance(error, kinds):
                print(error, file=sys.stderr)
                return code
        raise


def _parser() -> argparse.ArgumentParser:
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--data-dir",
        type=Path,
        default=Path(os.environ.get("DATA_DIR") or "data"),
        help="where archive.db and published/ are (environment: DATA_DIR; default: data)",
    )
    parser = _Parser(prog="python -m archive", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        its_parser = commands.add_parser(name, parents=[shared], help=command.WHAT, description=command.WHAT)
        its_parser.set_defaults(run=command.run)
        command.add(its_parser)
    return parser


def _process() -> int:
    """main() as a process: whoever reads along may stop (`| head`), and Ctrl-C is no error to explain."""
    try:
        try:
            return main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return NOBODY_READS
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(_process())
