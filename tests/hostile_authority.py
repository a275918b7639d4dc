"""An authority whose rows hold values that nobody expects: every column of every object, every value of its type.

The contracts say which columns there are and of what type; a new object or column is in it by itself. A life is a
person with one row in every object, with the number of the life as every id, so that all links hold.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.contracts import PERSON_OBJECT, Contract, ContractColumn, code_sets, contracts

Row = dict[str, str]
Rows = list[Row]

CLEAN_LIVES = 24
TEAMS = 6
TEAM_OBJECT = "ssd_department"

_LONG = "N" * 300
TEXTS = (
    "", " ", "NULL", "-1", _LONG, "W" * 70_000, "9" * 60, "9" * 400, "Plain 0", "PLAIN 0", "plain 0",
    "Not allocated", "NOT ALLOCATED", "a\x00b", "\x00", "bell\x07 escape\x1b[31m", "line\nbreak",
    "carriage\rreturn", "tab\there", "\u202efdp.exe", "\u200e\u200f\u2066", "\ufeff", "\u2028",
    "👩\u200d👧\u200d👦", "e\u0301", "z" + "\u0301" * 200, "\u0131 İ ß \ufb01", "<script>alert(1)</script>",
    "{{ 7 * 7 }}", "=1+1", "../../etc/passwd", "con", "'; drop table x; --", 'quote " in it', "%s %n", "\\",
    "$1", "a|b", "a/b", "\uff11\uff12", "\U0010fffd",
)  # fmt: skip
DATES = (
    "", "9999-12-31", "31/12/9999", "9999-12-31 23:59:59.9999999", "9999-01-01", "2500-02-28", "2049-09-01",
    "2019-12-24", "2019-08-31", "1900-01-02", "1900-01-01", "1899-12-31", "1753-01-01", "0019-06-01",
    "0001-01-01", "0000-01-01", "-0001-01-01", "10000-01-01", "292277026-01-01", "2019-02-29", "00/00/0000",
    "NaT", "45000", "2019-06-01T00:00:00Z", "\uff11\uff19-06-01", "\x00", _LONG,
)  # fmt: skip
NUMBERS = (
    "", "0", "-0", "-1", "12345678901234567890123", "9223372036854775807", "-9223372036854775808", "2147483648",
    "1e308", "1e400", "9" * 308, "9" * 400, "-" + "9" * 400, "0." + "0" * 400 + "1", "NaN", "inf", "-Infinity",
    "0x1F", "1,018.2", "1.5", "--1", ".", "\uff11\uff12", "\x00", _LONG,
)  # fmt: skip
JSONS = (
    "{}", "null", '{"ADOPTION": null}', '{"ADOPTION": "\\ud800"}', '{"ADOPTION": "Y", "ADOPTION": "N"}',
    "[" * 5000, "[" * 5000 + "]" * 5000, '{"ADOPTION":' * 3000 + '"Y"' + "}" * 3000, '{"ADOPTION": 1e999}',
    "NaN", "\\", '{"ADOPTION": "Y"' + ', "' + _LONG + '": 1' * 200 + "}", '{"\x00": "Y"}',
    '{"ADOPTION": "\\u0000"}',
)  # fmt: skip
HOSTILE = {
    "id": TEXTS, "code": TEXTS, "text": (*TEXTS, *DATES, *NUMBERS), "json": (*TEXTS, *JSONS), "date": DATES,
    "integer": NUMBERS, "number": NUMBERS,
}  # fmt: skip
"""Values that a cell may hold, by the type of its column."""

_PLAIN = {
    "cppl_cp_plan_ola": "N", "clar_cla_review_cancelled": "N", "invo_professional_role_id": "CW",
    "lega_legal_status": "C2", "clah_health_check_status": "Completed", "clah_health_check_type": "Dental Check",
    "clea_care_leaver_eligibility": "Former Relevant", "clea_care_leaver_in_touch": "YES",
    "clea_care_leaver_accommodation": "U1", "clea_care_leaver_accom_suitable": "1",
    "clea_care_leaver_activity": "F2", "lacp_cla_care_plan_json": '{"ADOPTION": "Y"}', "pers_death_date": "",
    "pers_expected_dob": "", "cine_close_reason": "", "dept_team_parent_name": "County",
}  # fmt: skip
_ENDED = {
    "cppl_cp_plan_end_date": "2019-08-20", "clae_cla_episode_ceased_date": "2019-08-20",
    "clae_cla_episode_ceased_reason": "E13",
}  # fmt: skip
"""What is over in every third life, whose child is therefore in need only."""


def clean_drop() -> dict[str, Rows]:
    """The objects of a drop with nothing wrong in them."""
    lives = {name: TEAMS if name == TEAM_OBJECT else CLEAN_LIVES for name in contracts()}
    return {name: [_plain_row(each, life) for life in range(lives[name])] for name, each in contracts().items()}


def hostile_drop() -> dict[str, Rows]:
    """The same rows, and after them those of lives with hostile values in one row of every object.

    Persons and teams have lives of their own: a person who is rejected takes all other rows along.
    """
    drop = clean_drop()
    others = [name for name in contracts() if name not in (PERSON_OBJECT, TEAM_OBJECT)]
    life = CLEAN_LIVES
    for spoilt in ([PERSON_OBJECT], [TEAM_OBJECT], others):
        changes = {name: list(_changes(contracts()[name])) for name in spoilt}
        for number in range(max(map(len, changes.values()))):
            for name, each in contracts().items():
                if name == TEAM_OBJECT and name not in spoilt:
                    continue
                row = _plain_row(each, life, has_own_team=spoilt == [TEAM_OBJECT])
                if number < len(changes.get(name, ())):
                    # each object begins elsewhere: rows of a life that are read together differ in fault
                    row |= changes[name][(number + 7 * spoilt.index(name)) % len(changes[name])]
                drop[name].append(row)
            life += 1
    return drop


def write_parquet_drop(data: Path, la_code: str, month: str, objects: dict[str, Rows]) -> None:
    """Writes a drop as parquet files, whose cells may hold any character: NUL makes a csv file unreadable."""
    folder = data / "raw" / "lcs" / la_code / month
    folder.mkdir(parents=True)
    for name, rows in objects.items():
        table = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
        table.write_parquet(folder / f"{name}.parquet")


def _changes(contract: Contract) -> Iterator[Row]:
    """The columns that may hold any text take turns with all texts at once, the others each alone."""
    alone = [
        column
        for column in contract.columns
        if column.type in ("date", "integer", "number") or column.name in (*contract.key, contract.person)
    ]
    free = [column for column in contract.columns if column not in alone]
    # the lists of boards, which have no key, hold dates and numbers as text
    texts = {
        column.name: TEXTS if contract.key and column.type == "text" else HOSTILE[column.type] for column in free
    }
    for number in range(max(map(len, texts.values()), default=0)):
        yield {name: values[(number + place) % len(values)] for place, (name, values) in enumerate(texts.items())}
    for column in alone:
        for value in HOSTILE[column.type]:
            yield {column.name: value}


def _plain_row(contract: Contract, life: int, *, has_own_team: bool = False) -> Row:
    team = str(life if has_own_team or contract.object == TEAM_OBJECT else life % TEAMS)
    plain = _PLAIN | _ENDED if life % 3 == 1 else _PLAIN
    return {
        column.name: plain.get(column.name, _plain(contract, column, life, team)) for column in contract.columns
    }


def _plain(contract: Contract, column: ContractColumn, life: int, team: str) -> str:
    if column.type == "date":
        return _plain_date(contract, column, life)
    if column.type == "id":
        return team if column.link and column.link[0] == TEAM_OBJECT else str(life)
    if column.code_set:
        return next(iter(code_sets()[column.code_set].codes))
    return "1" if column.type in ("integer", "number") else f"Plain {life % 4}"


def _plain_date(contract: Contract, column: ContractColumn, life: int) -> str:
    start, end = contract.period or ("", "")
    if column.name == "pers_dob":
        return ("2000-02-29", "2008-05-01", "2016-11-30")[life % 3]
    if column.name == start:
        return f"2019-0{1 + life % 8}-07"
    if column.name == end:
        return ""
    return "2019-09-15" if column.may_be_future else f"2019-08-{1 + life % 28:02d}"
