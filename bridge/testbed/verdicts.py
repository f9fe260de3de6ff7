"""What a trade is expected to come to, and why: the vocabulary, and whether it came so."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, ValidationInfo

from bridge.causes import REASON_CODES, Cause, Explanation
from bridge.errors import quoted
from bridge.testbed.names import did_you_mean, fault

Expected: TypeAlias = Literal["settled", "aborted"]

ABORTING: Final = (
    *(Cause.SHORT_OF_CASH, Cause.SHORT_OF_SECURITIES, Cause.REFUSED, Cause.OBJECTED),
    *(Cause.DECLINED, Cause.CANCELLED, Cause.DEADLINE_PASSED, Cause.CLIENT_FROZEN),
)
"""The causes that an aborted trade can have; the others are waits."""

REASONS: Final = (
    *(cause.value for cause in ABORTING),
    *(REASON_CODES[cause] for cause in ABORTING if cause in REASON_CODES),
)


def _reason(text: str, info: ValidationInfo) -> str:
    if text not in REASONS:
        message = f"{quoted(text)} is neither a cause nor an ISO 20022 reason code of an abort"
        raise fault("E-SCENARIO-UNKNOWN-REASON", message, did_you_mean(text, REASONS))
    if info.data.get("expect") == "settled":
        raise fault("E-SCENARIO-REASON", "a trade that settles needs no reason", "leave it out")
    return text


Because: TypeAlias = Annotated[str, AfterValidator(_reason)]


def expectation(expect: Expected, because: str | None) -> str:
    """The expectation in one phrase."""
    return f"{expect}: {because}" if because else expect


def outcome(verdict: str, why: Explanation | None) -> str:
    """What happened in one phrase."""
    if why is None:
        return verdict
    code = f" [{why.reason_code}]" if why.reason_code else ""
    return f"{verdict}: {why.cause.value}{code}"


def is_met(expect: Expected, because: str | None, verdict: str, why: Explanation | None) -> bool:
    """Whether a trade came to what was expected, for the expected reason if one is given."""
    if verdict != expect or because is None:
        return verdict == expect
    return why is not None and because in (why.cause.value, why.reason_code)
