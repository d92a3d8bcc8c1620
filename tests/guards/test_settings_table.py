"""Every variable is documented, and the compose file and the settings know the same ones."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
# Read by the process manager and gunicorn, not by Django.
_OF_THE_SERVER = {"BIND", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}
# Given to the database's own container; the portal sees it inside DATABASE_URL.
_OF_OTHER_SERVICES = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}


def _read_by_settings() -> set[str]:
    source = (ROOT / "portal" / "settings.py").read_text()
    return set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_0-9]+)\"", source))


def _read_by_server() -> set[str]:
    source = (ROOT / "portal" / "gunicorn.py").read_text()
    return set(re.findall(r"environ\.get\(\"([A-Z_]+)\"", source))


def _documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_0-9]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))


def _compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_settings_table_lists_exactly_what_is_read():
    assert _documented() == _read_by_settings() | _read_by_server()
    assert _read_by_server() - {"LOG_LEVEL"} == _OF_THE_SERVER


def test_compose_sets_only_documented_variables():
    services = _compose()["services"]
    portal = {name: service for name, service in services.items() if service.get("image") == "throughline"}

    given = {variable for service in portal.values() for variable in service["environment"]}

    assert set(portal) == {"migrate", "web", "worker", "beat"}
    assert given <= _documented()


def test_compose_asks_only_for_documented_variables():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked <= _documented() | _OF_OTHER_SERVICES


def test_compose_hosts_are_its_own_services():
    compose = _compose()
    web = compose["services"]["web"]["environment"]

    hosts = {re.search(r"[/@]([a-z]+):\d+", web[name]).group(1) for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}

    assert hosts == {"postgres", "redis", "mail"}
    assert hosts <= set(compose["services"])


def test_compose_runs_what_the_procfile_runs():
    procfile = {line.split(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()}

    assert procfile - {"broker"} <= set(_compose()["services"])


def test_image_does_not_run_as_root():
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert users == ["10001"]
