"""A shelf gives back what was put on it, whether the disk takes it or not."""

from __future__ import annotations

import gc
import os
import tempfile
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains import shelf
from chains.shelf import Shelf

PARTS = st.lists(st.binary(max_size=300), max_size=8)


@given(st.lists(PARTS, max_size=20))
def test_every_place_keeps_its_parts(puts: list[list[bytes]]) -> None:
    one = Shelf()
    placed = []
    for parts in puts:
        placed.append((one.put(parts), parts))
        place, wanted = placed[len(placed) // 2]  # reading in between moves the file
        assert one.take(place) == wanted
    assert [(place, one.take(place)) for place, _ in placed] == placed


def test_places_count_from_zero() -> None:
    one = Shelf()
    assert [one.put([b"a"]), one.put([]), one.put([b"", b"b"])] == [0, 1, 2]
    with pytest.raises(LookupError):
        Shelf().take(0)


@pytest.mark.parametrize("room", [0, 1, 13, 40, 1000])
def test_what_a_full_disk_does_not_take_stays_in_memory(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    left = room
    write_at = shelf._write_at

    def full(file: IO[bytes], content: bytes, at: int) -> int:
        """As disks do: a part of it while there is room, then an error."""
        nonlocal left
        if not left:
            raise OSError(28, "No space left on device")
        taken = write_at(file, content[:left], at)
        left -= taken
        return taken

    monkeypatch.setattr(shelf, "_write_at", full)
    one = Shelf()
    puts = [[bytes([number]) * 20, b"", b"x"] for number in range(10)]
    places = [one.put(parts) for parts in puts]
    left = 10_000  # somebody made room
    places.append(one.put(puts[3]))
    assert [one.take(place) for place in places] == [*puts, puts[3]]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # pytest has threads
@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_process_reads_the_shelf_and_leaves_its_file_alone() -> None:
    one = Shelf()
    ours = [[bytes([number]) * 50] for number in range(20)]
    for parts in ours[:10]:
        one.put(parts)
    child = os.fork()
    if not child:  # what it puts is its own, and reading moves nothing
        theirs = [[b"theirs"] * number for number in range(5)]
        places = [one.put(parts) for parts in theirs]
        has_all = [one.take(place) for place in (*range(10), *places)] == [*ours[:10], *theirs]
        os._exit(0 if has_all else 1)
    _, status = os.waitpid(child, 0)
    for parts in ours[10:]:
        one.put(parts)
    assert status == 0
    assert [one.take(place) for place in range(20)] == ours


def test_no_folder_for_temporary_files_is_no_reason_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(buffering: int) -> IO[bytes]:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(shelf, "TemporaryFile", nowhere)
    one = Shelf()
    assert one.take(one.put([b"here", b"it is"])) == [b"here", b"it is"]


def test_the_file_goes_with_the_shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    whole = tempfile.TemporaryFile

    def kept(buffering: int) -> IO[bytes]:
        opened.append(whole(buffering=buffering))
        return opened[-1]

    monkeypatch.setattr(shelf, "TemporaryFile", kept)
    one = Shelf()
    one.put([b"something"])
    assert not opened[0].closed
    del one
    gc.collect()
    assert opened[0].closed
