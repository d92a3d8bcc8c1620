"""What every route answers to every role: the data of the access matrix. A route that is not here fails its test."""

from tests.guards.routes.agreements import AGREEMENTS
from tests.guards.routes.amendments import AMENDMENTS
from tests.guards.routes.awards import AWARDS
from tests.guards.routes.calibrations import CALIBRATIONS
from tests.guards.routes.discussions import DISCUSSIONS
from tests.guards.routes.dockets import DOCKETS
from tests.guards.routes.letters import LETTERS, SCREENING
from tests.guards.routes.payments import PAYMENTS
from tests.guards.routes.portal import ACCOUNTS, PORTAL, RECORDS, SIGNING_IN
from tests.guards.routes.proposals import PROPOSALS
from tests.guards.routes.reports import REPORTS
from tests.guards.routes.reviewers import REVIEWERS
from tests.guards.routes.reviews import REVIEWS
from tests.guards.routes.rounds import ROUNDS
from tests.guards.routes.sites import SITES

ROUTES = (
    *PORTAL, *RECORDS, *ACCOUNTS, *SITES, *ROUNDS, *PROPOSALS, *REVIEWERS, *REVIEWS, *CALIBRATIONS, *DISCUSSIONS,
    *DOCKETS, *SCREENING, *LETTERS, *AWARDS, *PAYMENTS, *AGREEMENTS, *AMENDMENTS, *REPORTS, *SIGNING_IN,
)  # fmt: skip

# Every route that a visitor may ask without an account, by name: nothing becomes public by accident.
PUBLIC = frozenset(
    {
        "account_confirm_email", "account_confirm_login_code", "account_email_verification_sent", "account_inactive",
        "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "account_signup",
        "grants:agree", "grants:agree-pdf",
        "grants:call-dates", "grants:call-detail", "grants:call-eligibility", "grants:call-list", "grants:call-pdf",
        "grants:call-template", "grants:reviewer-invitation", "grants:sign", "grants:sign-file", "mail:mailbox",
        "mail:mailbox-message", "mfa_authenticate", "mfa_login_webauthn", "portal:accessibility",
        "portal:brand-logo", "portal:brand-stylesheet", "portal:help", "portal:home", "portal:livez",
        "portal:privacy", "portal:readyz", "sites:invitation-detail",
    }
)  # fmt: skip
