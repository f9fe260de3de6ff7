"""Between the player and the views: keeps what was handed over and builds scenes from it.

A frame's changes go to the tables as they are; a scene is sent only when it differs.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gui.models.block_scene import block_scene
from gui.models.blotter import BlotterModel
from gui.models.events import EventsModel
from gui.models.facts import Changes, ConservationFacts, RunFacts, TradeFacts
from gui.models.network_scene import network_scene
from gui.models.positions import PositionsModel
from gui.models.scene import BlockScene, NetworkScene, TradeScene
from gui.models.tape import Tape
from gui.models.trade_scene import trade_scene
from gui.selection import Selection


class Stage(QObject):
    """The run as it is on screen."""

    network_changed = Signal(object)  # NetworkScene
    trade_changed = Signal(object)  # TradeScene or None
    block_changed = Signal(object)  # BlockScene or None
    conservation_changed = Signal(object)  # tuple of ConservationFacts
    clock_changed = Signal(int)

    def __init__(self, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunFacts | None = None
        self.trades: dict[str, TradeFacts] = {}
        self.conservation: tuple[ConservationFacts, ...] = ()
        self.blotter, self.positions, self.events = (
            BlotterModel(self),
            PositionsModel(self),
            EventsModel(self),
        )
        self.now_ms = 0
        self._tape = Tape()
        self._labels: dict[str, str] = {}
        self._network: NetworkScene | None = None
        self._trade: TradeScene | None = None
        self._block: BlockScene | None = None
        self._looked_into: tuple[str, str] | None = None
        self._selection = selection
        selection.changed.connect(self._show_trade)

    def open(self, run: RunFacts) -> None:
        """Begin with another run."""
        self.run, self.now_ms = run, 0
        self.trades, self._labels, self._tape = {}, {}, Tape()
        self.conservation = ()
        self._looked_into = None
        for model in (self.blotter, self.positions, self.events):
            model.clear()
            model.run = run
        self.events.labels = self._labels
        self._selection.select("")
        self._show()

    def take(self, changes: Changes) -> None:
        """Show what is new."""
        self.now_ms = changes.now_ms
        self.trades.update((trade.trade_id, trade) for trade in changes.trades)
        self._labels.update((trade.trade_id, trade.label) for trade in changes.trades)
        self._tape.take(changes.happenings)
        self.blotter.put(changes.trades)
        self.positions.put(row for row in changes.positions if row.balance or self._has(row.key))
        self.events.put(changes.happenings)
        if changes.conservation:
            self.conservation = changes.conservation
            self.conservation_changed.emit(self.conservation)
        if not self._selection.trade_id and self.trades:
            self._selection.select(next(iter(self.trades)))
        self.clock_changed.emit(self.now_ms)
        self._show()

    def look_into(self, chain: str, hash_short: str) -> None:
        """Show what is in a block, and close it when it is shown already."""
        block = (chain, hash_short)
        self._looked_into = None if block == self._looked_into else block
        self._show_block()

    def look_away(self) -> None:
        """Look into no block any more."""
        self._looked_into = None
        self._show_block()

    def retranslate(self) -> None:
        """Build everything again in the language of the moment."""
        for model in (self.blotter, self.positions, self.events):
            model.retranslate()
        self._show()

    def _has(self, key: tuple[str, str]) -> bool:
        return self.positions.place(key) is not None

    def _show(self) -> None:
        if self.run is None:
            return
        selected = self._selection.trade_id
        scene = network_scene(self.run, self._tape, self.trades, self.now_ms, selected)
        if scene != self._network:
            self._network = scene
            self.network_changed.emit(scene)
        self._show_trade()
        self._show_block()

    def _show_block(self) -> None:
        scene = None
        if self.run is not None and self._looked_into is not None:
            scene = block_scene(self.run, self._tape, self._labels, *self._looked_into)
        if scene != self._block:
            self._block = scene
            self.block_changed.emit(scene)

    def _show_trade(self) -> None:
        trade = self.trades.get(self._selection.trade_id)
        scene = None
        if self.run is not None and trade is not None:
            scene = trade_scene(self.run, self._tape, trade, self.now_ms)
        if scene != self._trade:
            self._trade = scene
            self.trade_changed.emit(scene)
