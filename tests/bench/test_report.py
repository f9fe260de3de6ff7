"""What a benchmark tells: a table that is read back, and a picture that can be shown."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from bench import report
from bench.figures import Figures, Latencies
from bench.memory import Memory
from bench.restart import Restart
from bench.settlements import Measured

OURS = Figures.of("verified DvP on Lockstep", "", [Latencies((5.0, 4.0))], [(160, 900.0)])
OTHER = Figures.of("HTLC <somewhere>", "1.0", [Latencies((10.0, 8.0))], [(20, 300.0)])


def measured(*others: Figures, is_gas_unchanged: bool = True) -> Measured:
    return Measured(
        ours=OURS,
        alone_efficiency=(0.25,),
        batched_efficiency=(0.4, 0.5),
        unaudited_efficiency={"in batches, no auditor": (0.6,)},
        is_gas_unchanged=is_gas_unchanged,
        old_blocks=200,
        age={"alone": 1.01},
        standing={"alone, 10 open": 1.0},
        memory=Memory(10_000, 300_000_000, 1.0, 2.0, 3.0),
        restart=Restart(6_000, 6_000, 6_000, 9.5),
        commands={"dvp": 0.9},
        python="Python 3.11.2, GCC 12.2.0",
        others=list(others),
        left_out="" if others else "peers left out: none here",
    )


def shown(run: Measured) -> str:
    console = Console(width=160, record=True, file=StringIO())
    report.show(run, console)
    return console.export_text()


def test_ratios_are_ours_over_the_others() -> None:
    (row,) = [line for line in shown(measured(OTHER)).splitlines() if "2.00 x" in line]
    assert row.split("│")[1].strip() == "HTLC <somewhere> 1.0"
    assert row.split("│")[3].strip() == "3.00 x"


def test_age_is_told_of_as_many_blocks_as_there_were() -> None:
    assert "after 200 blocks" in shown(measured())


def test_it_is_told_which_python_took_the_time() -> None:
    assert "by Python 3.11.2, GCC 12.2.0" in shown(measured())


def test_without_peers_one_line_says_so() -> None:
    assert shown(measured()).rstrip().endswith("peers left out: none here")


def test_a_changed_gas_snapshot_spoils_the_efficiency_and_is_told() -> None:
    assert "unchanged" in shown(measured())
    assert "CHANGED" in shown(measured(is_gas_unchanged=False))


def test_page_and_picture_are_written_between_their_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, drawn = tmp_path / "page.md", tmp_path / "picture.svg"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr(report, "PICTURE", drawn)
    report.write(measured(OTHER))
    text = page.read_text()
    assert text.startswith(f"before\n{report.BEGIN}\n| who |")
    assert text.endswith(f"{report.END}\nafter\n")
    assert "old" not in text
    texts = [node.text for node in ElementTree.fromstring(drawn.read_text()).iter()]
    assert "HTLC <somewhere> 1.0" in texts
