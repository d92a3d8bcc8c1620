"""Choosing a district from the list on the partner form: as one types with a script, and page by page without one."""

import pytest

from portal.settings import BASE_DIR

FORM = """
<a href="?district=2599001" data-district data-name="Harborton" data-leaid="2599001" data-students="8140">Harborton</a>
<p id="district-chosen" role="status"></p>
<div id="partner"><form>
  <input type="radio" name="kind" value="union" checked><input type="radio" name="kind" value="district">
  <input name="name"><input name="leaid"><input name="students"><input name="signatory_name" value="Miriam">
</form></div>
"""


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(f"<!doctype html><body>{FORM}</body>")
    page.add_script_tag(path=BASE_DIR / "static" / "js" / "districts.js")
    yield page
    context.close()


def test_district_chosen_fills_the_form_and_keeps_what_was_typed(page):
    page.click("[data-district]")

    assert [page.input_value(f"[name={name}]") for name in ("name", "leaid", "students", "signatory_name")] == [
        "Harborton", "2599001", "8140", "Miriam",
    ]  # fmt: skip
    assert page.is_checked("[value=district]")
    assert page.text_content("#district-chosen").startswith("Harborton is filled in below.")
    assert page.evaluate("document.activeElement.name") == "name"
