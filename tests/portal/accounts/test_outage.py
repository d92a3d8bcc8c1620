"""A Redis that is down keeps nobody from signing in."""

import pytest
from django.core.cache import caches
from django.urls import reverse

from portal import breaker

PASSWORD = "correct horse battery"


@pytest.fixture
def _no_redis(settings, tmp_path):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path / 'nobody.sock'}?db=0"}}
    caches.close_all()
    breaker.redis.reset()
    yield
    breaker.redis.reset()


@pytest.mark.usefixtures("_no_redis")
def test_sign_in_without_redis_works(client, ana_applicant):
    ana_applicant.set_password(PASSWORD)
    ana_applicant.save()

    answer = client.post(reverse("account_login"), {"login": ana_applicant.email, "password": PASSWORD})

    assert answer.status_code == 302
    assert client.get(reverse("portal:home")).context["user"] == ana_applicant
