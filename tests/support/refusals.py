"""A refusal is tested with its reason, so that no test passes for the wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.bare_evm import Reverted

WITHOUT_REASON = "Revert"  # malformed calldata, an index past an array: the compiler's own checks


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """What happens inside must revert with exactly this reason."""
    with pytest.raises(Reverted) as caught:
        yield
    assert caught.value.reason == reason
