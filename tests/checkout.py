"""Where the checkout is that the tests belong to."""

from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
