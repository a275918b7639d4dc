"""A working file made by hand for the tests of the gates: sound, and large enough for every check to judge.

Authority 888 in July and August 2019. A test breaks one thing in it. Per month: 400 people, plans, episodes,
statuses, reviews and allocations each, one per person; all plans and episodes are open; ten or more of each
begin in every month.
"""

import datetime as dt
from pathlib import Path

import duckdb

from pipelines.settings import DataFolder

JULY, AUGUST = dt.date(2019, 7, 31), dt.date(2019, 8, 31)
PEOPLE = 400
OBJECTS = (
    "ssd_person",
    "ssd_department",
    "ssd_involvements",
    "ssd_cin_plans",
    "ssd_cp_plans",
    "ssd_cp_reviews",
    "ssd_legal_status",
    "ssd_cla_episodes",
)

RAW = """
create schema raw;
create table raw.drop (
    la_code varchar, extract_month date, attempted_at timestamptz,
    accepted boolean, reason varchar, is_loaded boolean, is_fit boolean
);
create table raw.drop_file (
    la_code varchar, extract_month date, attempted_at timestamptz, object varchar, file varchar,
    sha256 varchar, rows_read bigint, rows_loaded bigint, rows_rejected bigint
);
create table raw.ssd_person (pers_person_id varchar, la_code varchar, extract_month date);
create table raw.ssd_department (
    dept_team_id varchar, dept_team_name varchar, la_code varchar, extract_month date
);
create table raw.ssd_involvements (
    invo_involvements_id varchar, invo_professional_role_id varchar, invo_professional_team varchar,
    invo_involvement_start_date date, invo_involvement_end_date date, invo_person_id varchar,
    la_code varchar, extract_month date
);
create table raw.ssd_cin_plans (
    cinp_cin_plan_id varchar, cinp_person_id varchar, cinp_cin_plan_start_date date,
    cinp_cin_plan_end_date date, cinp_cin_plan_team varchar, la_code varchar, extract_month date
);
create table raw.ssd_cp_plans (
    cppl_cp_plan_id varchar, cppl_person_id varchar, cppl_cp_plan_start_date date,
    cppl_cp_plan_end_date date, cppl_cp_plan_ola varchar, la_code varchar, extract_month date
);
create table raw.ssd_cp_reviews (
    cppr_cp_review_id varchar, cppr_person_id varchar, cppr_cp_review_date date,
    la_code varchar, extract_month date
);
create table raw.ssd_legal_status (
    lega_legal_status_id varchar, lega_person_id varchar, lega_legal_status_start_date date,
    la_code varchar, extract_month date
);
create table raw.ssd_cla_episodes (
    clae_cla_episode_id varchar, clae_person_id varchar, clae_cla_episode_start_date date,
    clae_cla_episode_ceased_date date, la_code varchar, extract_month date
);
create table raw.dq_issue (
    la_code varchar, extract_month date, object varchar, rule varchar, column_name varchar, line_number bigint
);
create table raw.rule (rule varchar);
insert into raw.rule values ('cp_plan_without_start_date'), ('cin_plan_of_an_adult');
create table raw.rule_run (
    la_code varchar, extract_month date, rule varchar, outcome varchar, reason varchar,
    rows_checked bigint, rows_failed bigint
);
"""

MONTH = """
create or replace temp table people as
select 'p' || i as id, date '{month}' - (i % 365)::integer as began
from range({people}) as numbers (i);
insert into raw.drop values
    ('888', '{month}', '{attempted_at}', true, null, true, {is_fit});
insert into raw.ssd_person select id, '888', '{month}' from people;
insert into raw.ssd_department values
    ('t1', 'Team One', '888', '{month}'), ('t2', 'Team Two', '888', '{month}');
insert into raw.ssd_involvements select id, 'CW', 't1', began, null, id, '888', '{month}' from people;
insert into raw.ssd_cin_plans select id, id, began, null, 't1', '888', '{month}' from people;
insert into raw.ssd_cp_plans select id, id, began, null, 'N', '888', '{month}' from people;
insert into raw.ssd_cp_reviews select id, id, began, '888', '{month}' from people;
insert into raw.ssd_legal_status select id, id, began, '888', '{month}' from people;
insert into raw.ssd_cla_episodes select id, id, began, null, '888', '{month}' from people;
insert into raw.rule_run select '888', '{month}', rule, 'ran', '', {people}, 0 from raw.rule;
"""

FIGURES = """
create schema seeds;
create table seeds.indicator_register (
    indicator_id varchar, unit varchar, period varchar, has_team_rows boolean
);
insert into seeds.indicator_register values
    ('children_looked_after', 'number', 'month_end', true),
    ('children_looked_after_rate', 'rate_per_10000', 'month_end', false),
    ('cla_started', 'number', 'month', true),
    ('cp_plans_repeat', 'percentage', 'ytd', true),
    ('cp_plans_repeat_12_months', 'percentage', 'ytd', true);
create schema indicators;
create table indicators.fct_indicator_value (
    indicator_id varchar, la_code varchar, area_type varchar, area_name varchar, month date,
    extract_month date, basis varchar, numerator bigint, denominator bigint, value double, unit varchar
);
"""

MONTH_OF_FIGURES = """
insert into indicators.fct_indicator_value
select
    indicator_id, '888', area_type, area_name, '{month}', '{month}', 'as_reported', numerator, denominator,
    case unit when 'number' then numerator else 100.0 * numerator / denominator end, unit
from (
    values
    ('children_looked_after', 'authority', '888', 400, null, 'number'),
    ('children_looked_after', 'locality', 'North', 400, null, 'number'),
    ('children_looked_after', 'team', 'Team One', 150, null, 'number'),
    ('children_looked_after', 'team', 'Team Two', 250, null, 'number'),
    ('children_looked_after_rate', 'authority', '888', 400, 249727, 'rate_per_10000'),
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
"""


def make_warehouse(root: Path, people: int = PEOPLE) -> DataFolder:
    """The working file with July (found fit) and August (not judged yet), and the figures of both."""
    folder = DataFolder(root)
    folder.warehouse.mkdir(parents=True)
    with duckdb.connect(str(folder.database)) as connection:
        connection.execute(RAW)
        connection.execute(FIGURES)
        for month, is_fit in ((JULY, "true"), (AUGUST, "null")):
            add_month(connection, month, people, is_fit)
            connection.execute(MONTH_OF_FIGURES.format(month=month))
    return folder


def add_month(
    connection: duckdb.DuckDBPyConnection, month: dt.date, people: int = PEOPLE, is_fit: str = "null"
) -> None:
    """The drop of a month, with the entries that ingest writes about it."""
    attempted_at = f"{month + dt.timedelta(days=2)} 08:00:00+00"
    connection.execute(MONTH.format(month=month, people=people, is_fit=is_fit, attempted_at=attempted_at))
    for name in OBJECTS:
        connection.execute(
            f"insert into raw.drop_file select '888', '{month}', '{attempted_at}', '{name}', '{name}.csv', "
            f"'{name}-{month}', count(*), count(*), 0 from raw.{name} where extract_month = '{month}'"
        )


def change(folder: DataFolder, *statements: str) -> None:
    """Breaks something."""
    with duckdb.connect(str(folder.database)) as connection:
        for statement in statements:
            connection.execute(statement)
