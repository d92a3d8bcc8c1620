"""Mail templates for tests, and a mail server that answers as it is told."""

import socketserver
import threading
from email import message_from_bytes, policy

import pytest

TEMPLATES = {
    "email/greeting.txt": (
        "Subject: Hello {{ name }}\n\nDear {{ name }},\n\n\n\n"
        "open {{ BASE_URL }}/x/?a=1&b=2\n\n-- \n{{ PORTAL_NAME }}\n"
    ),
    "email/greeting.html": "<h1>{{ subject }}</h1><p>Dear {{ name }}</p>",
    "email/headless.txt": "Dear {{ name }}",
    "email/headless.html": "<p>Dear {{ name }}</p>",
}


@pytest.fixture(autouse=True)
def _templates(settings):
    """Two templates of our own in front of the portal's."""
    engine = settings.TEMPLATES[0]
    options = {key: value for key, value in engine["OPTIONS"].items() if key != "loaders"}
    options["loaders"] = [
        ("django.template.loaders.locmem.Loader", TEMPLATES),
        ("template_partials.loader.Loader", ["django.template.loaders.filesystem.Loader"]),
    ]
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]


@pytest.fixture
def posted(settings):
    """Mail goes out, as far as Django's test outbox."""
    settings.EMAIL_URL = "smtp://mail.example"


class _Talk(socketserver.StreamRequestHandler):
    """One SMTP conversation, by the server's script."""

    def handle(self):
        self._say("220 mail.example")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode()
            answer = self.server.answers.get(verb)
            if answer is not None:
                self._say(answer)
            elif verb == "DATA":
                self._take_letter()
            else:
                self._say("250 fine")
            if verb == "QUIT":
                return

    def _take_letter(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say(self.server.answers.get("LETTER", "250 taken"))

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Answers 250 to everything but what `answers` names (by verb, and LETTER for the end of the data)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters = []
        self.answers = {}


@pytest.fixture
def mail_server(settings):
    """A real SMTP server that the portal's mail goes to."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        host, port = server.server_address
        settings.EMAIL_URL = f"smtp://{host}:{port}"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        yield server
        server.shutdown()
