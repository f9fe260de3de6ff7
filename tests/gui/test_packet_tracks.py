from __future__ import annotations

from gui.views.packet_tracks import PacketTracks, keyed
from tests.support.painted_scenes import packet

ONE, TWO = packet(label="one"), packet(label="two")


def tracks_of(tracks: PacketTracks, *labels: str, room: int = 3) -> dict[str, int]:
    travels = tracks.travels([packet(label=each) for each in labels], room)
    return {travel.packet.label: travel.track for travel in travels}


def test_a_packet_keeps_its_track_when_another_arrives_before_it() -> None:
    tracks = PacketTracks()
    assert tracks_of(tracks, "one", "two") == {"one": 0, "two": 1}
    assert tracks_of(tracks, "two") == {"two": 1}
    assert tracks_of(tracks, "two", "three") == {"two": 1, "three": 0}


def test_a_packet_without_room_waits_until_a_track_is_free() -> None:
    tracks = PacketTracks()
    assert "two" not in tracks_of(tracks, "one", "two", room=1)
    assert tracks_of(tracks, "two", room=1) == {"two": 0}


def test_a_narrower_view_takes_back_tracks_it_no_longer_has() -> None:
    tracks = PacketTracks()
    tracks_of(tracks, "one", "two", "three")
    assert tracks_of(tracks, "one", "two", "three", room=2) == {"one": 0, "two": 1}


def test_equal_packets_are_two() -> None:
    assert len(keyed((ONE, ONE, TWO))) == 3


def test_progress_does_not_make_another_packet() -> None:
    assert keyed((packet(progress=0.1),)).keys() == keyed((packet(progress=0.9),)).keys()
