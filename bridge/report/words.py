"""The report's words in English and 简体中文, one word for each thing as the glossary has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from bridge.causes import Cause
from bridge.trade_view import LegState, Milestone, TradeState


class Words(NamedTuple):
    """The same in both languages."""

    en: str
    zh: str


STATES: Final[Mapping[TradeState, Words]] = {
    TradeState.INSTRUCTED: Words("instructed", "已指示"),
    TradeState.OPEN: Words("open", "已开启"),
    TradeState.COMMITTED: Words("committed, being delivered", "已裁定成交，交付中"),
    TradeState.ABORTING: Words("aborted, being released", "已裁定中止，释放中"),
    TradeState.SETTLED: Words("settled", "已结算"),
    TradeState.ABORTED: Words("aborted", "已中止"),
}

LEG_STATES: Final[Mapping[LegState, Words]] = {
    LegState.WAITING: Words("not held", "未锁定"),
    LegState.HELD: Words("held", "已锁定"),
    LegState.OBJECTED: Words("objected", "被异议"),
    LegState.EXECUTED: Words("delivered", "已交付"),
    LegState.RELEASED: Words("given back", "已退回"),
    LegState.REFUSED: Words("refused", "已拒绝"),
    LegState.UNDELIVERED: Words("left behind", "待补交付"),
}

MILESTONES: Final[Mapping[Milestone, Words]] = {
    Milestone.INSTRUCTED: Words("instructed", "交易指示"),
    Milestone.ACTED: Words("participant", "参与方"),
    Milestone.OPENED: Words("opened, own legs held", "开启并锁定本链资产"),
    Milestone.HELD: Words("held", "锁定"),
    Milestone.OBJECTED: Words("objected", "提出异议"),
    Milestone.REFUSED: Words("refused", "拒绝"),
    Milestone.COMMITTED: Words("committed: settlement is final", "裁定成交：结算已最终"),
    Milestone.ABORTED: Words("aborted: nothing will move", "裁定中止：资产不动"),
    Milestone.EXECUTED: Words("delivered", "交付"),
    Milestone.RELEASED: Words("given back", "退回"),
    Milestone.DELIVERED: Words("delivered later", "补交付"),
    Milestone.SKIPPED: Words("left out of a batch", "批处理中跳过"),
    Milestone.FAILED: Words("transaction failed", "链上调用失败"),
}

CAUSES: Final[Mapping[Cause, str]] = {
    Cause.SHORT_OF_CASH: "付款方资金不足",
    Cause.SHORT_OF_SECURITIES: "交付方证券不足",
    Cause.REFUSED: "一方拒绝了自己的交易腿",
    Cause.OBJECTED: "主管方对尚未裁定的交易提出异议",
    Cause.DECLINED: "代币合约拒绝锁定（不合资格或超出限额）",
    Cause.CANCELLED: "全体当事方一致撤销",
    Cause.DEADLINE_PASSED: "超过裁定时限",
    Cause.CLIENT_FROZEN: "轻客户端已冻结",
    Cause.NOT_OPENED: "尚未在裁定链上开启",
    Cause.AWAITING_CASH: "等待资金锁定",
    Cause.AWAITING_SECURITIES: "等待证券锁定",
    Cause.AWAITING_PROOF: "等待跨链证明",
    Cause.AWAITING_DELIVERY: "已裁定成交，等待交付证明",
    Cause.AWAITING_RELEASE: "已裁定中止，等待退回证明",
}

REASONS: Final[Mapping[str, Words]] = {
    "MONY": Words("insufficient money", "资金不足"),
    "LACK": Words("lack of securities", "证券不足"),
    "REFU": Words("refused", "被拒绝"),
    "SBLO": Words("securities blocked", "证券被冻结"),
    "BLOC": Words("account blocked", "账户受限"),
    "LATE": Words("too late", "逾期"),
    "AWMO": Words("awaiting money", "等待资金"),
    "AWSH": Words("awaiting securities", "等待证券"),
}
"""ISO 20022 status reason codes (sese.024), in brief."""
