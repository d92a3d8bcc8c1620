"""What a document may load: the portal's own files and the pictures handed in, nothing else."""

import pytest

from portal.pdf.fetcher import PortalFetcher


@pytest.fixture
def fetcher(tmp_path, tiny_png):
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "css" / "pdf.css").write_text("p { color: red }")
    (tmp_path / "static" / "settings.py").write_text("SECRET_KEY = 'x'")
    (tmp_path / "static-secret").mkdir()
    (tmp_path / "static-secret" / "a.css").write_text("secret")
    (tmp_path / "static" / "css" / "away.css").symlink_to(tmp_path / "static-secret" / "a.css")
    pictures = {"team.png": tiny_png, "drawing.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    return PortalFetcher({"static": tmp_path / "static"}, pictures)


def test_fetch_of_the_portals_own_file_gives_it(fetcher):
    response = fetcher("portal:static/css/pdf.css")

    assert response.read() == b"p { color: red }"
    assert response.content_type == "text/css"


def test_fetch_of_a_picture_handed_in_gives_it(fetcher, tiny_png):
    response = fetcher("portal:picture/team.png")

    assert response.read() == tiny_png
    assert response.content_type == "image/png"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/a.css",
        "https://example.org/a.css",
        "HTTP://127.0.0.1:9/a.css",
        "ftp://127.0.0.1/a.css",
        "file:///etc/passwd",
        "file:static/css/pdf.css",
        "data:text/css,p{}",
        "static/css/pdf.css",
        "//127.0.0.1/a.css",
        "portal://static/css/pdf.css",
        "portal:static/css/pdf.css?x=1",
        "portal:static/settings.py",
        "portal:static/../static-secret/a.css",
        "portal:static/%2e%2e/static-secret/a.css",
        "portal:static//etc/passwd",
        "portal:static/css/away.css",
        "portal:static",
        "portal:var/portal.sqlite3",
        "portal:picture/unknown.png",
        "portal:picture/drawing.png",
    ],
)
def test_fetch_of_anything_else_is_refused(fetcher, address):
    with pytest.raises(ValueError, match=r"own files|handed in|PNG or a JPEG"):
        fetcher(address)


def test_fetch_of_a_missing_file_fails(fetcher):
    with pytest.raises(FileNotFoundError):
        fetcher("portal:static/css/absent.css")


def test_open_goes_through_the_same_door(fetcher):
    with pytest.raises(ValueError, match="own files"):
        fetcher.open("http://127.0.0.1:9/")
