"""Data folders to measure with, made from the sample's thirteen drops: many months, or many authorities.

Months: a tenth of the county's people, for as many months as asked. People whose records change in the sample
live through its thirteen drops, each from another month on. Then a new person with other ids takes the place.
The others have the same records in every drop. So a drop has about as many rows as the last one, some 9 % of
them new, and no month changes everything. All dates of a person move by the same number of months. One in
thirteen of the people who change is replaced every month: more than in an authority, so the check of withdrawn
records warns. So does the one of published figures, because they are the whole county's.

Authorities: the people of one drop of the county, divided among three authorities of some 143,000 rows, or 21 of
some 20,000. Further authorities have the same people under other codes.
"""

import argparse
import zlib
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.contracts import Contract, contracts
from pipelines.seeds import seed_rows
from pipelines.settings import DataFolder
from warehouse_sample import FIRST_MONTH, LA_CODE, LAST_MONTH, write_sample
from warehouse_sample.timeline import DROPS, MONTHS

SMALL_AUTHORITY = 10
AUTHORITIES = {"mean": 3, "small": 21}
"""One in so many people of the county."""
_OBJECTS_FOR_ALL = ("ssd_department", "ssd_professionals")
_ISO_DAY, _BRITISH_DAY = ("%Y-%m-%d", r"^\d{4}-\d\d-\d\d"), ("%d/%m/%Y", r"^\d\d/\d\d/\d{4}$")

_Drop = dict[str, pl.DataFrame]
"""The rows by object, with the id of the person in `who`; null for a row without a person."""


def write_months(sample: Path, folder: DataFolder, months: int, one_in: int = SMALL_AUTHORITY) -> None:
    """Writes a small authority's drops for so many months from August 2018 on. `sample`: the county's drops."""
    drops: list[_Drop] = []
    for month in MONTHS:
        # A list that comes when it changes stays as it was.
        drops.append((drops[-1] if drops else {}) | _some_people(_with_people(sample / str(month)), one_in, 0))
    for name, rows in drops[-1].items():
        for drop in drops:
            drop.setdefault(name, rows.clear())
    changing = _people_who_change(drops[0], drops[-1])
    by_phase = [
        {name: _by_phase(rows.filter(pl.col("who").is_in(changing))) for name, rows in drop.items()}
        for drop in drops
    ]
    unchanged = {name: rows.filter(~pl.col("who").is_in(changing)) for name, rows in drops[-1].items()}
    for number in range(months):
        month = FIRST_MONTH.plus(number)
        for name, rows in unchanged.items():
            of_nobody = drops[number % len(DROPS)][name].filter(pl.col("who").is_null())
            parts = [part.select(rows.columns).drop("who") for part in (of_nobody, rows)]
            for phase in DROPS:
                life, drop = divmod(number + phase, len(DROPS))
                living = by_phase[drop][name].get(phase)
                if living is not None:
                    parts.append(_lived(living.select(parts[0].columns), contracts()[name], life, phase))
            _write(pl.concat(parts), name, folder.lcs / LA_CODE / str(month))


def write_authorities(sample: Path, folder: DataFolder, count: int, size: str) -> list[str]:
    """Writes the drops of so many authorities for August 2019. Returns their codes. `size`: see AUTHORITIES."""
    codes = [row["la_code"] for row in seed_rows("authority") if row["la_code"] != LA_CODE][:count]
    parts = AUTHORITIES[size]
    county = _with_people(sample / str(LAST_MONTH))
    for part in range(min(parts, len(codes))):
        for name, rows in _some_people(county, parts, part).items():
            for code in codes[part::parts]:
                _write(rows.drop("who"), name, folder.lcs / code / str(LAST_MONTH))
    return codes


def _with_people(drop: Path) -> _Drop:
    rows = {path.name.partition(".")[0]: pl.read_csv(path, infer_schema=False) for path in sorted(drop.iterdir())}
    care = rows["ssd_cla_episodes"].select("clae_cla_id", who="clae_person_id").unique("clae_cla_id")
    meetings = pl.concat(
        rows[name].select(meeting_id=f"{prefix}_meeting_id", who=f"{prefix.partition('_')[0]}_person_id")
        for name, prefix in (("ssd_initial_cp_conference", "icpc_icpc"), ("ssd_cp_reviews", "cppr_cp_review"))
    ).unique("meeting_id")
    people: _Drop = {}
    for name, table in rows.items():
        if person := contracts()[name].person:
            people[name] = table.with_columns(who=person)
        elif name == "ssd_cla_reviews":
            people[name] = table.join(care, left_on="clar_cla_id", right_on="clae_cla_id", how="left")
        elif name == "local_conference_attendance":
            people[name] = table.join(meetings, on="meeting_id", how="left")
        else:
            people[name] = table.with_columns(who=pl.lit(None, pl.String))
    return people


def _some_people(drop: _Drop, one_in: int, part: int) -> _Drop:
    """The rows of one person in so many, and all rows without a person."""
    return {
        name: rows.filter(pl.Series([who is None or _number(who) % one_in == part for who in rows["who"]]))
        for name, rows in drop.items()
    }


@cache
def _number(person: str) -> int:
    return zlib.crc32(person.encode())


def _people_who_change(first: _Drop, last: _Drop) -> list[str]:
    people: set[str] = set()
    for name, rows in last.items():
        before = first[name].select(rows.columns)
        for some, others in ((before, rows), (rows, before)):
            only = some.join(others, on=rows.columns, how="anti", nulls_equal=True)
            people.update(only["who"].drop_nulls())
    return sorted(people)


def _by_phase(rows: pl.DataFrame) -> dict[int, pl.DataFrame]:
    phases = pl.Series("phase", [_number(who) // 1000 % len(DROPS) for who in rows["who"]], pl.Int64)
    parts = rows.with_columns(phases).partition_by("phase", as_dict=True)
    return {int(str(key[0])): part for key, part in parts.items()}


def _lived(rows: pl.DataFrame, contract: Contract, life: int, phase: int) -> pl.DataFrame:
    """The rows with their dates moved to a life, and with the ids of that life."""
    later = f"{life * len(DROPS) - phase}mo"
    dates = [column.name for column in contract.columns if column.type == "date" and column.name in rows.columns]
    ids = [name for name in _own_ids(contract) if life and name in rows.columns]
    return rows.with_columns(
        *(_moved(name, later) for name in dates),
        *((pl.lit(str(life)) + pl.col(name)).alias(name) for name in ids),
    )


def _moved(column: str, later: str) -> pl.Expr:
    text = pl.col(column)
    written = {
        form: text.str.slice(0, 10).str.to_date(form, strict=False).dt.offset_by(later).dt.strftime(form)
        for form, _ in (_ISO_DAY, _BRITISH_DAY)
    }
    return (
        pl.when(text.str.contains(_ISO_DAY[1]))
        .then(pl.coalesce(written[_ISO_DAY[0]] + text.str.slice(10), text))
        .when(text.str.contains(_BRITISH_DAY[1]))
        .then(pl.coalesce(written[_BRITISH_DAY[0]], text))
        .otherwise(text)
        .alias(column)
    )


@cache
def _own_ids(contract: Contract) -> tuple[str, ...]:
    """The ids of people and of their records: not those of teams, workers and homes."""
    if contract.object in _OBJECTS_FOR_ALL:
        return ()
    return tuple(
        column.name
        for column in contract.columns
        if column.type == "id"
        and column.privacy in ("keep", "person")
        and (column.link or ("", ""))[0] not in _OBJECTS_FOR_ALL
        and not column.name.endswith("_urn")
    )


def _write(rows: pl.DataFrame, name: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if "snapshot" in rows.columns:
        rows = rows.with_columns(snapshot=pl.lit(folder.name))
    rows.write_csv(folder / f"{name}.csv")


def main() -> None:
    """Writes a data folder, and the county's sample first where it is not given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="the new data folder")
    parser.add_argument("--months", type=int, metavar="N", help="a small authority for N months")
    parser.add_argument("--authorities", type=int, metavar="K", help="K authorities in August 2019")
    parser.add_argument("--size", choices=sorted(AUTHORITIES), default="mean")
    parser.add_argument("--sample", type=Path, help="a data folder with the drops of `warehouse sample`")
    options = parser.parse_args()
    folder = DataFolder(options.folder)
    sample = DataFolder(options.sample or options.folder / "sample")
    if options.sample is None:
        write_sample(sample, FIRST_MONTH, LAST_MONTH, 20190831, print)
    drops = sample.lcs / LA_CODE
    if options.months:
        write_months(drops, folder, options.months)
    if options.authorities:
        print(*write_authorities(drops, folder, options.authorities, options.size))


if __name__ == "__main__":
    main()
