"""What workers do for coalitions."""

from portal.jobs.domain import handles
from sites.domain.district import JOB, load_received


@handles(JOB)
def load_list_of_districts(job, progress):
    """Load the uploaded list that the job names."""
    return load_received(job, progress=progress, finish=progress.finish)
