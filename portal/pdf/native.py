"""Which of the system libraries that printing needs are missing; asked without importing WeasyPrint."""

import ctypes

from django.core import checks

# The library's file name: the Debian package that holds it. Without the second one WeasyPrint still prints, but more
# slowly and with bytes that differ from run to run.
LIBRARIES = {
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def missing_packages(libraries: dict[str, str] = LIBRARIES) -> list[str]:
    """Names of the apt packages to install; empty when everything is there."""
    return [package for library, package in libraries.items() if not _loads(library)]


def check_native_libraries(app_configs, **kwargs):
    """System check: the portal does not start without what its PDFs need."""
    missing = missing_packages()
    if not missing:
        return []
    return [
        checks.Error(
            "The system libraries that make PDFs are not installed.",
            hint=f"Run: apt-get install {' '.join(missing)}",
            id="portal.E010",
        )
    ]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
