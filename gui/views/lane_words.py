"""The network for the ear, and for tooltips."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from gui.i18n import tr
from gui.models.scene import LaneScene, NetworkScene, PacketInFlight
from gui.views import block_tile
from gui.views.lane_cursor import BlockKey, Spot
from gui.views.lane_spots import LaneSpots
from gui.views.packet_tracks import keyed


def spot_words(scene: NetworkScene, spot: Spot) -> str:
    """A block or a packet in a sentence; empty when it is gone."""
    if not isinstance(spot, BlockKey):
        packet = keyed(scene.packets).get(spot)
        return "" if packet is None else packet_words(scene, packet)
    for lane in scene.lanes:
        for tile in lane.tiles:
            if BlockKey.of(tile) == spot:
                return block_tile.words(tile, lane)
    return ""


def network_words(scene: NetworkScene) -> str:
    """Each chain's head, then each packet."""
    chains = [_lane_words(lane) for lane in scene.lanes]
    return "\n".join([*chains, *(packet_words(scene, packet) for packet in scene.packets)])


def place_words(scene: NetworkScene | None, spots: LaneSpots, place: QPointF) -> str:
    """What is at a place on the screen; empty beside everything."""
    spot = spots.at(place)
    if spot is not None and scene is not None:
        return spot_words(scene, spot)
    for index, lane in enumerate(spots.layout.lanes):
        if spots.layout.head(index).contains(place):
            return f"{lane.title}: {lane.subtitle}"
    return ""


def waiting_words(waiting: int) -> str:
    """How many packets there is no room to show; empty for none."""
    match waiting:
        case 0:
            return ""
        case 1:
            return tr("1 more packet on its way")
        case _:
            return tr("{n} more packets on their way", n=waiting)


def packet_words(scene: NetworkScene, packet: PacketInFlight) -> str:
    """What is under way, and between which chains."""
    titles = {lane.chain: lane.title for lane in scene.lanes}
    return tr(
        "Packet {label} on its way from {source} to {destination}",
        label=packet.label,
        source=titles.get(packet.source, packet.source),
        destination=titles.get(packet.destination, packet.destination),
    )


def _lane_words(lane: LaneScene) -> str:
    if not lane.tiles:
        return tr("{chain} has no blocks yet", chain=lane.title)
    return block_tile.words(lane.tiles[-1], lane)
