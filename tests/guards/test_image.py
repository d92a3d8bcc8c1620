"""The image and the compose file are well formed: no engine runs here, so they are linted."""

import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sysconfig.get_path("scripts"))


def test_dockerfile_passes_the_linter():
    done = subprocess.run([BIN / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)

    assert done.stdout == ""
    assert done.returncode == 0


def test_compose_file_fits_the_specification():
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout
