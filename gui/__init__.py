"""The desktop: what people see of a run. Only ``workbench`` knows the bridge."""
