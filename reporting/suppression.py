"""Protecting small groups in a terminal: `python -m reporting.suppression --help`. The rules are `sites.suppression`."""

import json
import re
import sys
from collections.abc import Sequence

from reporting.gaps.terminal import SentenceParser
from sites.suppression import coded_percent, protect


def _answer(question: str) -> str:
    if fraction := re.fullmatch(r"([0-9]{1,12})/([0-9]{1,12})", question.strip()):
        return coded_percent(int(fraction[1]), int(fraction[2]))
    try:
        counts = json.loads(question, object_pairs_hook=_each_name_once)
    except (json.JSONDecodeError, RecursionError):
        counts = None
    if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
        raise ValueError(
            'give a fraction such as 9/19, or whole numbers by group such as \'{"White": 120, "Asian": 4}\''
        )
    return json.dumps({"hidden": list(protect(counts).hidden)}, ensure_ascii=False)


def _each_name_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a group's name stands twice in the partition")
    return dict(pairs)


def main(arguments: Sequence[str]) -> None:
    parser = SentenceParser(
        prog="python -m reporting.suppression",
        description="Print a percentage coded by group size, or which cells of a partition to hide.",
    )
    parser.add_argument("question", help='9/19, or {"White": 120, "Asian": 4}')
    question = parser.parse_args(arguments).question
    try:
        answer = _answer(question)
    except ValueError as problem:
        parser.error(str(problem))
    # The coded ends are not ASCII, and a terminal's encoding may be.
    sys.stdout.buffer.write(f"{answer}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1:])
