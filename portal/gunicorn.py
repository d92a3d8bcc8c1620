"""How gunicorn serves the portal: few processes, some threads each, a graceful stop, and requests stamped as they come."""

import os
from datetime import UTC, datetime
from select import select

from gunicorn.workers.gthread import TConn, ThreadWorker

from portal import arrival


class StampingWorker(ThreadWorker):
    """Notes when a request reached us, before it queues for a thread: in a rush that is when it counts as sent.

    Only what was readable by the time a thread took it is stamped: a connection opened before a deadline does not make
    the request that is sent over it afterwards earlier.
    """

    def enqueue_req(self, conn: TConn) -> None:
        conn.reached = datetime.now(UTC)
        super().enqueue_req(conn)

    def handle(self, conn: TConn):
        if not select([conn.sock], [], [], 0)[0]:
            conn.reached = None
        return super().handle(conn)

    def handle_request(self, req, conn: TConn):
        moment, conn.reached = conn.reached, None
        with arrival.at(moment):
            return super().handle_request(req, conn)


bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = StampingWorker
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
accesslog = None
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
