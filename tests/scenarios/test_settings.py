"""``--set key=value`` changes one place of a document, which is then checked as ever."""

from typing import Any

import pytest

from bridge.errors import Faults, LockstepError, UsageError
from bridge.testbed.scenario_file import load_scenario
from bridge.testbed.settings import Setting, with_settings

DOCUMENT: dict[str, Any] = {
    "name": "x",
    "seed": 1,
    "table": {"text": "1.00", "number": 2},
    "rows": [{"a": 1}, {"a": 2, "list": [1, 2]}],
}


def changed(*arguments: str) -> dict[str, Any]:
    return dict(with_settings(DOCUMENT, [Setting.parse(argument) for argument in arguments]))


@pytest.mark.parametrize(
    ("argument", "path", "value"),
    [
        ("seed=7", ("seed",), 7),
        ("name=other name", ("name",), "other name"),
        ("name='quoted'", ("name",), "quoted"),
        ("table.text=2.50", ("table", "text"), "2.50"),
        ("table.number=2.5", ("table", "number"), 2.5),
        ("table.new=plain", ("table", "new"), "plain"),
        ("table.new=true", ("table", "new"), True),
        ("rows[1].a=9", ("rows", 1, "a"), 9),
        ("rows[1].list[0]=9", ("rows", 1, "list", 0), 9),
        ("new.deep.key=[1, 2]", ("new", "deep", "key"), [1, 2]),
        ("name=a=b", ("name",), "a=b"),
        ("table.new=1\nother = 2", ("table", "new"), "1\nother = 2"),
    ],
)
def test_a_value_is_what_toml_would_read_and_text_where_text_stood(
    argument: str, path: tuple[str | int, ...], value: object
) -> None:
    found: Any = changed(argument)
    for step in path:
        found = found[step]
    assert found == value
    assert DOCUMENT["seed"] == 1


@pytest.mark.parametrize(
    "argument", ["", "seed", "=1", "[0]=1", "a..b=1", "a[x]=1", "a b=1", ".a=1"]
)
def test_what_is_no_setting_is_usage(argument: str) -> None:
    with pytest.raises(UsageError, match="key=value"):
        Setting.parse(argument)


@pytest.mark.parametrize("argument", ["rows[2].a=1", "rows.a=1", "name.x=1", "table[0]=1"])
def test_a_place_that_is_not_there_is_usage(argument: str) -> None:
    with pytest.raises(UsageError, match="has no"):
        changed(argument)


def test_a_misspelt_name_among_named_tables_is_usage_with_a_hint() -> None:
    with pytest.raises(UsageError, match=r"has no 'suzou' there .did you mean suzhou\?"):
        load_scenario("dvp", [Setting.parse("participants.suzou.policy=prompt")])


def test_a_whole_table_may_be_added_among_named_ones() -> None:
    added = Setting.parse('participants.soho={name = "Soho Bank (fictional)"}')
    assert load_scenario("dvp", [added]).participants["soho"].name == "Soho Bank (fictional)"


def test_a_shipped_scenario_takes_settings_of_all_kinds() -> None:
    settings = ("participants.fleet.policy=late", "participants.fleet.delay_s=3", "seed=8")
    scenario = load_scenario("dvp", [Setting.parse(text) for text in settings])
    assert scenario.participants["fleet"].delay_s == 3
    assert scenario.seed == 8
    amount = Setting.parse("positions[4].amount=300000.00")
    assert load_scenario("dvp", [amount]).positions[4].amount == 30_000_000


@pytest.mark.parametrize("argument", ["seed=-1", "participants.fleet.policy=9", "nothing=1"])
def test_a_setting_is_checked_like_everything_else(argument: str) -> None:
    with pytest.raises((LockstepError, Faults)):
        load_scenario("dvp", [Setting.parse(argument)])
