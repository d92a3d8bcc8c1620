"""Makes coalitions: sites, their partners, schools and seats, and `a_site` for one that has everything."""

import factory

from portal.activity.domain import allocate
from sites.enums import PartnerKind, SeatRole, TaxStatus
from sites.identifiers import STATE_FIPS, uei_check_digit
from sites.models import Partner, School, Seat, Site
from tests.factories.accounts import UserFactory


def an_ein(number: int) -> str:
    """A well-formed EIN, another for each number."""
    return f"04{number:07d}"


def a_uei(number: int) -> str:
    """A well-formed UEI, another for each number."""
    stem = f"TEST{number % 1000:03d}XY{number // 1000 % 100:02d}"
    return stem + uei_check_digit(stem)


class SiteFactory(factory.django.DjangoModelFactory):
    """A site with nothing around it."""

    class Meta:
        model = Site

    reference = factory.LazyFunction(lambda: allocate("S", 2026))
    name = factory.Sequence(lambda n: f"Harbor {n} Collaboration for Change")
    place = "Harbor County"
    state = "MA"
    students = 25726


class PartnerFactory(factory.django.DjangoModelFactory):
    """A community partner; `kind` makes it a district or a union."""

    class Meta:
        model = Partner

    site = factory.SubFactory(SiteFactory)
    kind = PartnerKind.COMMUNITY
    name = factory.Sequence(lambda n: f"Harbor Community Fund {n}")
    ein = factory.Sequence(an_ein)
    uei = factory.Sequence(a_uei)
    tax_status = TaxStatus.CHARITY
    signatory_name = "Grace Ellery"
    signatory_title = "Executive director"
    signatory_email = factory.Sequence(lambda n: f"director{n}@fund.example")


class SchoolFactory(factory.django.DjangoModelFactory):
    """A school of a site."""

    class Meta:
        model = School

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Harbor School {n}")


class SeatFactory(factory.django.DjangoModelFactory):
    """A seat held now; the holder's seats are read again afterwards."""

    class Meta:
        model = Seat

    site = factory.SubFactory(SiteFactory)
    holder = factory.SubFactory(UserFactory)
    role = SeatRole.CONTRIBUTOR

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        seat = super()._create(model_class, *args, **kwargs)
        seat.holder.forget_seats()
        return seat


def a_site(lead=None, *, schools=3, contributors=(), finance=(), viewers=(), **fields):
    """A complete coalition: lead's seat, district with LEAID, union, community partner as fiscal agent, schools.

    `lead` is the person who leads it (somebody new without one); `fields` are the site's own.
    """
    site = SiteFactory(**fields)
    leaid = f"{STATE_FIPS[site.state]}{site.pk % 100000:05d}"
    SeatFactory(site=site, holder=lead or UserFactory(), role=SeatRole.LEAD)
    for holders, role in (
        (contributors, SeatRole.CONTRIBUTOR),
        (finance, SeatRole.FINANCE),
        (viewers, SeatRole.VIEWER),
    ):
        for holder in holders:
            SeatFactory(site=site, holder=holder, role=role)
    PartnerFactory(
        site=site,
        kind=PartnerKind.DISTRICT,
        name=f"{site.place} Public Schools",
        leaid=leaid,
        tax_status=TaxStatus.GOVERNMENT,
        signatory_name="Dr. Miriam Okafor",
        signatory_title="Superintendent",
    )
    PartnerFactory(
        site=site,
        kind=PartnerKind.UNION,
        name=f"{site.place} Education Association",
        tax_status=TaxStatus.UNION,
        signatory_name="Tomás Rivera",
        signatory_title="President",
    )
    site.fiscal_agent = PartnerFactory(site=site)
    site.save(update_fields=["fiscal_agent"])
    for number in range(1, schools + 1):
        SchoolFactory(site=site, ncessch=f"{leaid}{number:05d}")
    return site
