"""Pages for people.

Belongs here: turning what the other rooms found into HTML that works from a file share: no script, no network.
Does not belong here: numbers of its own.
"""

from pipelines.report.dictionary import write_dictionary
from pipelines.report.monthly import write_monthly_report
from pipelines.report.quality import quality_page, write_month_page
from pipelines.report.teams import write_team_report

__all__ = [
    "quality_page",
    "write_dictionary",
    "write_month_page",
    "write_monthly_report",
    "write_team_report",
]
