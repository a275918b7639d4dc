"""No file of a release holds an LCS id of a person or worker, a name or a postcode of the drops behind it."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

PERSONS = ("ssd_person", "pers_person_id")
TEAMS = ("ssd_department", "dept_team_name")
WORKERS = ("ssd_professionals", "prof_professional_id")
OTHERS = (
    ("ssd_person", "pers_surname"),
    ("ssd_professionals", "prof_professional_name"),
    ("ssd_cla_placement", "clap_cla_placement_postcode"),
)
TOKEN = re.compile(r"[0-9a-zA-Z]+(?: [0-9][A-Z]{2}\b)?")
TEXT = {".json", ".html", ".csv", ".css"}


def values(drops: list[Path], name: str, column: str) -> set[str]:
    """Every value of a column in the drops."""
    files = [str(drop / f"{name}.csv") for drop in drops if (drop / f"{name}.csv").is_file()]
    rows = "read_csv(?, all_varchar = true, union_by_name = true)"
    query = f"select distinct {column} from {rows} where length({column}) > 3"
    return {value for (value,) in duckdb.execute(query, [files]).fetchall()}


def words_of_table(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The distinct words of every text column."""
    with duckdb.connect() as connection:
        for column, data_type, *_ in connection.execute(
            "describe from read_parquet(?, hive_partitioning = false)", [str(path)]
        ).fetchall():
            if data_type == "VARCHAR":
                query = f"""
                    select distinct unnest(regexp_extract_all(value, '{TOKEN.pattern}'))
                    from (select distinct "{column}" as value from read_parquet(?, hive_partitioning = false))
                    where not regexp_full_match(value, '[0-9a-f]{{32}}')
                """
                words = connection.execute(query, [str(path)]).fetchall()
                yield f"{path}: {column}", {word for (word,) in words}


def words_of(release: Path) -> Iterator[tuple[str, set[str]]]:
    """The words of everything in a release, by file and column. The DuckDB files have the same tables."""
    for path in sorted(path for path in release.resolve().rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            yield from words_of_table(path)
        # the dictionary shows words and numbers of the project only
        elif path.suffix != ".duckdb" and "dictionary" not in path.parts:
            assert path.suffix in TEXT, path
            yield str(path), set(TOKEN.findall(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def words(published) -> dict[str, set[str]]:
    return dict(words_of(published.release))


@pytest.fixture(scope="module")
def drops(published, lancashire) -> list[Path]:
    return [lancashire / "raw" / "lcs" / "888" / month for month in published.months]


def counts_of(where: str) -> set[str]:
    """The rows and bytes that a manifest tells: one of them can be the number of an id."""
    path = Path(where)
    return (
        set(re.findall(r'": (\d+)\b', path.read_text(encoding="utf-8"))) if path.name == "manifest.json" else set()
    )


def test_a_release_has_no_lcs_id_of_a_person_and_no_personal_value(words, drops):
    secrets = values(drops, *PERSONS).union(*(values(drops, *other) for other in OTHERS))
    assert len(secrets) > 40_000
    # a team of the sample has the name of a family
    secrets -= {word for team in values(drops, *TEAMS) for word in team.split()}
    found = {where: secrets & of_place - counts_of(where) for where, of_place in words.items()}
    assert {where: sorted(ids)[:3] for where, ids in found.items() if ids} == {}
    assert any("rejected_rows" in where for where in words)


def test_no_table_of_a_release_has_the_lcs_id_of_a_worker(words, drops):
    # five digits: on a page they may be a figure
    workers = values(drops, *WORKERS)
    tables = {where: of_place for where, of_place in words.items() if Path(where).suffix not in TEXT}
    assert workers and tables
    assert {where: workers & of_place for where, of_place in tables.items() if workers & of_place} == {}
