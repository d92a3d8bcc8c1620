"""The demo: invented people, coalitions and results, built through the domain functions and plainly marked."""

# Printed by `make run`; the accounts refuse to exist outside debug mode.
DEMO_PASSWORD = "harbor-lights-2026"  # noqa: S105
