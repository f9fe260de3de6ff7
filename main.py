#!/usr/bin/env python3
"""Lockstep's command line; the commands are in ``bridge/commandline/``."""

from __future__ import annotations

import signal

if __name__ == "__main__":  # until outcome() can answer, an interrupt ends the process in silence
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys

from bridge.commandline.outcome import outcome


def main() -> None:
    """Run the command line and exit."""
    sys.exit(outcome(sys.argv[1:]))


if __name__ == "__main__":
    main()
