"""The page on which administrators and officers load the list of districts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.jobs.domain import run
from portal.jobs.models import Job
from sites.models import District
from sites.tasks import JOB

pytestmark = pytest.mark.django_db
PAGE = "/districts/"
LIST = b"LEAID,LEA_NAME,ST\n2599001,Harbor County,MA\n5900001,Bureau School,BI\n"


@pytest.fixture
def admin(client, ada_admin):
    client.force_login(ada_admin)
    return client


def send(client, content=LIST, name="list.csv"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def test_empty_list_says_what_it_means_for_teams(admin):
    assert "teams type the id of their district by hand" in admin.get(PAGE).content.decode()


def test_list_uploaded_becomes_a_job_and_its_result_stands_on_the_page(admin):
    answer = send(admin)
    job = Job.objects.get(kind=JOB)
    waiting = admin.get(PAGE).content.decode()
    run(str(job.pk))
    page = admin.get(PAGE).content.decode()

    assert answer.url == job.get_absolute_url()
    assert "See how far it is" in waiting
    assert "1 district loaded, 1 of them new." in page
    assert "1 row was not used: not in a state" in page
    assert "Massachusetts" in page
    assert reverse("sites:district-list") in admin.get(job.get_absolute_url()).content.decode()


@pytest.mark.parametrize("content", [b"no list", b"", b"LEAID,LEA_NAME,ST\n"])
def test_file_that_is_no_list_is_refused_beside_the_box(admin, content):
    answer = send(admin, content)

    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert "id_file" in answer.content.decode()


def test_file_over_the_limit_is_refused(admin, settings):
    settings.UPLOAD_MAX_BYTES = 20

    assert "too large" in send(admin).content.decode()


def test_page_is_for_administrators_and_officers(client, omar_officer, dina_director, ana_applicant):
    for person, status in ((omar_officer, 200), (dina_director, 403), (ana_applicant, 403)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status


@pytest.mark.parametrize("rows", [1, 30])
def test_page_costs_the_same_however_many_districts(admin, rows, django_assert_max_num_queries):
    District.objects.bulk_create(District(leaid=f"25{n:05d}", name=f"District {n}", state="MA") for n in range(rows))

    with django_assert_max_num_queries(6):
        admin.get(PAGE)
