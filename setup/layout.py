"""Where things are in this checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
ENVIRONMENTS = ROOT / ".venv"
TOOLS = ENVIRONMENTS / "tools"
SETUP_LOGS = ENVIRONMENTS / "log"
SETUP_LOCK = ENVIRONMENTS / "setup.lock"
RUN_RECORD = ENVIRONMENTS / "running.json"
SECRETS = ROOT / ".env"
MODELS = ROOT / "models"
WIDGET = ROOT / "widget"
OIDC_PROVIDER = ROOT / "tests" / "oidc_provider"
STATIC = ROOT / "backend" / "static"


def shown(path: Path) -> str:
    """The path as people know it: relative to the checkout where it lies inside it."""
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)
