"""Plain records and table models: what the views show, without any widget."""
