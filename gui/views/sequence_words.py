"""A sequence diagram for the ear, and for tooltips: row by row, with the point of finality."""

from __future__ import annotations

from gui.i18n import tr
from gui.models.scene import Message, SequenceScene


def sequence_words(scene: SequenceScene) -> str:
    """Everything from top to bottom, a line each."""
    lines: list[str] = []
    marker, is_told = finality_words(scene), False
    for message in sorted(scene.messages, key=lambda each: each.row):
        if scene.finality is not None and not is_told and message.row > scene.finality.row:
            lines.append(marker)
            is_told = True
        lines.append(message_words(scene, message))
    if marker and not is_told:
        lines.append(marker)
    return "\n".join(lines)


def message_words(scene: SequenceScene, message: Message) -> str:
    """Who, to whom, what, how far it is, and when."""
    titles = {actor.key: actor.title for actor in scene.actors}
    source = titles.get(message.source, message.source)
    target = titles.get(message.target, message.target)
    who = source if source == target else tr("{source} to {target}", source=source, target=target)
    said = f"{who}: {message.text}, {message.state.word}"
    return f"{message.time} {said}" if message.time else said


def finality_words(scene: SequenceScene) -> str:
    """The point of finality with its state; empty when nothing is decided."""
    finality = scene.finality
    return "" if finality is None else f"{finality.text}, {finality.state.word}"
