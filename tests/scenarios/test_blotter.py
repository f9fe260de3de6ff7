"""A blotter's rows: the same checks as spelt-out trades, each fault at its line and column."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import ExitCode, Faults, LockstepError
from bridge.testbed.blotter import COLUMNS, ROWS_MAX, SIZE_MAX, parse_blotter
from bridge.testbed.scenario_file import load_scenario, parse_scenario
from bridge.testbed.scenario_pages import FAULTS_MAX
from tests.support.documents import GOOD

HEAD = GOOD[: GOOD.index("[[trades]]")].replace(
    'about = "One bond', 'blotter = "day.csv"\nabout = "One bond'
)
TRADES = GOOD[GOOD.index("[[trades]]") :]
HEADER = ",".join(COLUMNS)
LEI = "LOCK00HUANGPU0000060"


def row(number: int = 1, **fields: str) -> str:
    """A good row, with some of its fields changed."""
    values = {
        "uti": f"{LEI}CSV{number:05d}",
        "hub": "shanghai",
        "submit_at_s": "2",
        "prepare_by_s": "30",
        "decide_by_s": "60",
        "expect": "settled",
        "because": "",
        "seller": "seller",
        "buyer": "buyer",
        "instrument": "BOND",
        "quantity": "10",
        "cash": "tGBP",
        "payment": "1000.00",
        **fields,
    }
    return ",".join(values[name] for name in COLUMNS)


def written(folder: Path, *rows: str, header: str = HEADER, toml: str = HEAD) -> Path:
    """A scenario file with its blotter beside it."""
    (folder / "day.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    path = folder / "day.toml"
    path.write_text(toml, encoding="utf-8")
    return path


def faults_of(path: Path) -> tuple[LockstepError, ...]:
    """What is wrong with a scenario file and its blotter."""
    started_s = time.process_time()
    try:
        load_scenario(path)
    except Faults as faults:
        found: tuple[LockstepError, ...] = faults.faults
    except LockstepError as single:
        found = (single,)
    else:
        found = ()
    assert time.process_time() - started_s < 1
    for fault in found:
        assert "\n" not in str(fault)
        assert fault.exit_code == ExitCode.BAD_INPUT
    return found


def codes_of(path: Path) -> list[str]:
    return [fault.code for fault in faults_of(path)]


def test_a_row_is_a_delivery_leg_against_a_payment_leg(tmp_path: Path) -> None:
    (trade,) = load_scenario(written(tmp_path, row())).trades
    delivery, payment = trade.legs
    assert (delivery.chain, delivery.instrument, delivery.amount) == ("shanghai", "BOND", 10)
    assert (payment.chain, payment.sender, payment.amount) == ("london", "buyer", 100_000)
    assert (trade.submit_at_s, trade.decide_by_s, trade.expect) == (2, 60, "settled")
    assert trade.because is None


def test_a_row_means_what_the_same_trade_spelt_out_means(tmp_path: Path) -> None:
    from_rows = load_scenario(written(tmp_path, row(1, expect="aborted", because="MONY")))
    spelt = TRADES.replace("DVP0001", "CSV00001").replace(
        'expect = "aborted"', 'submit_at_s = 2\nexpect = "aborted"\nbecause = "MONY"'
    )
    plain = HEAD.replace('blotter = "day.csv"\n', "") + spelt
    assert from_rows == parse_scenario(plain.encode(), "spelt.toml")


def test_rows_come_after_the_trades_of_the_scenario_itself(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, row(), toml=HEAD + TRADES))
    assert [trade.reference[20:] for trade in scenario.trades] == ["DVP0001", "CSV00001"]


def test_columns_may_come_in_any_order_and_optional_ones_be_left_out(tmp_path: Path) -> None:
    names = [name for name in reversed(COLUMNS) if name not in ("because", "submit_at_s")]
    good = dict(zip(COLUMNS, row().split(","), strict=True))
    text = ",".join(good[name] for name in names)
    (trade,) = load_scenario(written(tmp_path, text, header=",".join(names))).trades
    assert (trade.submit_at_s, trade.legs[0].sender) == (1, "seller")


def test_quotes_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    quoted = ",".join(f'"{field}"' for field in row().split(","))
    text = f"\ufeff{HEADER}\r\n\r\n{quoted}\r\n"
    (tmp_path / "day.csv").write_bytes(text.encode())
    assert len(load_scenario(path).trades) == 1


ROWS = [
    ({"uti": "x"}, "E-IDENTIFIER-UTI", "uti"),
    ({"uti": f"{LEI[:-1]}1CSV1"}, "E-IDENTIFIER-LEI-CHECK-DIGITS", "uti"),
    ({"uti": ""}, "E-SCENARIO-MISSING-KEY", "uti"),
    ({"hub": "paris"}, "E-SCENARIO-UNKNOWN-CHAIN", "hub"),
    ({"submit_at_s": "-1"}, "E-SCENARIO-TYPE", "submit_at_s"),
    ({"submit_at_s": "1e9"}, "E-SCENARIO-TYPE", "submit_at_s"),
    ({"submit_at_s": "１"}, "E-SCENARIO-TYPE", "submit_at_s"),
    ({"submit_at_s": "999999"}, "E-SCENARIO-RANGE", "submit_at_s"),
    ({"prepare_by_s": "0"}, "E-SCENARIO-DEADLINE-PAST", "prepare_by_s"),
    ({"decide_by_s": "29"}, "E-SCENARIO-DEADLINE-ORDER", "decide_by_s"),
    ({"expect": "setled"}, "E-SCENARIO-CHOICE", "expect"),
    ({"because": "MONY"}, "E-SCENARIO-REASON", "because"),
    ({"expect": "aborted", "because": "MONEY"}, "E-SCENARIO-UNKNOWN-REASON", "because"),
    ({"seller": "selller"}, "E-SCENARIO-UNKNOWN-PARTICIPANT", "seller"),
    ({"buyer": "=cmd()"}, "E-SCENARIO-UNKNOWN-PARTICIPANT", "buyer"),
    ({"buyer": "local"}, "E-SCENARIO-PARTICIPANT-CHAIN", "buyer"),
    ({"buyer": "seller"}, "E-SCENARIO-SAME-PARTY", "buyer"),
    ({"instrument": "BNOD"}, "E-SCENARIO-UNKNOWN-INSTRUMENT", "instrument"),
    ({"cash": "tGBB"}, "E-SCENARIO-UNKNOWN-INSTRUMENT", "cash"),
    ({"quantity": "1.5"}, "E-AMOUNT-DECIMALS", "quantity"),
    ({"quantity": "0"}, "E-AMOUNT-RANGE", "quantity"),
    ({"quantity": "1e999999"}, "E-AMOUNT-FORM", "quantity"),
    ({"payment": "1000.001"}, "E-AMOUNT-DECIMALS", "payment"),
    ({"payment": "-5"}, "E-AMOUNT-FORM", "payment"),
    ({"payment": ""}, "E-SCENARIO-MISSING-KEY", "payment"),
]


@pytest.mark.parametrize(("fields", "code", "column"), ROWS, ids=lambda value: str(value)[:50])
def test_a_fault_in_a_row_has_its_line_and_column(
    tmp_path: Path, fields: dict[str, str], code: str, column: str
) -> None:
    (fault,) = faults_of(written(tmp_path, row(1), row(2, **fields)))
    before = row(2, **fields).split(",")[: COLUMNS.index(column)]
    assert fault.code == code
    assert fault.where.file == str(tmp_path / "day.csv")
    assert (fault.where.line, fault.where.key) == (3, column)
    if fields[column]:
        assert fault.where.column == sum(len(text) + 1 for text in before) + 1


def test_all_faults_of_all_rows_and_of_the_scenario_are_told_at_once(tmp_path: Path) -> None:
    toml = HEAD.replace("CNLOCKSTEP16", "CNLOCKSTEP17")
    rows = (row(1, hub="paris"), "too,few", row(3, quantity="0", cash="x"), row(4, seller='"'))
    faults = faults_of(written(tmp_path, *rows, toml=toml))
    assert [fault.where.line for fault in faults][1:] == [2, 3, 4, 4, 5]
    assert faults[0].code == "E-IDENTIFIER-ISIN-CHECK-DIGIT"
    assert faults[0].where.file == str(tmp_path / "day.toml")


def test_a_near_miss_in_a_row_gets_a_hint(tmp_path: Path) -> None:
    (fault,) = faults_of(written(tmp_path, row(buyer="byuer")))
    assert fault.hint == "did you mean buyer?"


def test_one_reference_in_a_row_and_in_the_scenario_is_refused_in_both(tmp_path: Path) -> None:
    twice = row(uti=f"{LEI}DVP0001")
    faults = faults_of(written(tmp_path, twice, toml=HEAD + TRADES))
    assert [fault.code for fault in faults] == ["E-SCENARIO-REFERENCE-TWICE"] * 2
    assert {Path(str(fault.where.file)).suffix for fault in faults} == {".toml", ".csv"}


HEADERS = {
    "misspelt": HEADER.replace("uti", "utl"),
    "twice": HEADER + ",uti",
    "empty": HEADER + ",",
    "missing": HEADER.replace(",payment", ""),
    "semicolons": HEADER.replace(",", ";"),
    "zeros": "\x00" * 20,
    "endless": "x" * 2000,
    "open quote": '"uti',
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_that_is_none_is_told_and_its_rows_are_not(tmp_path: Path, kind: str) -> None:
    faults = faults_of(written(tmp_path, row(hub="paris"), header=HEADERS[kind]))
    assert {fault.code for fault in faults} <= {"E-SCENARIO-COLUMN", "E-SCENARIO-ROW"}
    assert faults
    assert all(fault.where.line == 1 for fault in faults)


def test_a_misspelt_column_gets_a_hint(tmp_path: Path) -> None:
    faults = faults_of(written(tmp_path, row(), header=HEADER.replace("quantity", "quantitty")))
    assert "did you mean quantity?" in [fault.hint for fault in faults]


def test_a_blotter_without_rows_leaves_a_scenario_without_trades(tmp_path: Path) -> None:
    assert codes_of(written(tmp_path)) == ["E-SCENARIO-RANGE"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00", b"\x00\x01\xff"])
def test_a_blotter_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path)
    (tmp_path / "day.csv").write_bytes(content)
    (fault,) = faults_of(path)
    assert fault.code in ("E-SCENARIO-EMPTY", "E-SCENARIO-ENCODING")
    assert fault.where.file == str(tmp_path / "day.csv")


def test_too_many_rows_are_refused_quickly_and_as_many_as_allowed_are_taken(
    tmp_path: Path,
) -> None:
    rows = [row(number) for number in range(ROWS_MAX + 1)]
    assert codes_of(written(tmp_path, *rows)) == ["E-SCENARIO-SIZE"]
    path = written(tmp_path, *rows[:-1])
    assert len(load_scenario(path).trades) == ROWS_MAX


def test_a_blotter_of_nothing_but_faults_is_summed_up(tmp_path: Path) -> None:
    rows = [row(number, hub="x", seller="y", quantity="z") for number in range(5_000)]
    started_s = time.process_time()
    faults = None
    try:
        load_scenario(written(tmp_path, *rows))
    except Faults as found:
        faults = found.faults
    assert faults is not None
    assert len(faults) == FAULTS_MAX + 1
    assert time.process_time() - started_s < 2


def test_a_blotter_that_is_too_large_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    with (tmp_path / "day.csv").open("wb") as stream:
        stream.truncate(SIZE_MAX + 1)
    assert codes_of(path) == ["E-SCENARIO-SIZE"]


ELSEWHERE = ["/etc/passwd", "../day.csv", "sub/../../day.csv", "link.csv", "a\x00b", "x" * 5000]


@pytest.mark.parametrize("named", ELSEWHERE, ids=lambda value: value[:20])
def test_a_blotter_lies_in_its_scenarios_folder(tmp_path: Path, named: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "day.csv").write_text(f"{HEADER}\n{row()}\n")
    (folder / "link.csv").symlink_to(tmp_path / "day.csv")
    escaped = named.replace("\x00", "\\u0000")
    path = written(folder, row(), toml=HEAD.replace("day.csv", escaped))
    (fault,) = faults_of(path)
    assert fault.code in ("E-SCENARIO-BLOTTER-PATH", "E-SCENARIO-UNREADABLE")
    assert len(str(fault)) < 400


def test_a_blotter_may_lie_in_a_folder_below(tmp_path: Path) -> None:
    path = written(tmp_path, toml=HEAD.replace("day.csv", "sub/day.csv"))
    (tmp_path / "sub").mkdir()
    (tmp_path / "day.csv").rename(tmp_path / "sub" / "day.csv")
    (tmp_path / "sub" / "day.csv").write_text(f"{HEADER}\n{row()}\n")
    assert len(load_scenario(path).trades) == 1


@pytest.mark.parametrize("value", ["7", '["day.csv"]', "true", '""', '"."', '"none.csv"'])
def test_a_blotter_key_that_names_no_file_is_refused_at_its_line(
    tmp_path: Path, value: str
) -> None:
    path = written(tmp_path, toml=HEAD.replace('"day.csv"', value))
    (fault,) = faults_of(path)
    assert fault.code.startswith("E-SCENARIO-")
    assert fault.where.line == 3 or fault.where.file != str(path)


def test_a_pipe_as_a_blotter_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "day.csv").unlink()
    os.mkfifo(tmp_path / "day.csv")
    assert codes_of(path) == ["E-SCENARIO-NO-FILE"]


def test_a_scenario_without_a_file_has_no_folder_for_a_blotter() -> None:
    with pytest.raises(LockstepError) as caught:
        parse_scenario(HEAD.encode(), "text")
    assert caught.value.code == "E-SCENARIO-BLOTTER-PATH"


@given(st.text(max_size=120))
def test_any_text_as_a_row_is_taken_or_refused_with_typed_faults(text: str) -> None:
    content = f"{HEADER}\n{text}\n".encode(errors="replace")
    blotter = parse_blotter(content, "day.csv", {})
    assert len(blotter.trades) + len(blotter.faults) <= text.count("\n") + 1
    assert all("\n" not in str(fault) for fault in blotter.faults)
