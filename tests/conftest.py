"""Fixtures every test may use: the named cast, a set clock, fast password hashing."""

from datetime import UTC, datetime

import pytest

from portal import breaker, clock
from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory

# A Monday in the open period of the rounds the factories make.
NOON = datetime(2026, 10, 5, 16, 0, tzinfo=UTC)


# Fixtures through which a test reaches a database.
_DATABASE = {"db", "transactional_db", "django_db_setup", "portal", "demo_portal", "race", "real_database"}


def pytest_collection_modifyitems(items):
    """Mark what `make test` runs with the first database only: tests that reach none, and the tests of pages.

    What pages ask of the database is written and tested in the domain; the access matrix opens every page, and carries
    out every act, with both.
    """
    for item in items:
        reaches = _DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db")
        if not reaches or item.path.parent.name == "views":
            item.add_marker(pytest.mark.once)


@pytest.fixture(autouse=True)
def _cheap_hashing(settings):
    """Real hashing is slow on purpose; tests that measure it set it back."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    """The manifest of static files is made when a release is built; tests name the files as they are."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def _redis_is_asked_again():
    """A test that found no Redis does not make the next one do without."""
    breaker.redis.reset()


@pytest.fixture
def noon():
    """The clock stands still at a Monday noon."""
    with clock.at(NOON):
        yield NOON


def _person(name, *roles):
    @pytest.fixture(name=name)
    def fixture(db):
        first, _, last = name.partition("_")
        return UserFactory(
            name=f"{first.title()} {last.replace('_', ' ').title()}", email=f"{first}@{last}.example", roles=roles
        )

    return fixture


ana_applicant = _person("ana_applicant")
ben_colleague = _person("ben_colleague")
lea_site_lead = _person("lea_site_lead")
sam_stranger = _person("sam_stranger")
omar_officer = _person("omar_officer", Role.OFFICER)
olga_officer = _person("olga_officer", Role.OFFICER)
dina_director = _person("dina_director", Role.DIRECTOR)
fay_finance = _person("fay_finance", Role.FINANCE)
finn_finance = _person("finn_finance", Role.FINANCE)
otto_auditor = _person("otto_auditor", Role.AUDITOR)
ada_admin = _person("ada_admin", Role.ADMINISTRATOR)
rita_reviewer = _person("rita_reviewer", Role.REVIEWER)
rolf_reviewer = _person("rolf_reviewer", Role.REVIEWER)
