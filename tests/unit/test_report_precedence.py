"""The pages prefer the same release of a published figure as `mart_indicator_benchmark`."""

import re

from pipelines.report import release_reader
from pipelines.settings import DBT_PROJECT


def preferences(sql: str) -> list[str]:
    """The columns of the first `order by` of a query, in their order, conditions without their form."""
    ordered = sql.partition("order by")[2].partition("\n        )")[0].partition("\n    )")[0]
    return re.findall(r"published_date desc|'printed'|'as_published'|release desc|publisher", ordered)


def test_the_pages_and_the_mart_prefer_the_same_release():
    model = DBT_PROJECT / "models" / "indicators" / "ind_comparator_of_month.sql"
    of_mart = preferences(model.read_text(encoding="utf-8"))
    assert len(of_mart) == 5
    assert preferences(release_reader._PUBLISHED) == of_mart
