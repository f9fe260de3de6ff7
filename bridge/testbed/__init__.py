"""The testbed: a scenario becomes a run, and a run becomes a verdict."""
