"""The Redis cache, which forgets rather than fails: a cache that is down must not take the portal with it."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from portal import breaker

logger = logging.getLogger(__name__)


def _forgiving(name, when_down):
    method = getattr(RedisCache, name)

    def call(self, *args, **kwargs):
        if breaker.redis.open:
            return when_down(*args, **kwargs)
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            breaker.redis.trip()
            logger.warning("The cache did not answer %s: %s", name, error)
            return when_down(*args, **kwargs)

    return call


class PatientRedisCache(RedisCache):
    """Django's Redis cache whose reads miss and whose writes are dropped while the server does not answer."""

    get = _forgiving("get", lambda key, default=None, version=None: default)
    get_many = _forgiving("get_many", lambda keys, version=None: {})
    set = _forgiving("set", lambda *args, **kwargs: None)
    set_many = _forgiving("set_many", lambda data, *args, **kwargs: list(data))
    # As if there had been room: who waits for a lock made of `add` goes on, instead of being turned away for the outage.
    add = _forgiving("add", lambda *args, **kwargs: True)
    touch = _forgiving("touch", lambda *args, **kwargs: False)
    delete = _forgiving("delete", lambda *args, **kwargs: False)
    has_key = _forgiving("has_key", lambda *args, **kwargs: False)
