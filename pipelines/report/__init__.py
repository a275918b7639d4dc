"""Pages for people.

Belongs here: turning what the other rooms found into HTML that works from a file share: no script, no network.
Does not belong here: numbers of its own.
"""

from pipelines.report.dictionary import write_dictionary
from pipelines.report.quality import quality_page, write_month_page

__all__ = ["quality_page", "write_dictionary", "write_month_page"]
