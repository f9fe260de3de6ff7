"""Peers that are driven from JavaScript: a script of ours does it, in a Node process of its own."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Latencies
from bench.peers.driving import PeerFailed
from bench.peers.installed import Peers

SCRIPTS = Path(__file__).resolve().parent
ON_HARDHAT, ON_ANVIL = SCRIPTS / "hardhat_htlc.mjs", SCRIPTS / "anvil_htlc.mjs"
AT_MOST_S = 600.0
TOLD_AT_MOST = 2_000  # characters of what it complained about


@dataclass(frozen=True, slots=True)
class ScriptTimes:
    """What the script measured; ``batched`` are sizes with settlements a second."""

    alone: tuple[Latencies, ...]
    batched: tuple[tuple[int, float], ...]
    aged: tuple[Latencies, ...]


def run_script(peers: Peers, script: Path, work: Mapping[str, object]) -> ScriptTimes:
    """Have a script do some work, see there. Raises PeerFailed."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "work.json")
        file.write_text(json.dumps(work), encoding="utf-8")
        try:
            done = subprocess.run(
                [peers.node, script, file],
                cwd=peers.folder,
                env={"HOME": home, "HARDHAT_DISABLE_TELEMETRY_PROMPT": "true"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=AT_MOST_S,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            complaint = error.stderr.decode(errors="replace")[-TOLD_AT_MOST:]
            raise PeerFailed(f"{script.name} ended with {error.returncode}: {complaint}") from error
        except subprocess.TimeoutExpired as error:
            raise PeerFailed(f"{script.name} took more than {AT_MOST_S:.0f} s") from error
    told = json.loads(done.stdout)
    return ScriptTimes(
        alone=_latencies(told["alone_ms"]),
        batched=tuple((size, per_s) for size, per_s in told["batched_per_s"]),
        aged=_latencies(told["aged_ms"]),
    )


def _latencies(tries_ms: Sequence[Sequence[float]]) -> tuple[Latencies, ...]:
    return tuple(Latencies(tuple(each_ms)) for each_ms in tries_ms)
