"""Routes of jobs."""

from django.urls import path

from portal.jobs.views import job

app_name = "jobs"
urlpatterns = [
    path("<uuid:pk>/", job.job_detail, name="job-detail"),
    path("<uuid:pk>/cancel/", job.job_cancel, name="job-cancel"),
]
