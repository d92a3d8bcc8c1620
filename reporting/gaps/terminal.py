"""How the measures that can be run from a terminal read their arguments and refuse bad ones."""

import argparse
from typing import NoReturn


class SentenceParser(argparse.ArgumentParser):
    """An argument parser that refuses with exit code 2 and one sentence, instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}.\n")
