"""What the painted views draw: plain, frozen pictures of one moment.

Nothing here knows Qt or the engine. Texts are ready to be shown, in the language of the moment; a
view adds only its own fixed captions. ``hue`` is a chain's identity: its place among the run's
chains. Identity colours never carry state, and state is never told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gui.i18n import mark, tr


class StepState(StrEnum):
    """How far a step has come; each state has a colour, a glyph and a word of its own."""

    PENDING = mark("pending")
    IN_FLIGHT = mark("in flight")
    HELD = mark("held")
    SETTLED = mark("settled")
    FAILED = mark("failed")

    @property
    def glyph(self) -> str:
        """What tells the state apart without any colour."""
        return _GLYPHS[self]

    @property
    def word(self) -> str:
        """The state in the language of the moment."""
        return tr(self.value)


_GLYPHS = {
    StepState.PENDING: "\u25cb",  # white circle
    StepState.IN_FLIGHT: "\u25ba",  # pointer
    StepState.HELD: "\u25c6",  # diamond
    StepState.SETTLED: "\u2713",  # check mark
    StepState.FAILED: "\u2717",  # ballot x
}


# --- the network ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BlockTile:
    """A block; solid when final, dashed when not, struck through when a reorganisation left it."""

    chain: str
    height: int
    hash_short: str
    tx_count: int
    is_final: bool
    is_ghost: bool = False


@dataclass(frozen=True, slots=True)
class LaneScene:
    """One chain's newest blocks, oldest first."""

    chain: str
    title: str
    subtitle: str
    head: int
    hue: int
    tiles: tuple[BlockTile, ...]


@dataclass(frozen=True, slots=True)
class PacketInFlight:
    """A packet on its way; ``progress`` goes from 0 (just sent) to 1 (included)."""

    source: str
    destination: str
    label: str
    progress: float
    trade_ids: tuple[str, ...]
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class RelayerScene:
    """The courier; ``lag`` is how many blocks behind its source its oldest packet is."""

    word: str
    state: StepState
    in_flight: int
    delivered: int
    lag: int


@dataclass(frozen=True, slots=True)
class NetworkScene:
    """All lanes in the order of the scenario, and what is between them."""

    lanes: tuple[LaneScene, ...]
    relayer: RelayerScene
    packets: tuple[PacketInFlight, ...]
    summary: str = ""


@dataclass(frozen=True, slots=True)
class BlockScene:
    """A block that someone looks into; ``trades`` are ids with labels, ``lines`` what it holds."""

    chain: str
    hash: str
    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    trades: tuple[tuple[str, str], ...]


# --- the selected trade ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LegTrack:
    """One leg's way: steps of (word, state), as many in each leg of a trade."""

    title: str
    subtitle: str
    chain: str
    hue: int
    steps: tuple[tuple[str, StepState], ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """A lifeline; ``hue`` is None for who is no chain."""

    key: str
    title: str
    subtitle: str
    hue: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """An arrow between two lifelines, or a note on one when ``source`` is ``target``.

    What happens at the same moment far enough apart shares a ``row``; ``time`` is "" for what is
    still to come.
    """

    row: int
    time: str
    source: str
    target: str
    text: str
    state: StepState


@dataclass(frozen=True, slots=True)
class FinalityMarker:
    """The line under ``row``: from here on the trade is decided for ever."""

    row: int
    text: str
    state: StepState


@dataclass(frozen=True, slots=True)
class SequenceScene:
    """A sequence diagram: lifelines from left to right, messages from top to bottom."""

    actors: tuple[Actor, ...] = ()
    messages: tuple[Message, ...] = ()
    finality: FinalityMarker | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return 1 + max((message.row for message in self.messages), default=-1)


@dataclass(frozen=True, slots=True)
class TradeScene:
    """The selected trade; ``why`` says in a sentence why it is not settled, or is empty."""

    trade_id: str
    label: str
    kind: str
    state: StepState
    state_word: str
    detail: str
    why: str
    tracks: tuple[LegTrack, ...]
    sequence: SequenceScene
