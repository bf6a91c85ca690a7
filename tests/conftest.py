"""What holds for every test: none is judged by the clock, and none asks this computer's own keyring."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("by no clock", deadline=None)
settings.load_profile("by no clock")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
