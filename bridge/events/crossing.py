"""What crosses between the chains: packets, headers, and what light clients make of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PacketRelayed:
    """A proof of one ``Announced`` log was submitted on ``destination``."""

    source: str
    destination: str
    height: int
    trade_ids: tuple[bytes, ...]
    proof_bytes: int = 0


@dataclass(frozen=True, slots=True)
class HeaderRelayed:
    """A sealed header of ``source`` was submitted to its light client on ``destination``."""

    source: str
    destination: str
    height: int
    header_bytes: int
    seals: int


@dataclass(frozen=True, slots=True)
class HeaderAccepted:
    """The light client on ``chain`` believes the header of ``source`` at ``height``."""

    chain: str
    source: str
    height: int
    block_hash: bytes


@dataclass(frozen=True, slots=True)
class ValidatorsChanged:
    """The light client on ``chain`` trusts another validator set of ``source`` from here on."""

    chain: str
    source: str
    height: int


@dataclass(frozen=True, slots=True)
class ClientFrozen:
    """Two identities at one height: the client proves nothing any more."""

    chain: str
    source: str
    height: int


@dataclass(frozen=True, slots=True)
class RelayerReported:
    """What the relayer cannot mend by trying again; an empty id means a whole link."""

    chain: str
    detail: str
    trade_id: bytes = b""
