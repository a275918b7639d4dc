"""Writes the pages of a release.

Belongs here: HTML from the tables of a release and the findings of a run. The pages work from a file share,
without script or network. Does not belong here: calculating figures.
"""

from pipelines.report.dictionary_pages import dictionary_state, write_dictionary
from pipelines.report.monthly import write_reports
from pipelines.report.quality_page import quality_page, write_month_page

__all__ = [
    "dictionary_state",
    "quality_page",
    "write_dictionary",
    "write_month_page",
    "write_reports",
]
