"""What the tests of accounts share: a password, an outbox that keeps its texts, a limit counter that starts at zero."""

import re

import pytest
import redis

from portal.mail.models import Message
from tests.proof import proved

PASSWORD = "a-long-enough-phrase"


@pytest.fixture(autouse=True)
def _fresh_limits(settings):
    """Guesses of one test do not count in the next."""
    # Only what this run wrote: other workers, and their brokers, share the server.
    server = redis.Redis.from_url(settings.REDIS_URL)
    written = list(server.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}:*"))
    if written:
        server.delete(*written)
    server.close()


@pytest.fixture(autouse=True)
def _outbox(settings):
    """Messages are kept with their text, as before they are sent."""
    settings.EMAIL_URL = "smtp://mail.example"


@pytest.fixture
def set_password():
    """A function that gives a person the tests' password."""

    def give(person):
        person.set_password(PASSWORD)
        person.save()
        return person

    return give


@pytest.fixture
def sign_in(set_password):
    """A function that signs a person in by the page, as only that notes the session among theirs."""

    def enter(client, person):
        if not person.check_password(PASSWORD):
            set_password(person)  # again would end the sessions there are
        answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        assert answer.status_code == 302

    return enter


@pytest.fixture
def proven():
    """A function that makes a signed-in client count as one whose person has just proven who they are."""
    return proved


@pytest.fixture
def link_in():
    """A function that finds the first link to a path in the latest message of a template."""

    def find(template, path):
        text = Message.objects.filter(template=template).latest("created_at").text
        return re.search(rf"http://testserver({path}\S*)", text).group(1)

    return find
