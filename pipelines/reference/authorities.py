"""English local authorities by three-digit code, abolished ones included: earlier drops may be theirs."""

from functools import cache

from pipelines.seeds import seed_rows


@cache
def authorities() -> dict[str, str]:
    """Names by code (source: Department for Education, codes used in its published statistics)."""
    return {row["la_code"]: row["la_name"] for row in seed_rows("authority")}
