"""Bad scenarios: each fault in place, with a stable code, all of them at once."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import ExitCode
from bridge.testbed.scenario_pages import FAULTS_MAX
from tests.support.documents import GOOD, changed, codes_of, faults_of

LEG = 'to = "buyer", amount = "10"'
DEEP = "[" * 100_000 + "]" * 100_000

SELLER = 'seller = { name = "Seller (fictional)"'
ABORTED = 'expect = "aborted"'

CHANGES = [
    (("schema = 1", "schema = 2"), "E-SCENARIO-CHOICE"),
    (('name = "small"', 'name = "a b"'), "E-SCENARIO-FORM"),
    (("about = ", "abuot = "), "E-SCENARIO-MISSING-KEY E-SCENARIO-UNKNOWN-KEY"),
    (('"One bond against sterling"', '""'), "E-SCENARIO-RANGE"),
    (('"One bond against sterling"', '"a\\u202eb"'), "E-SCENARIO-FORM"),
    (("01:30:00Z", "01:30:00"), "E-SCENARIO-START"),
    (("2026-11-02T01:30:00Z", "2026-11-02T01:30:00.5Z"), "E-SCENARIO-START"),
    (("2026-11-02T01:30:00Z", "1969-11-02T01:30:00Z"), "E-SCENARIO-START"),
    (("2026-11-02T01:30:00Z", '"tomorrow"'), "E-SCENARIO-TYPE"),
    (("schema = 1", "schema = 1\nseed = -1"), "E-SCENARIO-RANGE"),
    (("schema = 1", 'schema = 1\nseed = "abc"'), "E-SCENARIO-TYPE"),
    (("schema = 1", "schema = 1\nseed = 18446744073709551616"), "E-SCENARIO-RANGE"),
    (("schema = 1", "schema = 1\nseed = true"), "E-SCENARIO-TYPE"),
    (("chain_id = 310000", "chain_id = 0"), "E-SCENARIO-RANGE"),
    (("chain_id = 310000", "chain_id = 310000, validators = 3"), "E-SCENARIO-RANGE"),
    (("chain_id = 310000", "chain_id = 310000, validators = 33"), "E-SCENARIO-RANGE"),
    (("chain_id = 310000", 'chain_id = 310000, fees = "free"'), "E-SCENARIO-CHOICE"),
    (("finality_lag = 2", "finality_lag = -1"), "E-SCENARIO-RANGE"),
    (("finality_lag = 2", "finality_lag = 1.5"), "E-SCENARIO-TYPE"),
    (("440020", "310000"), "E-SCENARIO-CHAIN-ID-TWICE E-SCENARIO-CHAIN-ID-TWICE"),
    (('"GBP"', '"gbp"'), "E-SCENARIO-FORM"),
    (("minor_units = 2", "minor_units = 19"), "E-SCENARIO-RANGE"),
    (("minor_units = 2", "minor_units = 3"), "E-SCENARIO-MINOR-UNITS"),
    (("minor_units = 2", 'minor_units = "2"'), "E-SCENARIO-TYPE"),
    (('"GBP"', '"GBQ"'), "E-SCENARIO-UNKNOWN-CURRENCY"),
    (('"GBP"', '"JPY"'), "E-SCENARIO-MINOR-UNITS"),
    (('"GBP"', "826"), "E-SCENARIO-TYPE"),
    (('chain = "london"', 'chain = "lodnon"'), "E-SCENARIO-UNKNOWN-CHAIN"),
    (("CNLOCKSTEP16", "CNLOCKSTEP17"), "E-IDENTIFIER-ISIN-CHECK-DIGIT"),
    (("CNLOCKSTEP16", "cnlockstep16"), "E-IDENTIFIER-ISIN-FORM"),
    (('holding_limit = "1000"', 'holding_limit = "999"'), "E-SCENARIO-HOLDING-LIMIT"),
    (('policy = "late"', 'policy = "lazy"'), "E-SCENARIO-CHOICE"),
    (("delay_s = 5", "delay_s = -5"), "E-SCENARIO-RANGE"),
    (('chains = ["london"]', 'chains = ["paris"]'), "E-SCENARIO-UNKNOWN-CHAIN"),
    (('chains = ["london"]', 'chains = "london"'), "E-SCENARIO-TYPE"),
    (('participant = "seller"', 'participant = "local"'), "E-SCENARIO-PARTICIPANT-CHAIN"),
    (('participant = "seller"', 'participant = "nobody"'), "E-SCENARIO-UNKNOWN-PARTICIPANT"),
    ((SELLER, SELLER + ', lei = "LOCK00HUANGPU0000061"'), "E-IDENTIFIER-LEI-CHECK-DIGITS"),
    ((SELLER, SELLER + ', lei = "lock00huangpu0000060"'), "E-IDENTIFIER-LEI-FORM"),
    ((SELLER, SELLER + ", lei = 5"), "E-SCENARIO-TYPE"),
    ((SELLER, SELLER + ', bic = "LKHPCNS"'), "E-IDENTIFIER-BIC"),
    ((SELLER, SELLER + ', bic = "LKHP11SHXXX"'), "E-IDENTIFIER-BIC"),
    (("schema = 1", 'schema = 1\nidentifiers = "real"'), "E-SCENARIO-CHOICE"),
    (("DVP0001", "dvp0001"), "E-IDENTIFIER-UTI"),
    (("LOCK00HUANGPU0000060", "LOCK00HUANGPU0000061"), "E-IDENTIFIER-LEI-CHECK-DIGITS"),
    (('hub = "shanghai"', 'hub = "paris"'), "E-SCENARIO-UNKNOWN-CHAIN"),
    (("prepare_by_s = 30", "prepare_by_s = 0"), "E-SCENARIO-DEADLINE-PAST"),
    (("decide_by_s = 60", "decide_by_s = -1"), "E-SCENARIO-DEADLINE-PAST"),
    (("decide_by_s = 60", "decide_by_s = 29"), "E-SCENARIO-DEADLINE-ORDER"),
    (("decide_by_s = 60", "decide_by_s = 1793583060000"), "E-SCENARIO-RANGE"),
    (('expect = "aborted"', 'expect = "setled"'), "E-SCENARIO-CHOICE"),
    (('expect = "aborted"', ""), "E-SCENARIO-MISSING-KEY"),
    ((ABORTED, f'{ABORTED}\nbecause = "MONEY"'), "E-SCENARIO-UNKNOWN-REASON"),
    ((ABORTED, f'{ABORTED}\nbecause = "awaiting cash"'), "E-SCENARIO-UNKNOWN-REASON"),
    ((ABORTED, f"{ABORTED}\nbecause = 1"), "E-SCENARIO-TYPE"),
    ((ABORTED, 'expect = "settled"\nbecause = "MONY"'), "E-SCENARIO-REASON"),
    (('instrument = "BOND", from', 'instrument = "BNOD", from'), "E-SCENARIO-UNKNOWN-INSTRUMENT"),
    (('chain = "shanghai", instr', 'chain = "london", instr'), "E-SCENARIO-INSTRUMENT-CHAIN"),
    ((LEG, 'to = "seller", amount = "10"'), "E-SCENARIO-SAME-PARTY"),
    ((LEG, 'to = "local", amount = "10"'), "E-SCENARIO-PARTICIPANT-CHAIN"),
    ((LEG, 'to = "buyer", amount = 10'), "E-SCENARIO-AMOUNT-TEXT"),
    ((LEG, 'to = "buyer", amount = 1e999999'), "E-SCENARIO-AMOUNT-TEXT"),
    ((LEG, 'to = "buyer", amount = "0"'), "E-AMOUNT-RANGE"),
    ((LEG, 'to = "buyer", amount = "-1"'), "E-AMOUNT-FORM"),
    ((LEG, 'to = "buyer", amount = "1.5"'), "E-AMOUNT-DECIMALS"),
    ((LEG, 'to = "buyer", amount = "1e999999"'), "E-AMOUNT-FORM"),
    ((LEG, 'to = "buyer", amount = "１２"'), "E-AMOUNT-FORM"),
    ((LEG, f'to = "buyer", amount = "{2**84}"'), "E-AMOUNT-RANGE"),
    (("1000.00", f"{2**128}.00"), "E-AMOUNT-RANGE"),
    (("1000.00", "9" * 100_000), "E-AMOUNT-RANGE"),
]


@pytest.mark.parametrize(("change", "codes"), CHANGES, ids=lambda value: str(value)[:120])
def test_a_fault_has_its_code_and_its_line(change: tuple[str, str], codes: str) -> None:
    assert GOOD not in change
    faults = faults_of(changed(change))
    assert sorted(fault.code for fault in faults) == sorted(codes.split())
    for fault in faults:
        assert fault.where.file == "small.toml"
        assert fault.where.line or fault.where.key, str(fault)
        assert fault.exit_code == ExitCode.BAD_INPUT
        assert "\n" not in str(fault)
        assert "pydantic" not in str(fault).lower()


def test_the_good_scenario_has_no_fault() -> None:
    assert faults_of(GOOD) == ()


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_lines() -> None:
    text = changed(
        ("310000", "0"),
        ('"GBP"', '"gbp"'),
        ("CNLOCKSTEP16", "CNLOCKSTEP17"),
        ('policy = "late"', 'polcy = "late"'),
        ('"1000"', '"１２"'),
        ("prepare_by_s = 30", "prepare_by_s = -30"),
        ('instrument = "BOND", from = "seller"', 'instrument = "BNOD", from = "selller"'),
        ('amount = "1000.00"', 'amount = "1e999999"'),
    )
    faults = faults_of(text)
    lines = [fault.where.line or 0 for fault in faults]
    assert len(faults) == 9
    assert lines == sorted(lines)
    assert all(lines)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (('from = "seller"', 'from = "seler"'), "did you mean seller?"),
        (('hub = "shanghai"', 'hub = "Shanghai"'), "did you mean shanghai?"),
        (('"late"', '"Late"'), "did you mean late?"),
        (("decide_by_s", "decide_by"), "did you mean decide_by_s?"),
        (('instrument = "tGBP"', 'instrument = "TGBP"'), "did you mean tGBP?"),
        (("CNLOCKSTEP16", "CNLOCKSTEP17"), "it would be CNLOCKSTEP16"),
        (('"GBP"', '"CNH"'), "did you mean CNY?"),
        ((ABORTED, f'{ABORTED}\nbecause = "refuse"'), "did you mean refused?"),
    ],
)
def test_a_near_miss_gets_a_hint(change: tuple[str, str], hint: str) -> None:
    assert hint in [fault.hint for fault in faults_of(changed(change))]


def test_a_name_like_nothing_known_is_told_what_there_is() -> None:
    (fault,) = faults_of(changed(('hub = "shanghai"', 'hub = "zzz"')))
    assert fault.hint == "there is london, shanghai"


def test_a_bad_chain_is_not_blamed_on_what_uses_it() -> None:
    assert codes_of(changed(("310000", '"x"'))) == ["E-SCENARIO-TYPE"]


def test_two_trades_of_one_reference_are_refused_both() -> None:
    trade = GOOD[GOOD.index("[[trades]]") :]
    assert codes_of(GOOD + trade) == ["E-SCENARIO-REFERENCE-TWICE"] * 2


def test_two_positions_in_one_account_are_refused_both() -> None:
    position = GOOD[GOOD.index("[[positions]]") : GOOD.index("[[trades]]")]
    assert codes_of(GOOD + position) == ["E-SCENARIO-POSITION-TWICE"] * 2


def test_one_code_for_cash_and_a_security_is_refused() -> None:
    assert "E-SCENARIO-CODE-TWICE" in codes_of(changed(("[cash.tGBP]", "[cash.BOND]")))


def test_two_participants_of_one_lei_are_refused_both() -> None:
    lei = ', lei = "LOCK00HUANGPU0000060"'
    buyer = 'buyer = { name = "Buyer (fictional)"'
    text = changed((SELLER, SELLER + lei), (buyer, buyer + lei))
    assert codes_of(text) == ["E-SCENARIO-LEI-TWICE"] * 2
    assert codes_of(changed((SELLER, SELLER + lei))) == []


def test_nine_legs_are_too_many() -> None:
    leg = GOOD[GOOD.index("  { chain") : GOOD.index("]\n", GOOD.index("  { chain"))]
    assert codes_of(GOOD.replace(leg, leg * 4)) == []
    assert codes_of(GOOD.replace(leg, leg * 5)) == ["E-SCENARIO-RANGE"]


def test_a_trade_without_legs_is_refused() -> None:
    start = GOOD.index("legs = [")
    assert codes_of(GOOD[:start] + "legs = []\n") == ["E-SCENARIO-RANGE"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E-SCENARIO-EMPTY"),
        (b" \n\t\n", "E-SCENARIO-EMPTY"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "E-SCENARIO-ENCODING"),
        (GOOD.encode("utf-16"), "E-SCENARIO-ENCODING"),
        (b"\x7fELF\x02\x01\xff\xfe", "E-SCENARIO-ENCODING"),
        (b"\x00" * 64, "E-SCENARIO-SYNTAX"),
        (b"schema 1", "E-SCENARIO-SYNTAX"),
        (b'name = "never closed', "E-SCENARIO-SYNTAX"),
        (b"schema = 1\nschema = 1", "E-SCENARIO-SYNTAX"),
        (b"[chains]\n[chains]", "E-SCENARIO-SYNTAX"),
        (b"seed = " + b"9" * 5_000, "E-SCENARIO-SYNTAX"),
        (b"<html></html>", "E-SCENARIO-SYNTAX"),
        (b'{"name": "json"}', "E-SCENARIO-SYNTAX"),
        (f"legs = {DEEP}".encode(), "E-SCENARIO-DEPTH"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_toml_text_is_one_clear_line(content: bytes, code: str) -> None:
    started_s = time.process_time()
    (fault,) = faults_of(content)
    assert fault.code == code
    assert len(str(fault)) < 300
    assert time.process_time() - started_s < 1


def test_a_syntax_fault_has_line_and_column() -> None:
    (fault,) = faults_of(b"schema = 1\nname ?")
    assert (fault.where.line, fault.where.column) == (2, 6)


def test_a_file_of_nothing_but_faults_is_summed_up() -> None:
    text = "".join(f"key{number} = 1\n" for number in range(40_000))
    started_s = time.process_time()
    faults = faults_of(text)
    assert len(faults) == FAULTS_MAX + 1
    assert faults[-1].code == "E-SCENARIO-MANY"
    assert time.process_time() - started_s < 2


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 200_000) + " = 1",
        "[" + ".".join(["a"] * 200_000) + "]",
        "a = [" + "{}," * 300_000 + "]",
        "x = 0x" + "f" * 900_000,
        'name = "' + "x" * 900_000 + '"',
        "about = '''" + "\n" * 900_000 + "'''",
    ],
    ids=["dotted key", "dotted header", "many tables", "huge hex", "long text", "many lines"],
)
def test_a_large_hostile_text_is_refused_quickly(text: str) -> None:
    started_s = time.process_time()
    assert faults_of(text)
    assert time.process_time() - started_s < 2


@given(st.text(max_size=200))
def test_any_text_is_refused_with_typed_faults(text: str) -> None:
    assert faults_of(text)


@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_any_one_letter_change_is_taken_or_refused(place: int, letter: str) -> None:
    for fault in faults_of(GOOD[:place] + letter + GOOD[place + 1 :]):
        assert "\n" not in str(fault)
