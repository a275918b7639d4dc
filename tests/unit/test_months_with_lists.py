"""Which months' correction lists a release has."""

import duckdb
import pytest

from pipelines.calendar import Month
from pipelines.publish.feedback import months_with_lists

JULY, AUGUST = Month(2019, 7), Month(2019, 8)


@pytest.mark.parametrize(
    ("run", "months", "expected"),
    [
        (AUGUST, {"888": ["2019-07-31", "2019-08-31"]}, [AUGUST]),
        # an authority whose August was refused works with its lists of July
        (AUGUST, {"888": ["2019-07-31", "2019-08-31"], "889": ["2019-07-31"]}, [JULY, AUGUST]),
        # a correction of July must not take the lists of August away from those who work with them
        (JULY, {"888": ["2019-06-30", "2019-07-31", "2019-08-31"]}, [JULY, AUGUST]),
        (JULY, {}, [JULY]),
    ],
)
def test_a_release_has_the_lists_of_its_month_and_of_the_newest_of_each_authority(run, months, expected):
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(
            "create table core.fct_record_fault (la_code varchar, extract_month date, record_key varchar)"
        )
        # a rule on the whole drop finds no record
        connection.execute("insert into core.fct_record_fault values ('888', '2019-09-30', null)")
        for la_code, delivered in months.items():
            for month in delivered:
                connection.execute("insert into core.fct_record_fault values (?, ?, 'r1')", [la_code, month])
        assert months_with_lists(connection, run) == expected
