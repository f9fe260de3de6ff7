"""Widgets: each shows records and emits what the user wants; none knows another."""
