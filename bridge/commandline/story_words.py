"""The sentences of the story, in English and 简体中文; the words are those of the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Final

from bridge.events import Action


class Phrase(StrEnum):
    """Everything that the story can say."""

    TITLE = auto()
    STAGE = auto()
    RULE = auto()
    COURIER = auto()
    TRADE = auto()
    LEG = auto()
    PAY = auto()
    SIGNED = auto()
    ACTED = auto()
    ACTED_SILENTLY = auto()
    HELD = auto()
    CARRIED = auto()
    BELIEVED = auto()
    FINAL = auto()
    AFTER_FINAL = auto()
    STOPPED = auto()
    WHY = auto()
    DELIVERED = auto()
    SETTLED = auto()
    RELEASED = auto()
    REFUSED = auto()
    OBJECTED = auto()
    END = auto()
    COUNTS = auto()
    CONSERVED = auto()
    LOST = auto()


SAID: Final[Mapping[Phrase, tuple[str, str]]] = {
    Phrase.TITLE: (
        "Securities against cash over two ledgers: both sides, or neither",
        "跨两条账本的券款对付：要么双方都交付，要么都不交付",
    ),
    Phrase.STAGE: (
        "{chains} ledgers take part: {names}. No bank, no person and no server stands above them; "
        "each believes only what it can check itself.",
        "共有 {chains} 条账本：{names}。其上没有任何银行、个人或服务器；每条账本只相信自己能验证的事实。",
    ),
    Phrase.RULE: (
        "A trade goes in four steps: hold, prove, decide, deliver. Until the decision nobody parts "
        "with anything; after it nobody can hold anything back.",
        "每笔交易分四步：锁定、证明、裁定、交付。裁定之前，谁都没有失去任何东西；裁定之后，谁都无法扣留。",
    ),
    Phrase.COURIER: (
        "Between the ledgers a courier carries proofs. It has no authority: if it lies, it is not "
        "believed; if it stops, anybody can take its place.",
        "账本之间由中继递送证明。中继没有任何权限：说谎不会被相信，停工则任何人都可接替。",
    ),
    Phrase.TRADE: (
        "Trade {trade} is agreed. The decision will be taken on {hub}.",
        "交易 {trade} 已达成，由 {hub} 裁定。",
    ),
    Phrase.LEG: (
        "{sender} is to deliver {what} to {receiver}, on {chain}.",
        "{sender} 应在 {chain} 向 {receiver} 交付 {what}。",
    ),
    Phrase.PAY: (
        "{sender} is to pay {what} to {receiver}, on {chain}.",
        "{sender} 应在 {chain} 向 {receiver} 支付 {what}。",
    ),
    Phrase.SIGNED: ("{who} signs the whole trade.", "{who} 签署整笔交易。"),
    Phrase.ACTED: ("{who} {did}: {why}.", "{who}：{did}（{why}）。"),
    Phrase.ACTED_SILENTLY: ("{who} {did}.", "{who}：{did}。"),
    Phrase.HELD: (
        "{chain} holds {what}. It still belongs to {who}, who can neither spend it nor take it back.",
        "{chain} 锁定 {what}。资产仍属 {who}，但既不能动用，也不能收回。",
    ),
    Phrase.CARRIED: (
        "The courier carries a proof of {size} bytes from {source} to {destination}.",
        "中继将 {size} 字节的证明从 {source} 递送到 {destination}。",
    ),
    Phrase.BELIEVED: (
        "{chain} checks the signatures of {source}'s validators and believes the block.",
        "{chain} 核验 {source} 验证人的签章，确认该区块。",
    ),
    Phrase.FINAL: (
        "POINT OF FINALITY: {chain} commits {trade} in block {height}. From here on it is settled "
        "and irrevocable.",
        "结算最终点：{chain} 在第 {height} 号区块裁定 {trade} 成交。自此刻起，结算最终且不可撤销。",
    ),
    Phrase.AFTER_FINAL: (
        "No party, courier, court order or crash can turn it around; what is not delivered yet can "
        "only be delivered.",
        "任何一方、中继、冻结令或故障都无法逆转；尚未交付的部分只能交付。",
    ),
    Phrase.STOPPED: (
        "{chain} aborts {trade} in block {height}: nothing will move, on either side.",
        "{chain} 在第 {height} 号区块中止 {trade}：双方资产都不会变动。",
    ),
    Phrase.WHY: ("The reason: {why}{code}.", "原因：{why}{code}。"),
    Phrase.DELIVERED: (
        "{receiver} receives {what} on {chain}.",
        "{receiver} 在 {chain} 收到 {what}。",
    ),
    Phrase.SETTLED: (
        "Both sides of {trade} are delivered.",
        "{trade} 双方均已交付。",
    ),
    Phrase.RELEASED: (
        "{chain} gives {what} back to {who}, untouched.",
        "{chain} 将 {what} 原样退回 {who}。",
    ),
    Phrase.REFUSED: (
        "The side of {who} on {chain} is refused; it can never be held any more.",
        "{who} 在 {chain} 的一方已被拒绝，此后再不能锁定。",
    ),
    Phrase.OBJECTED: (
        "The authority on {chain} objects while the trade is undecided.",
        "{chain} 的主管方在裁定之前提出异议。",
    ),
    Phrase.END: ("What it came to", "结果"),
    Phrase.COUNTS: (
        "{settled} trades settled, {aborted} aborted without moving anything, {pending} pending.",
        "{settled} 笔已结算，{aborted} 笔中止且资产未动，{pending} 笔未决。",
    ),
    Phrase.CONSERVED: (
        "Nothing was made and nothing was lost: every total is what it was at the start.",
        "资产守恒：每种资产的总量与期初一致。",
    ),
    Phrase.LOST: (
        "Something was made or lost: the totals differ from the start.",
        "资产不守恒：总量与期初不一致。",
    ),
}

ACTIONS: Final[Mapping[Action, tuple[str, str]]] = {
    Action.SIGNED: ("signs", "签署"),
    Action.HELD: ("has its side held", "锁定己方资产"),
    Action.REFUSED: ("refuses its side", "拒绝己方交易腿"),
    Action.WAITED: ("waits", "等待"),
    Action.WITHHELD: ("does not have its side held", "未锁定己方资产"),
    Action.OBJECTED: ("objects", "提出异议"),
    Action.CANCELLED: ("signs the cancellation", "签署撤销"),
    Action.ASKED_TO_ABORT: ("asks for the trade to be aborted", "请求中止"),
}
