"""revm against the suite."""

from __future__ import annotations

from chains.revm import RevmEngine
from tests.conformance.suite import EngineConformance


class TestRevm(EngineConformance):
    make = staticmethod(RevmEngine)
