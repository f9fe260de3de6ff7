"""Which packet travels where: a packet keeps its track until it has arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gui.models.scene import PacketInFlight

PacketKey: TypeAlias = tuple[str, str, str, tuple[str, ...], int]
"""All of a packet that does not change on its way, and which of equal ones it is."""


@dataclass(frozen=True, slots=True)
class Travel:
    """A packet with its key and its track."""

    key: PacketKey
    packet: PacketInFlight
    track: int


def keyed(packets: Iterable[PacketInFlight]) -> dict[PacketKey, PacketInFlight]:
    """The packets by what does not change about them."""
    seen: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    found: dict[PacketKey, PacketInFlight] = {}
    for packet in packets:
        same = (packet.source, packet.destination, packet.label, packet.trade_ids)
        found[(*same, seen[same])] = packet
        seen[same] += 1
    return found


class PacketTracks:
    """Hands out tracks, the lowest free one first, and takes them back."""

    def __init__(self) -> None:
        self._taken: dict[PacketKey, int] = {}

    def travels(self, packets: Iterable[PacketInFlight], tracks: int) -> tuple[Travel, ...]:
        """The packets that have a track; what is over waits for one."""
        present = keyed(packets)
        self._taken = self._kept(present, tracks)
        free = iter(sorted(set(range(tracks)) - set(self._taken.values())))
        for key in present:
            if key not in self._taken and (track := next(free, None)) is not None:
                self._taken[key] = track
        return tuple(
            Travel(key, packet, self._taken[key])
            for key, packet in present.items()
            if key in self._taken
        )

    def _kept(
        self, present: Mapping[PacketKey, PacketInFlight], tracks: int
    ) -> dict[PacketKey, int]:
        return {
            key: track for key, track in self._taken.items() if key in present and track < tracks
        }
