"""What people type: one file a command, and what commands share.

A command is a function that parses its arguments, calls the testbed and the read model, prints,
and returns an exit code. It computes nothing that the desktop or a test might want too. Whatever
is heavy (engines, scenarios, tables) is imported inside the function, so that help appears at once.
"""
