"""Middleware that counts a request's statements when it is asked to, so that timed requests carry nothing extra."""

import sys

from django.db import connection

ASK, ANSWER = "X-Count-Sql", "X-Sql"


class CountingMiddleware:
    """Answers `X-Count-Sql: yes` with the number of statements; `X-Count-Sql: show` also writes them to the log."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.headers.get(ASK)
        if not asked:
            return self.get_response(request)
        seen = []

        def note(execute, sql, params, many, context):
            # SQLite's transactions begin with a statement, PostgreSQL's without one: not a query on either.
            if not sql.startswith("BEGIN"):
                seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        response.headers[ANSWER] = str(len(seen))
        if asked == "show":
            sys.stderr.write(
                f"\n{request.method} {request.path}: {len(seen)}\n" + "".join(f"  {sql}\n" for sql in seen)
            )
        return response
