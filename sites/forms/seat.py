"""The forms of the team: inviting, changing a role, handing a seat over."""

from django import forms

from portal.forms import PortalForm
from sites.domain.hand_over import LONGEST
from sites.enums import SeatRole
from sites.rules import WHAT_SEATS_DO

ROLES = [(role.value, f"{role.label}. {does}") for role, does in WHAT_SEATS_DO.items()]


class InvitationForm(PortalForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="They accept with an account that has this address.",
        error_messages={
            "required": "Enter the e-mail address of the person you invite.",
            "invalid": "Enter an e-mail address, such as name@district.example.",
        },
    )
    role = forms.ChoiceField(
        label="Role",
        choices=ROLES,
        widget=forms.RadioSelect,
        initial=SeatRole.CONTRIBUTOR,
        error_messages={"required": "Choose one of the roles."},
    )


class RoleForm(PortalForm):
    """Another role for the holder of a seat."""

    role = forms.ChoiceField(label="Role", choices=ROLES, widget=forms.RadioSelect)


class NoteForm(PortalForm):
    """What somebody wants their successor to know."""

    note = forms.CharField(
        label="Your note",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        help_text="What no record says: who to call first, what was promised, where you stopped.",
    )


class _ColleagueField(forms.ModelChoiceField):
    """A seat, shown as who holds it and as what."""

    def label_from_instance(self, obj):
        return f"{obj.holder}, {obj.get_role_display().lower()}"


class HandOverForm(PortalForm):
    """To whom a seat goes: a colleague on the team, or somebody invited by e-mail."""

    colleague = _ColleagueField(
        queryset=None,
        to_field_name="public_id",
        label="A colleague on the team",
        required=False,
        empty_label="Choose a colleague",
        help_text="They give up the seat they have now.",
    )
    email = forms.EmailField(
        label="Or somebody else, by e-mail address",
        required=False,
        help_text="They get an invitation. The seat is theirs when they accept; until then nothing changes.",
    )

    def __init__(self, *args, seat, **kwargs):
        super().__init__(*args, **kwargs)
        team = seat.site.seats.current().exclude(pk=seat.pk).select_related("holder")
        self.field_as("colleague", _ColleagueField).queryset = team

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if not self.errors and bool(found.get("colleague")) == bool(found.get("email")):
            raise forms.ValidationError("Choose a colleague or write an e-mail address, one of the two.")
        return found
