"""A block that someone looks into: when, how final, what is in it and of which trades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gui.i18n import tr
from gui.messages import sentence_of
from gui.models.amounts import clock_text, short_hash
from gui.models.facts import RunFacts
from gui.models.scene import BlockScene
from gui.models.tape import Tape
from gui.names import chain_name

STAGE: Final = frozenset({"deploy", "setup"})
MOST_LINES: Final = 8


def block_scene(
    run: RunFacts, tape: Tape, labels: Mapping[str, str], chain: str, hash_short: str
) -> BlockScene | None:
    """The newest block of a chain whose hash begins so; None when it is no longer kept."""
    found = (it for it in reversed(tape.blocks[chain]) if short_hash(it.hash) == hash_short)
    block = next(found, None)
    if block is None:
        return None
    inside = tape.inside.get(block.hash, [])
    told = [it for it in inside if it.text("purpose") not in STAGE]
    lines = [sentence_of(run, it, labels) for it in told]
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES + 1
        lines[MOST_LINES - 1 :] = [tr("and {count} more", count=rest)]
    if len(told) < len(inside):
        lines.append(tr("{count} that set the stage", count=len(inside) - len(told)))
    ids = dict.fromkeys(each for it in told for each in it.trade_ids)
    if block.is_ghost:
        state = tr("undone by a reorganisation")
    else:
        state = tr("final") if block.height <= tape.sealed[chain] else tr("not final yet")
    return BlockScene(
        chain=chain,
        hash=block.hash,
        title=tr("{chain} block {height}", chain=chain_name(chain), height=f"{block.height:,}"),
        state=state,
        facts=(
            (tr("Hash"), f"0x{block.hash}"),
            (tr("Time"), f"{clock_text(run.epoch_s, block.at_ms)} UTC"),
            (tr("Transactions"), f"{block.transactions:,}"),
        ),
        lines=tuple(lines),
        trades=tuple((each, labels.get(each, short_hash(each))) for each in ids)[:MOST_LINES],
    )
