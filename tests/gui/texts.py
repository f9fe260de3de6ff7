"""The texts of the desktop as its source has them, and what is on screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QTableView, QWidget

GUI = Path(__file__).resolve().parents[2] / "gui"


def source_texts() -> set[str]:
    """All literals that are translated or marked for it."""
    return {text for path in GUI.rglob("*.py") for text in _texts(path)}


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("tr", "mark") and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def untranslatable_calls() -> list[str]:
    """Calls of ``mark``, or of ``tr`` with an f-string, that no catalogue can hold."""
    found = []
    for path in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                is_call = node.func.id in ("tr", "mark")
                if is_call and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                    found.append(f"{path.name}:{node.lineno}")
    return found


def shown_texts(window: QWidget) -> set[str]:
    """Everything on screen that is text: labels, buttons, menus, headers, names, hints."""
    found = {window.windowTitle()}
    for widget in (window, *window.findChildren(QWidget)):
        found |= {widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        if isinstance(widget, QMenu):
            found.add(widget.title())
            found |= {action.text() for action in widget.actions()}
        if isinstance(widget, QTableView):
            found |= set(_table_texts(widget))
    return {text for text in found if text}


def _table_texts(table: QTableView) -> Iterator[str]:
    model = table.model()
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal))
        for row in range(model.rowCount()):
            yield str(model.index(row, column).data())
