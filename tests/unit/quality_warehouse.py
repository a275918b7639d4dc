"""A working file made by hand for the tests of the gates: sound, and large enough for every check to judge.

Authority 888 in July and August 2019. A test breaks one thing in it. Per month every object of the contracts has a
row for each of 700 people (departments: 30 teams): all begin within a year, two or so on every day; those that
began by 1 February 2019 lasted ten days, the others are open; every code is the first of its set.
"""

import datetime as dt
from pathlib import Path

import duckdb

from pipelines.contracts import Contract, ContractColumn, code_sets, contracts
from pipelines.ingest.raw_tables import create_raw_tables
from pipelines.quality.rule_tables import create_rule_tables
from pipelines.quality.suites import load_suites
from pipelines.settings import DataFolder

JULY, AUGUST = dt.date(2019, 7, 31), dt.date(2019, 8, 31)
PEOPLE, TEAMS = 700, 30
SUITES = {suite.name: suite for suite in load_suites("raw")}
OBJECTS = tuple(name for name in contracts() if name in SUITES)
EVENT_DATE = {name: suite.meta["event_date"] for name, suite in SUITES.items() if "event_date" in suite.meta}
TEAM = "ssd_department.dept_team_id"
CODES = {
    name: tuple(column.name for column in one.loaded_columns if column.code_set)
    for name, one in contracts().items()
    if any(column.code_set for column in one.loaded_columns)
}
_WITHOUT_DAYS = ("ssd_person", "ssd_department", "ssd_professionals", "ssd_care_leavers")
_OWN_VALUES = {
    "pers_dob": "date '2010-05-01' + i::integer",
    "cppl_cp_plan_ola": "'N'",
    "invo_professional_role_id": "'CW'",
    "placement_la_code": "'888'",
}

MONTH = """
create or replace temp table people as
select
    'p' || i as id,
    i,
    date '{month}' - (i % 365)::integer as began,
    -- the same record has the same days in every month
    case when i % 365 + {shift} < 365 then 'p' || i + {shift} else 'p' || i + 1000 end as record_id,
    case when began <= date '2019-02-01' then began + 10 end as ended
from range({people}) as numbers (i);
insert into raw.drop values ('888', '{month}', '{attempted_at}', true, null, true, {is_fit}, 'ssd');
insert into raw.run (la_code, extract_month) values ('888', '{month}');
insert into quality.rule_run select '888', '{month}', rule, 'ran', '', {people}, 0 from quality.rule;
"""

FIGURES = """
create schema seeds;
create table seeds.indicator_register (
    indicator_id varchar, unit varchar, period varchar, has_team_rows boolean, polarity varchar,
    starts_again_in_april boolean
);
insert into seeds.indicator_register values
    ('children_looked_after', 'number', 'month_end', true, 'neither', false),
    ('children_looked_after_rate', 'rate_per_10000', 'month_end', false, 'neither', false),
    ('cla_started', 'number', 'month', true, 'neither', false),
    ('cp_plans_repeat', 'percentage', 'ytd', true, 'lower_is_better', true),
    ('cp_plans_repeat_12_months', 'percentage', 'ytd', true, 'lower_is_better', true);
create schema reference;
create table reference.indicator_parameter (
    indicator_id varchar, parameter varchar, la_code varchar, parameter_value integer, first_month_used date
);
create schema core;
create table core.fct_plan (plan_type varchar, la_code varchar, is_open boolean, extract_month date);
create table core.fct_review (review_type varchar, la_code varchar, held_date date, extract_month date);
create table core.dim_month (month date, extract_date date);
insert into core.dim_month values ('2019-07-31', '2019-08-01'), ('2019-08-31', '2019-09-02');
create table core.fct_comparator as
select 'cla_started' as indicator_id, cast(null as varchar) as dimension, 'value' as role, 'dfe' as publisher,
    release, published_date, true as is_comparable
from (values ('cla_2018', date '2018-11-15'), ('cla_2019', date '2019-12-05')) as told (release, published_date);
create table core.fct_published_figure as
select 'children_looked_after_rate' as indicator_id, level as geography_level, area as geography_code, period_end,
    'dfe' as publisher, 'cla_2019' as release, 60 + year(period_end) - 2018 + above_60 as value,
    cast(null as varchar) as code
from (values ('national', 'E92000001', 4), ('regional', 'E12000002', 30), ('local_authority', '889', 7))
    as areas (level, area, above_60)
cross join (values (date '2018-03-31'), (date '2019-03-31')) as years (period_end);
insert into core.fct_published_figure values
    ('children_looked_after_rate', 'local_authority', '888', '2018-03-31', 'dfe', 'cla_2019', 79, null),
    ('children_looked_after_rate', 'local_authority', '888', '2019-03-31', 'dfe', 'cla_2019', 85, null);
create table seeds.comparator_measure as
select * from (
    values
    ('ees', 'looked_after.rate', 'children_looked_after_rate', true),
    ('ees', 'children_in_need.rate', 'children_looked_after_rate', false)
) as register (source_kind, measure, indicator_id, is_comparable);
create schema indicators;
create table indicators.fct_indicator_value (
    indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date,
    extract_month date, basis varchar, numerator double, denominator double, value double, unit varchar,
    population_mid_year integer
);
create table indicators.fct_indicator_child (
    indicator_id varchar, la_code varchar, child_id varchar, event_id varchar, month date, extract_month date,
    is_in_numerator boolean, reason varchar
);
create table indicators.fct_indicator_restatement (
    indicator_id varchar, la_code varchar, child_id varchar, unit_id varchar, month date, extract_month date,
    cause varchar
);
create schema marts;
create table marts.mart_restatement (
    indicator_id varchar, la_code varchar, area_type varchar, month date, restated_extract_month date,
    unit varchar, reported_numerator double, restated_numerator double, numerator_overwritten double,
    extract_month date, reported_source_layout varchar, restated_source_layout varchar
);
create table marts.mart_data_quality (
    rule varchar, la_code varchar, area_type varchar, area_name varchar, month date, failed bigint,
    extract_month date
);
create table marts.mart_indicator_monthly (
    indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date, extract_month date,
    basis varchar, status varchar
);
create table marts.mart_indicator_benchmark (
    indicator_id varchar, la_code varchar, area_type varchar, month date, extract_month date, comparator varchar,
    release_rule varchar, comparator_year_rule varchar, value double, unit varchar, comparator_value double,
    comparator_period_end date, comparator_year varchar, years_apart integer, release varchar,
    published_date date, source_kind varchar, measure varchar, difference double, numerator double,
    denominator double
);
create table marts.mart_indicator_signal (
    indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date, extract_month date,
    signal varchar
);
create table marts.mart_due_list (
    indicator_id varchar, la_code varchar, extract_month date, is_failing_now boolean
);
create table marts.mart_projection (
    indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, extract_month date,
    numerator bigint, denominator bigint, projected_numerator bigint, projected_denominator bigint
);
create table marts.mart_delivery_plan (
    la_code varchar, is_listed boolean, brag_code varchar, previous_extract_month date, previous_brag_code varchar,
    change varchar, due_text varchar, due_reading varchar, extract_month date
);
create table marts.mart_eet_plan (
    la_code varchar, kind varchar, cohort varchar, period varchar, entry_number integer, unit varchar,
    value double, extract_month date
);
"""

MONTH_OF_FIGURES = """
insert into indicators.fct_indicator_value
select
    indicator_id, '888', area_type, area_name, '{month}', '{month}', 'as_reported', numerator, denominator,
    case unit when 'number' then numerator else 100.0 * numerator / denominator end, unit,
    case unit when 'rate_per_10000' then 2018 end
from (
    values
    ('children_looked_after', 'authority', '888', 400, null, 'number'),
    ('children_looked_after', 'locality', 'North', 400, null, 'number'),
    ('children_looked_after', 'team', 'Team One', 150, null, 'number'),
    ('children_looked_after', 'team', 'Team Two', 250, null, 'number'),
    ('children_looked_after_rate', 'authority', '888', 400, 249727, 'rate_per_10000'),
    -- more forms than conferences
    ('conference_feedback_return', 'authority', '888', 12, 10, 'percentage'),
    ('cla_started', 'authority', '888', 40, null, 'number'),
    ('cla_started', 'locality', 'North', 40, null, 'number'),
    ('cla_started', 'team', 'Team One', 40, null, 'number'),
    ('cp_plans_repeat', 'authority', '888', 20, 80, 'percentage'),
    ('cp_plans_repeat', 'locality', 'North', 20, 80, 'percentage'),
    ('cp_plans_repeat', 'team', 'Team One', 10, 40, 'percentage'),
    ('cp_plans_repeat', 'team', 'Team Two', 5, 20, 'percentage'),
    ('cp_plans_repeat', 'team', 'Team Three', 5, 20, 'percentage'),
    ('cp_plans_repeat_12_months', 'authority', '888', 16, 80, 'percentage'),
    ('cp_plans_repeat_12_months', 'locality', 'North', 16, 80, 'percentage'),
    ('cp_plans_repeat_12_months', 'team', 'Team One', 6, 40, 'percentage'),
    ('cp_plans_repeat_12_months', 'team', 'Team Two', 5, 20, 'percentage'),
    ('cp_plans_repeat_12_months', 'team', 'Team Three', 5, 20, 'percentage')
) as figures (indicator_id, area_type, area_name, numerator, denominator, unit);
insert into indicators.fct_indicator_child
select 'cp_plans_repeat', '888', 'p' || i, 'p' || i, '{month}', '{month}', i % 4 = 0,
    case when i % 4 > 0 then case when i % 2 = 0 then 'First plan of the child' else 'Not yet ended' end end
from range(400) as numbers (i);
insert into core.fct_plan select 'pathway', '888', true, '{month}' from range(200);
insert into core.fct_plan select 'cp', '888', true, '{month}' from range(200);
insert into core.fct_review
select 'cla_review', '888', date '{month}' - i::integer, '{month}' from range(200) as numbers (i);
insert into marts.mart_indicator_monthly
select indicator_id, la_code, area_type, area_name, month, extract_month, basis, 'shown'
from indicators.fct_indicator_value where month = '{month}';
insert into marts.mart_indicator_signal
select indicator_id, la_code, area_type, area_name, month, extract_month, 'too_few_points'
from indicators.fct_indicator_value where month = '{month}';
insert into marts.mart_indicator_signal
select 'charted_' || i, '888', 'authority', '888', '{month}', '{month}', 'common_variation'
from range(10) as numbers (i);
insert into marts.mart_projection
select
    indicator_id, la_code, area_type, area_name, extract_month, numerator, denominator, numerator - 1, denominator
from indicators.fct_indicator_value
where month = '{month}' and area_type in ('authority', 'locality') and indicator_id = 'cp_plans_repeat';
insert into marts.mart_data_quality values
    ('cin_plan_of_an_adult', '888', 'authority', '888', '{month}', 5, '{month}'),
    ('cin_plan_of_an_adult', '888', 'team', 'Team One', '{month}', 5, '{month}');
insert into marts.mart_indicator_benchmark
select
    'children_looked_after_rate', '888', 'authority', '{month}', '{month}', 'own_published', release_rule,
    year_rule, 85.0, 'rate_per_10000', 79, period_end, '', years_apart, release, published_date, 'ees',
    'looked_after.rate', 6, 2123, 249727
from (
    values
    ('as_known_then', 'latest_published_year', date '2019-03-31', 1, 'cla_2018', date '2018-11-15'),
    ('latest', 'same_year', date '2020-03-31', 0, 'cla_2019', date '2019-12-05')
) as beside (release_rule, year_rule, period_end, years_apart, release, published_date);
insert into marts.mart_delivery_plan
select
    '888', true, 'green', date '{month}' - 31, 'green', 'unchanged', '31/12/19',
    case when i % 10 = 0 then 'no_date' else 'day' end, '{month}'
from range(40) as numbers (i);
insert into marts.mart_eet_plan
select '888', 'table', 'Year 12', '2018-06', 1, 'percentage', share, '{month}'
from (values (68), (23), (8), (0)) as shares (share);
"""

DUE = f"""
insert into indicators.fct_indicator_value values
    ('cla_dental_check_up_to_date', '888', 'authority', '888', '{AUGUST}', '{AUGUST}', 'as_reported', 17, 20, 85,
    'percentage', null);
insert into marts.mart_indicator_monthly
select indicator_id, la_code, area_type, area_name, month, extract_month, basis, 'shown'
from indicators.fct_indicator_value where indicator_id = 'cla_dental_check_up_to_date';
insert into marts.mart_indicator_signal values
    ('cla_dental_check_up_to_date', '888', 'authority', '888', '{AUGUST}', '{AUGUST}', 'too_few_points');
insert into marts.mart_due_list
select 'cla_dental_check_up_to_date', '888', '{AUGUST}', i < 3 from range(5) as numbers (i);
"""

RESTATED = f"""
insert into indicators.fct_indicator_restatement
select 'cp_plans_repeat', '888', 'p' || i, 'p' || i, '{JULY}', '{AUGUST}', 'late_recording'
from range(400) as numbers (i);
insert into marts.mart_restatement values
    ('children_looked_after', '888', 'authority', '{JULY}', '{AUGUST}', 'number', 400, 410, 0, '{AUGUST}', 'ssd',
    'ssd'),
    ('care_leavers', '888', 'authority', '{JULY}', '{AUGUST}', 'number', 400, 200, -200, '{AUGUST}', 'ssd', 'ssd');
"""


def make_warehouse(root: Path, people: int = PEOPLE) -> DataFolder:
    """The working file with July (found fit) and August (not judged yet), and the figures of both."""
    folder = DataFolder(root)
    folder.warehouse.mkdir(parents=True)
    with duckdb.connect(str(folder.database)) as connection:
        create_raw_tables(connection)
        create_rule_tables(connection)
        connection.executemany(
            "insert into raw.code (code_set, code, label, spelling) values (?, ?, ?, ?)",
            [
                (name, code, one.codes[code], spelling)
                for name, one in code_sets().items()
                for spelling, code in one.spellings.items()
            ],
        )
        connection.execute(
            "insert into quality.rule (rule) values ('cp_plan_without_start_date'), ('cin_plan_of_an_adult')"
        )
        connection.execute(FIGURES)
        for month, is_fit in ((JULY, "true"), (AUGUST, "null")):
            add_month(connection, month, people, is_fit)
            connection.execute(MONTH_OF_FIGURES.format(month=month))
        connection.execute(DUE)
        connection.execute(RESTATED)
    return folder


def add_month(
    connection: duckdb.DuckDBPyConnection, month: dt.date, people: int = PEOPLE, is_fit: str = "null"
) -> None:
    """The drop of a month, with the entries that ingest writes about it."""
    attempted_at = f"{month + dt.timedelta(days=2)} 08:00:00+00"
    shift = (AUGUST - month).days
    connection.execute(
        MONTH.format(month=month, people=people, is_fit=is_fit, attempted_at=attempted_at, shift=shift)
    )
    for name, one in contracts().items():
        values = {column.name: _value(one, column) for column in one.loaded_columns}
        limit = min(people, TEAMS) if name == "ssd_department" else people
        connection.execute(
            f"insert into raw.{name} ({', '.join(values)}, la_code, extract_month, source_file, line_number) "
            f"select {', '.join(values.values())}, '888', '{month}', '{name}.csv', i + 2 from people "
            f"where i < {limit}"
        )
        connection.execute(
            f"insert into raw.drop_file values ('888', '{month}', '{attempted_at}', '{name}', '{name}.csv', "
            f"'{name}-{month}', {limit}, {limit}, 0, {limit}, 0, {limit}, 0, 0)"
        )


def _value(one: Contract, column: ContractColumn) -> str:
    """The value of a column for a row of `people`."""
    start, end = one.period or (EVENT_DATE.get(one.object), None)
    known = {TEAM: "'p1'", start: "began", EVENT_DATE.get(one.object): "began", end: "ended", **_OWN_VALUES}
    for name in (column.links_to, column.name):
        if name and name in known:
            return known[name]
    if column.code_set:
        return "'" + next(iter(code_sets()[column.code_set].codes)).replace("'", "''") + "'"
    if column.type == "integer" and column.name in one.key:
        return "1"
    if column.privacy == "person" or column.name in one.key:
        return "id" if one.object in _WITHOUT_DAYS else "record_id"
    return "null"


def change(folder: DataFolder, *statements: str) -> None:
    """Breaks something."""
    with duckdb.connect(str(folder.database)) as connection:
        for statement in statements:
            connection.execute(statement)
