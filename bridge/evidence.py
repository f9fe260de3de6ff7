"""The evidence that crossed between two chains about one trade, as a file that anybody can check.

A packet is self-contained but for what a reader has to believe beforehand: which validators the
receiving chain trusts, and which contract speaks for settlement on the sending one. Both stand in
it by name, so that a reader can compare them with what they know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bridge.errors import ProofError, Where, quoted
from bridge.model import Status

FILE_MAX: Final = 2**20
TEXT: Final = r"^[^\p{C}]*$"

Hex: TypeAlias = Annotated[str, Field(pattern=r"^0x(?:[0-9a-f]{2})*$", max_length=8194)]
Account: TypeAlias = Annotated[str, Field(pattern=r"^0x[0-9a-f]{40}$")]
Word: TypeAlias = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern=TEXT)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=2**53 - 1)]


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(_Piece):
    """One packet: a sealed header, a path to a receipt, and what its log says of some trades.

    ``header`` has its round and no seals: what validators sign. ``seals`` are r | s | v, one for
    each bit of ``bitmap``, in the order of the header's validators.
    """

    source: Name
    source_chain_id: Annotated[int, Field(ge=0, le=2**256 - 1)]
    destination: Name
    settlement: Account
    trusted_validators: tuple[Account, ...] = Field(min_length=1, max_length=32)
    height: Count
    block_hash: Word
    receipts_root: Word
    header: Hex
    bitmap: Annotated[int, Field(ge=0, lt=2**32)]
    seals: tuple[Hex, ...] = Field(max_length=32)
    tx_index: Annotated[int, Field(ge=0, lt=2**32)]
    log_index: Annotated[int, Field(ge=0, lt=2**32)]
    nodes: tuple[Hex, ...] = Field(max_length=64)
    trade_ids: tuple[Word, ...] = Field(min_length=1, max_length=32)
    statuses: tuple[Annotated[int, Field(ge=0, le=max(Status))], ...] = Field(max_length=32)


class EvidenceFile(_Piece):
    """All that crossed about one trade, oldest first."""

    lockstep_proof: Literal[1] = 1
    trade: Name
    trade_id: Word
    packets: tuple[Evidence, ...] = Field(min_length=1, max_length=64)

    def as_json(self) -> str:
        """The file's content."""
        return self.model_dump_json(indent=2) + "\n"


def read_evidence(path: Path) -> EvidenceFile:
    """Read a file that somebody gives. Raises ProofError for what is no such file."""
    where = Where(str(path))
    try:
        if not path.is_file():
            raise ProofError("E-PROOF-MISSING", "there is no proof file here", where)
        with path.open("rb") as stream:
            content = stream.read(FILE_MAX + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is no path"
        message = f"cannot be read: {str(reason).lower()}"
        raise ProofError("E-PROOF-UNREADABLE", message, where) from None
    if len(content) > FILE_MAX:
        raise ProofError("E-PROOF-LONG", f"more than {FILE_MAX} bytes are no proof", where)
    try:
        return EvidenceFile.model_validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        message = f"this is no proof file: {quoted(first['msg'])}"
        raise ProofError("E-PROOF-FILE", message, Where(str(path), key=key or None)) from None
