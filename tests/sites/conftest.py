"""What the tests of the sites app share: a complete coalition led by Lea, with Ben on its team."""

import pytest

from tests.factories.sites import a_site


@pytest.fixture
def site(lea_site_lead, ben_colleague):
    return a_site(lead=lea_site_lead, contributors=[ben_colleague])
