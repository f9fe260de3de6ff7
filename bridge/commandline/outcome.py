"""How a command line ends: everything that a user can cause is one line and a code."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from bridge.commandline.app import app
from bridge.commandline.terminal import prepare_streams
from bridge.errors import (
    NOWHERE,
    EnvironmentFault,
    ExitCode,
    InternalError,
    Interrupted,
    LockstepError,
    UsageError,
    Where,
)
from bridge.testbed.bug_bundle import last_resort

NAMES: Final = ("main.py", "lockstep")
"""What the program may be called; shell completion belongs to the name."""


def outcome(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nobody sees a traceback."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    prepare_streams()
    code = int(ExitCode.INTERNAL)
    with last_resort:
        code = _outcome(list(arguments))
    if last_resort.bundle is not None:
        hint = f"please send {last_resort.bundle}"
        _told(InternalError("E-INTERNAL-UNFORESEEN", "Lockstep itself failed", hint=hint))
    return code


def _outcome(arguments: list[str]) -> int:
    called = Path(sys.argv[0]).name
    try:
        name = called if called in NAMES else NAMES[0]
        code = app(arguments, prog_name=name, standalone_mode=False)
        if code == ExitCode.INTERRUPTED:  # typer has swallowed the interrupt
            raise KeyboardInterrupt
        sys.stdout.flush()
        return int(code or 0)
    except typer.TyperException as error:
        message = error.format_message().replace(": Value error, ", ": ").removesuffix(".")
        return _told(UsageError("E-USAGE-COMMAND", message, hint="try --help"))
    except LockstepError as error:
        return _told(error)
    except KeyboardInterrupt:
        return _told(Interrupted("E-INTERRUPTED-COMMAND", "stopped"))
    except OSError as error:
        where = Where(file=str(error.filename)) if error.filename else NOWHERE
        reason = (error.strerror or str(error)).lower()
        return _told(EnvironmentFault("E-ENVIRONMENT-SYSTEM", reason, where))


def _told(error: LockstepError) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(error, file=sys.stderr)
    return int(error.exit_code)
