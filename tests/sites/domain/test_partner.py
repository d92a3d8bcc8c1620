"""The partners of a coalition."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from portal.access import Refused
from portal.activity.domain import timeline
from portal.record import Stale
from sites.domain.partner import add_partner, change_partner, remove_partner
from sites.enums import PartnerKind
from sites.models import Partner
from tests.conftest import NOON
from tests.factories.sites import PartnerFactory, SiteFactory, a_site

pytestmark = pytest.mark.django_db


def test_add_partner_cleans_its_identifiers(site, lea_site_lead):
    partner = add_partner(
        site, kind="community", name=" Harbor Library ", ein="12-3456789", uei="e2nylcdml6v1", tax_status="charity",
        signatory_email="dean@library.example", actor=lea_site_lead, at=NOON,
    )  # fmt: skip

    assert (partner.name, partner.ein, partner.uei) == ("Harbor Library", "123456789", "E2NYLCDML6V1")
    assert partner.shown_ein == "12-3456789"
    assert timeline(site)[0].summary == "Added the community partner Harbor Library."


def test_add_partner_reports_every_problem_by_field(site, lea_site_lead):
    with pytest.raises(ValidationError) as caught:
        add_partner(
            site, kind="community", name="", leaid="2512345", ein="00-1234567", uei="ABC", tax_status="rich",
            signatory_email="nobody", actor=lea_site_lead, at=NOON,
        )  # fmt: skip

    assert sorted(caught.value.message_dict) == ["ein", "leaid", "name", "signatory_email", "tax_status", "uei"]


@pytest.mark.parametrize("kind", [PartnerKind.DISTRICT, PartnerKind.UNION])
def test_add_partner_of_a_kind_there_is_one_of_is_refused(site, lea_site_lead, kind):
    with pytest.raises(ValidationError) as caught:
        add_partner(site, kind=kind, name="Another", actor=lea_site_lead, at=NOON)

    assert list(caught.value.message_dict) == ["kind"]


def test_add_partner_of_an_unknown_kind_is_refused(site, lea_site_lead):
    with pytest.raises(ValidationError, match="Choose what"):
        add_partner(site, kind="company", name="Another", actor=lea_site_lead, at=NOON)


def test_add_partner_of_a_name_there_is_already_is_refused(site, lea_site_lead):
    with pytest.raises(ValidationError, match="already"):
        add_partner(site, kind="community", name=site.fiscal_agent.name, actor=lea_site_lead, at=NOON)


def test_add_partner_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        add_partner(site, kind="community", name="Another", actor=ben_colleague, at=NOON)


def test_add_partner_district_of_another_state_is_refused(lea_site_lead):
    site = a_site(lead=lea_site_lead)
    Partner.objects.filter(site=site, kind=PartnerKind.DISTRICT).delete()

    with pytest.raises(ValidationError, match="MA start with 25"):
        add_partner(site, kind="district", name="Elsewhere", leaid="3900001", actor=lea_site_lead, at=NOON)


def test_add_partner_district_that_orphans_the_schools_is_refused(lea_site_lead):
    site = a_site(lead=lea_site_lead, schools=2)
    Partner.objects.filter(site=site, kind=PartnerKind.DISTRICT).delete()

    with pytest.raises(ValidationError, match="2 of the schools"):
        add_partner(site, kind="district", name="Elsewhere", leaid="2599998", actor=lea_site_lead, at=NOON)


def test_change_partner_logs_what_changed_and_counts_up(site, lea_site_lead):
    partner = site.fiscal_agent

    changed = change_partner(partner, version=1, signatory_name="Ada Quill", actor=lea_site_lead, at=NOON)

    assert (changed.signatory_name, changed.version) == ("Ada Quill", 2)
    assert timeline(site)[0].facts == {
        "before": {"signatory_name": "Grace Ellery"}, "after": {"signatory_name": "Ada Quill"},
    }  # fmt: skip


def test_change_partner_to_the_same_facts_changes_nothing(site, lea_site_lead):
    assert change_partner(site.fiscal_agent, version=1, actor=lea_site_lead, at=NOON).version == 1


def test_change_partner_made_from_an_old_version_is_refused(site, lea_site_lead):
    change_partner(site.fiscal_agent, version=1, name="First", actor=lea_site_lead, at=NOON)

    with pytest.raises(Stale):
        change_partner(site.fiscal_agent, version=1, name="Second", actor=lea_site_lead, at=NOON)


def test_change_partner_fiscal_agent_losing_its_ein_is_refused(site, lea_site_lead):
    with pytest.raises(ValidationError, match="cannot be paid"):
        change_partner(site.fiscal_agent, version=1, ein="", actor=lea_site_lead, at=NOON)


def test_change_partner_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        change_partner(site.fiscal_agent, version=1, name="Mine", actor=ben_colleague, at=NOON)


def test_remove_partner_takes_it_out_and_keeps_its_facts_in_the_log(site, lea_site_lead):
    partner = PartnerFactory(site=site, name="Harbor Library")

    remove_partner(partner, actor=lea_site_lead, at=NOON)

    assert not site.partners.filter(name="Harbor Library").exists()
    assert timeline(site)[0].facts["name"] == "Harbor Library"


def test_remove_partner_that_is_the_fiscal_agent_is_refused(site, lea_site_lead):
    with pytest.raises(Refused, match="fiscal agent"):
        remove_partner(site.fiscal_agent, actor=lea_site_lead, at=NOON)


def test_remove_partner_that_was_asked_to_sign_is_refused(site, lea_site_lead, monkeypatch):
    union = site.partners.get(kind=PartnerKind.UNION)

    def protected(self):
        raise models.ProtectedError("signed", {self})

    monkeypatch.setattr(Partner, "delete", protected)

    with pytest.raises(Refused, match="stay on the record"):
        remove_partner(union, actor=lea_site_lead, at=NOON)


def test_remove_partner_by_a_contributor_is_refused(site, ben_colleague):
    with pytest.raises(Refused):
        remove_partner(PartnerFactory(site=site), actor=ben_colleague, at=NOON)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("partner_kind_is_known", {"kind": "company"}),
        ("partner_tax_status_is_known", {"tax_status": "rich"}),
        ("partner_leaid_is_complete", {"kind": "district", "leaid": "25"}),
        ("partner_ein_is_complete", {"ein": "12"}),
        ("partner_uei_is_complete", {"uei": "AB"}),
        ("only_a_district_has_a_leaid", {"leaid": "2512345"}),
    ],
)
def test_partner_with_a_broken_fact_is_refused_by_the_database(constraint, facts):
    with pytest.raises(IntegrityError, match=constraint):
        PartnerFactory(**facts)


@pytest.mark.parametrize("kind", [PartnerKind.DISTRICT, PartnerKind.UNION])
def test_partner_second_of_its_kind_is_refused_by_the_database(kind):
    site = SiteFactory()
    PartnerFactory(site=site, kind=kind)

    with pytest.raises(IntegrityError):
        PartnerFactory(site=site, kind=kind)
