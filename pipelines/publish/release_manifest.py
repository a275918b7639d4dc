"""The manifest of a release: its tables, the drops it was made from, and the verdicts of the gates."""

import datetime as dt
import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.findings import MonthFindings

PACKAGES = (
    "childrens-services-warehouse",
    "dagster",
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "polars",
)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versions of this project and of the packages that decide figures."""
    return {name: version(name) for name in PACKAGES}


def drops_used(connection: duckdb.DuckDBPyConnection, findings: MonthFindings) -> list[dict[str, Any]]:
    """Every loaded drop with its files, and the drops of this month that the last attempt refused."""
    faults = {drop["la_code"]: drop["faults"] for drop in findings.drops}
    attempts = connection.execute(
        """
        with attempts as (
            select
                *,
                row_number() over (partition by la_code, extract_month order by attempted_at desc) as recency
            from raw.drop
        )
        select la_code, strftime(extract_month, '%Y-%m'), accepted, reason, attempted_at
        from attempts
        where is_loaded or (not accepted and recency = 1 and extract_month = ?)
        order by extract_month, la_code, attempted_at
        """,
        [findings.month.end],
    ).fetchall()
    files = connection.execute(
        """
        select la_code, strftime(extract_month, '%Y-%m'), attempted_at,
            object, file, sha256, rows_read, rows_loaded, rows_rejected
        from raw.drop_file
        order by object
        """
    ).fetchall()
    rejected: dict[tuple[Any, ...], dict[str, int]] = {}
    for la_code, month, file, rule, count in connection.execute(
        """
        select la_code, strftime(extract_month, '%Y-%m'), source_file, rule, count(*)
        from raw.rejected_rows
        group by all
        order by all
        """
    ).fetchall():
        rejected.setdefault((la_code, month, file), {})[rule] = count
    names = ("object", "file", "sha256", "rows_read", "rows_loaded", "rows_rejected")
    by_attempt: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for file in files:
        entry = dict(zip(names, file[3:], strict=True))
        entry["rejected_by_rule"] = rejected.get((*file[:2], entry["file"]), {})
        by_attempt.setdefault(file[:3], []).append(entry)
    return [
        {
            "la_code": la_code,
            "extract_month": extract_month,
            "accepted": accepted,
            "reason": reason,
            "files": by_attempt.get((la_code, extract_month, attempted_at), []),
            "faults": [] if accepted else faults.get(la_code, []),
        }
        for la_code, extract_month, accepted, reason, attempted_at in attempts
    ]


def write_manifest(path: Path, content: dict[str, Any]) -> None:
    """Writes readable JSON, with keys in the order given."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written to a manifest")
