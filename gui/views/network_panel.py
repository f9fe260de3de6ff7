"""The network: lanes of blocks, the relayer and the packets between them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.i18n import tr
from gui.models.scene import NetworkScene
from gui.views.lanes import LanesView
from gui.views.panel import Panel


class NetworkPanel(Panel):
    """The painted lanes under a title and the count of trades."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.lanes = LanesView()
        super().__init__(self.lanes, "network", parent)
        self.retranslate()

    def show_scene(self, scene: NetworkScene) -> None:
        """Show another moment."""
        self.aside.setText(scene.summary)
        self.lanes.show_scene(scene)

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        self.name_it(tr("Network"))
