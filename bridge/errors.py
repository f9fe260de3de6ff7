"""Everything that Lockstep can tell a user, as one tree.

    LockstepError                 a stable code, one sentence, where, a hint
    |-- InputError                what was given is wrong                           exit 3
    |   |-- UsageError            a command line that cannot be run                 exit 2
    |   |-- ScenarioError         a scenario file
    |   |-- JournalError          a written journal
    |   |-- IdentifierError       an ISIN, LEI, BIC, UTI or address
    |   |-- AmountError           an amount, a price or a count
    |   `-- TermsError            a trade whose terms no contract would accept
    |-- EnvironmentFault          the machine is in the way: file, port, database   exit 4
    |   |-- EngineUnavailable     an engine that cannot be started or reached
    |   `-- OutboxFault           the relayer's outbox cannot be read or written
    |-- ProtocolError             a transition that the protocol does not have      exit 5
    |-- ProofError                a header, seal or receipt proof that does not hold exit 3
    |-- InternalError             our own mistake                                   exit 5
    |-- InvariantViolated         a safety rule is broken; evidence is written      exit 1
    |-- ExpectationFailed         a run ended otherwise than its scenario expects   exit 1
    |-- SafetyHalt                a light client froze unexpectedly                 exit 6
    |-- Interrupted               stopped by the user; the run can be resumed       exit 130
    `-- Faults                    several of the above, found in one go

Catch ``LockstepError``, never ``Exception``. Codes never change once released, so that scripts
and forms may rely on them; sentences may.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from types import TracebackType
from typing import ClassVar

from typing_extensions import override

QUOTE_MAX = 60


class ExitCode(IntEnum):
    """What ``main.py`` returns to the shell (design section 7)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BAD_INPUT = 3
    ENVIRONMENT = 4
    INTERNAL = 5
    SAFETY_HALT = 6
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a fault: a file, a line and column (from 1), a key such as ``trade[2].uti``."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    key: str | None = None

    @override
    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.key) if part)


NOWHERE = Where()


class LockstepError(Exception):
    """Base of everything that is told to a user; ``str()`` is one line."""

    prefix: ClassVar[str] = "E-"
    exit_code: ExitCode = ExitCode.INTERNAL

    def __init__(self, code: str, message: str, where: Where = NOWHERE, hint: str = "") -> None:
        if not code.startswith(self.prefix):
            raise ValueError(f"{code} is not a code of {type(self).__name__} ({self.prefix}...)")
        super().__init__(code, message, where, hint)
        self.code = code
        self.message = message
        self.where = where
        self.hint = hint

    @override
    def __str__(self) -> str:
        place = f"{self.where}: " if self.where != NOWHERE else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint} [{self.code}]"

    def as_dict(self) -> dict[str, str | int | None]:
        """The same for ``--json``, the desktop and JUnit."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "key": self.where.key,
            "hint": self.hint,
        }

    def at(self, where: Where) -> LockstepError:
        """The same error, told at another place: what a parser of a field lets its file add."""
        return type(self)(self.code, self.message, where, self.hint)


class InputError(LockstepError):
    """Something that was given is wrong; nothing of it has been taken over."""

    exit_code = ExitCode.BAD_INPUT


class UsageError(InputError):
    """A command line that cannot be run."""

    prefix = "E-USAGE-"
    exit_code = ExitCode.USAGE


class ScenarioError(InputError):
    """A scenario file that says something impossible or unknown."""

    prefix = "E-SCENARIO-"


class JournalError(InputError):
    """A written journal that no run can have written."""

    prefix = "E-JOURNAL-"


class IdentifierError(InputError):
    """An ISIN, LEI, BIC, UTI or address that is none."""

    prefix = "E-IDENTIFIER-"


class AmountError(InputError):
    """An amount, price or count that is none, or is out of range."""

    prefix = "E-AMOUNT-"


class TermsError(InputError):
    """Terms of a trade that no contract would accept."""

    prefix = "E-TERMS-"


class EnvironmentFault(LockstepError):
    """The machine is in the way: a file, a port, a database."""

    prefix = "E-ENVIRONMENT-"
    exit_code = ExitCode.ENVIRONMENT


class EngineUnavailable(EnvironmentFault):
    """An engine that cannot be started or reached."""

    prefix = "E-ENVIRONMENT-ENGINE-"


class OutboxFault(EnvironmentFault):
    """The relayer's outbox cannot be read or written; nothing was sent that is not stored."""

    prefix = "E-ENVIRONMENT-OUTBOX-"


class ProtocolError(LockstepError):
    """A transition that the protocol does not have was asked for; nothing happened."""

    prefix = "E-PROTOCOL-"


class ProofError(LockstepError):
    """A header, commit seal or receipt proof that does not hold."""

    prefix = "E-PROOF-"
    exit_code = ExitCode.BAD_INPUT


class InternalError(LockstepError):
    """Our own mistake: a state of the program that should be impossible."""

    prefix = "E-INTERNAL-"


class InvariantViolated(LockstepError):
    """A safety rule is broken; the evidence is in the journal."""

    prefix = "E-INVARIANT-"
    exit_code = ExitCode.FAILED


class ExpectationFailed(LockstepError):
    """A run ended otherwise than its scenario expects."""

    prefix = "E-EXPECTATION-"
    exit_code = ExitCode.FAILED


class SafetyHalt(LockstepError):
    """A light client saw two blocks at one height and froze, and the scenario did not expect it."""

    prefix = "E-HALT-"
    exit_code = ExitCode.SAFETY_HALT


class Interrupted(LockstepError):
    """Stopped by the user; the run can be resumed."""

    prefix = "E-INTERRUPTED-"
    exit_code = ExitCode.INTERRUPTED


class Faults(LockstepError):
    """Several errors found in one go; ``str()`` has a line for each, in order of finding."""

    def __init__(self, faults: tuple[LockstepError, ...]) -> None:
        if not faults:
            raise ValueError("no faults, no error")
        super().__init__("E-FAULTS", f"{len(faults)} faults")
        self.args = (faults,)
        self.faults = faults
        self.exit_code = max((fault.exit_code for fault in faults), key=_GRAVITY.index)

    @override
    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    @override
    def at(self, where: Where) -> Faults:
        """The same errors, with ``where`` for those that name no place."""
        return Faults(tuple(f.at(where) if f.where == NOWHERE else f for f in self.faults))


# From what the user can mend at once to what nobody expected.
_GRAVITY = (
    ExitCode.OK,
    ExitCode.INTERRUPTED,
    ExitCode.USAGE,
    ExitCode.BAD_INPUT,
    ExitCode.ENVIRONMENT,
    ExitCode.FAILED,
    ExitCode.SAFETY_HALT,
    ExitCode.INTERNAL,
)


class FaultCollector:
    """Gathers what is wrong with one file or form, so that all of it is told at once."""

    def __init__(self) -> None:
        self._faults: list[LockstepError] = []

    def add(self, fault: LockstepError) -> None:
        """Note a fault; a ``Faults`` is taken apart."""
        self._faults += fault.faults if isinstance(fault, Faults) else (fault,)

    def add_all(self, faults: Iterable[LockstepError]) -> None:
        """Note several faults."""
        for fault in faults:
            self.add(fault)

    @property
    def faults(self) -> tuple[LockstepError, ...]:
        """What was noted so far."""
        return tuple(self._faults)

    def collecting(self, where: Where = NOWHERE) -> _Collecting:
        """A ``with`` block whose error is noted; ``where`` is added if the error has none."""
        return _Collecting(self, where)

    def raise_any(self) -> None:
        """Raise the only fault, or ``Faults`` with all of them, or nothing."""
        if len(self._faults) == 1:
            raise self._faults[0]
        if self._faults:
            raise Faults(tuple(self._faults))


@dataclass(frozen=True, slots=True)
class _Collecting:
    """Swallows a LockstepError, and nothing else."""

    collector: FaultCollector
    where: Where

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, LockstepError):
            return False
        nowhere = error.where == NOWHERE
        self.collector.add(error.at(self.where) if nowhere else error)
        return True


def quoted(text: str) -> str:
    """User text made safe for one line of a message: no control or bidi characters, not endless."""
    shown = text if len(text) <= QUOTE_MAX else text[:QUOTE_MAX] + "..."
    return repr(shown)
