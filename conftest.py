"""What every test run needs before the first import, and how hard hypothesis tries."""

import os

os.environ["ETH_HASH_BACKEND"] = "pysha3"

from hypothesis import HealthCheck, settings

# Deadlines would make a test depend on how busy the machine is.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.register_profile(
    "nightly", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("default")
