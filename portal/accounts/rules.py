"""Who may see people, change their roles and close their accounts."""

from portal.access import ALLOWED, Verdict, any_role, refused
from portal.accounts.enums import Role

may_see_people = any_role(
    Role.ADMINISTRATOR, Role.AUDITOR, otherwise="The list of people is open to administrators and auditors."
)
_is_administrator = any_role(Role.ADMINISTRATOR, otherwise="Only administrators manage people and their roles.")


def may_manage(person, user) -> Verdict:
    """Grant and revoke roles, close and open the account, end sessions: administrators, and never for themselves."""
    verdict = _is_administrator(person, user)
    if verdict and person.pk == user.pk:
        return refused("Nobody changes their own roles or account. Ask another administrator.")
    return verdict


def may_change_profile(person, user) -> Verdict:
    """Name and time zone: the person alone."""
    return ALLOWED if person.pk == user.pk else refused("Only the person can change this.")
