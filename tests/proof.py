"""People who have just proven who they are, as grave acts ask for."""

import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY


def proved(client, person):
    """Sign in as somebody who gave their password again a moment ago; returns the client."""
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
