"""Every state of every record has a look of its own choosing."""

from django.apps import apps

from portal.states import LOOKS, PLAIN, look_of


def test_look_of_an_unknown_state_is_plain():
    assert look_of("something-new") == PLAIN


def test_every_state_a_record_can_be_in_has_a_look():
    without = {
        f"{model._meta.label}.{value}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"portal", "sites", "grants", "reporting"}
        for field in model._meta.fields
        if field.name == "state"
        for value, _ in field.choices or ()
        if value.islower() and value not in LOOKS  # a US state is a state of another kind
    }

    assert without == set()
