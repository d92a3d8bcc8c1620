"""Who may do what on a site, by the seat they hold there."""

from portal.access import ALLOWED, Verdict, any_role, refused
from portal.accounts.enums import Role
from sites.enums import SeatRole

_WRITERS = {SeatRole.LEAD, SeatRole.CONTRIBUTOR}
_MONEY = {SeatRole.LEAD, SeatRole.FINANCE}

# What the holder of each seat may do, in words; the rules below are what decides.
WHAT_SEATS_DO = {
    SeatRole.LEAD: "Manages the team, the partners and the schools, and does everything the others do.",
    SeatRole.CONTRIBUTOR: "Writes every section, asks partners to sign, and may submit the proposal.",
    SeatRole.FINANCE: "Enters the budget and, later, what was spent. Reads everything else.",
    SeatRole.VIEWER: "Reads everything and changes nothing.",
}

may_list_sites = any_role(
    Role.OFFICER, Role.DIRECTOR, Role.FINANCE, Role.AUDITOR, otherwise="The list of all sites is for foundation staff."
)

may_reword = any_role(Role.ADMINISTRATOR, otherwise="Only administrators change the program's own words.")


may_load_districts = any_role(
    Role.ADMINISTRATOR, Role.OFFICER, otherwise="Only administrators and program officers load the list of districts."
)


def seat_role(site, user) -> str | None:
    """The role of the seat this person holds on the site now, or None. One query a person and request."""
    return user.seat_roles.get(site.pk)


def may_lead(site, user) -> Verdict:
    """Manage seats and partners, submit, sign for the site."""
    if seat_role(site, user) == SeatRole.LEAD:
        return ALLOWED
    return refused(f"Only the site lead of {site} can do this.")


def may_write(site, user) -> Verdict:
    """Write narrative sections."""
    if seat_role(site, user) in _WRITERS:
        return ALLOWED
    return refused(f"You need a lead or contributor seat on {site} to write here.")


def may_enter_money(site, user) -> Verdict:
    """Enter budgets and spending."""
    if seat_role(site, user) in _WRITERS | _MONEY:
        return ALLOWED
    return refused(f"You need a lead, contributor or finance seat on {site} to enter money.")


def may_hold_seat(user) -> Verdict:
    """Take a seat or found a coalition: anybody but those who decide about coalitions."""
    if user.is_foundation_staff:
        return refused("People who work for the foundation see every coalition, and so cannot sit on one's team.")
    return ALLOWED


def may_manage_seats(site, user) -> Verdict:
    """Invite, hand over, end seats: the lead, and a program officer while no lead of the site can sign in."""
    verdict = may_lead(site, user)
    if verdict or Role.OFFICER not in user.roles:
        return verdict
    if site.seats.current().filter(role=SeatRole.LEAD, holder__is_active=True).exists():
        return refused(f"The team of {site} is managed by its lead.")
    return ALLOWED


def may_end_seat(seat, user) -> Verdict:
    """Those who manage the team, and the holder, who may leave."""
    return ALLOWED if seat.holder_id == user.pk else may_manage_seats(seat.site, user)


def may_hand_over(seat, user) -> Verdict:
    """The holder, and those who manage the team."""
    return may_end_seat(seat, user)


def may_withdraw(invitation, user) -> Verdict:
    """Whoever could have sent it now: those who manage the team, and for a hand-over the holder of the seat."""
    if invitation.hand_over_of is not None:
        return may_hand_over(invitation.hand_over_of, user)
    return may_manage_seats(invitation.site, user)
