"""Why a call failed, in words: the ABI's Error(string) and Panic(uint256)."""

from __future__ import annotations

ERROR_SELECTOR = bytes.fromhex("08c379a0")
PANIC_SELECTOR = bytes.fromhex("4e487b71")
_WORD = 32


def reason_of(output: bytes) -> str | None:
    """The sentence that a revert carries, or None when it carries none that can be read."""
    selector, body = output[:4], output[4:]
    if selector == PANIC_SELECTOR and len(body) == _WORD:
        return f"panic 0x{int.from_bytes(body, 'big'):02x}"
    if selector != ERROR_SELECTOR or len(body) < 2 * _WORD:
        return None
    offset = int.from_bytes(body[:_WORD], "big")
    word = body[offset : offset + _WORD]
    size = int.from_bytes(word, "big")
    text = body[offset + _WORD : offset + _WORD + size]
    is_whole = len(word) == _WORD and len(text) == size
    return text.decode("utf-8", "replace") if is_whole else None


def describe(output: bytes, *, is_revert: bool) -> str:
    """One sentence, the same on every engine."""
    if not is_revert:
        return "execution failed"
    reason = reason_of(output)
    return "execution reverted" if reason is None else f"execution reverted: {reason}"
