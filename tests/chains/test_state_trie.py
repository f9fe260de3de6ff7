"""The sharing trie against py-trie, version by version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st
from trie import HexaryTrie

from chains.headers import EMPTY_TRIE_ROOT
from chains.keys import keccak
from chains.state_trie import Node, differences, find, path_of, root_hash, updated

Entry: TypeAlias = tuple[bytes, bytes]  # key, value
Root: TypeAlias = "Node[Entry] | None"

keys = st.integers(0, 400).map(lambda number: number.to_bytes(2, "big"))
values = st.one_of(st.none(), st.binary(min_size=1, max_size=40))
batches = st.lists(st.dictionaries(keys, values, max_size=12), min_size=1, max_size=8)


def apply(root: Root, batch: dict[bytes, bytes | None]) -> Root:
    changes: list[tuple[str, Entry | None]] = [
        (path_of(key), None if value is None else (key, value)) for key, value in batch.items()
    ]
    return updated(root, sorted(changes, key=lambda change: change[0]), value_of)


def value_of(entry: Entry) -> bytes:
    return entry[1]


def pairs(old: Root, new: Root) -> Iterator[tuple[Entry | None, Entry | None]]:
    found = differences(old, new)  # named, or mypy would take None for a value
    yield from found


def content(root: Root) -> dict[bytes, bytes]:
    return dict(entry for _, entry in differences(None, root) if entry is not None)


@given(batches)
def test_every_version_has_the_root_and_the_values_of_a_reference_trie(
    history: list[dict[bytes, bytes | None]],
) -> None:
    reference: Any = HexaryTrie({})
    expected: dict[bytes, bytes] = {}
    root: Root = None
    versions: list[tuple[Root, dict[bytes, bytes]]] = []
    for batch in history:
        for key, value in batch.items():
            if value is not None:
                reference[keccak(key)] = expected[key] = value
            elif expected.pop(key, None) is not None:
                reference.delete(keccak(key))
        root = apply(root, batch)
        assert root_hash(root) == reference.root_hash
        versions.append((root, dict(expected)))
    for version, then in versions:
        assert content(version) == then
        for key in history[0]:
            found = find(version, path_of(key))
            assert (found and found[1]) == then.get(key)


@given(batches)
def test_what_differs_between_two_versions_is_found_in_both_directions(
    history: list[dict[bytes, bytes | None]],
) -> None:
    versions: list[Root] = [None]
    for batch in history:
        versions.append(apply(versions[-1], batch))
    old, new = versions[len(versions) // 2], versions[-1]
    moved = content(old)
    for before, after in differences(old, new):
        if after is None:
            assert before is not None
            del moved[before[0]]
        else:
            moved[after[0]] = after[1]
    assert moved == content(new)
    assert {(before, after) for after, before in pairs(new, old)} == set(pairs(old, new))


def test_nothing_has_the_empty_root_and_differs_in_nothing() -> None:
    assert root_hash(None) == EMPTY_TRIE_ROOT
    assert list(pairs(None, None)) == []
    root = apply(None, {b"a": b"1"})
    assert list(pairs(root, root)) == []
    assert apply(root, {b"a": None}) is None


def test_an_update_shares_what_it_does_not_touch() -> None:
    root = apply(None, {bytes((number,)): b"value" for number in range(200)})
    changed = apply(root, {b"\x07": b"other"})
    before = {id(entry) for _, entry in differences(None, root)}
    after = {id(entry) for _, entry in differences(None, changed)}
    assert len(before & after) == 199
    assert [entry and entry[1] for entry in next(pairs(root, changed))] == [
        b"value",
        b"other",
    ]
