"""Stands in for dbt's own macros when SQL is linted: each becomes a plain function call."""


def date_trunc(datepart: str, date: str) -> str:
    """First day of the month or year of a date."""
    return f"date_trunc('{datepart}', {date})"


def dateadd(datepart: str, interval: str | int, day: str) -> str:
    """A number of days or months later."""
    return f"date_add('{datepart}', {interval}, {day})"


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    """Days or months from one date to another."""
    return f"date_diff('{datepart}', {first_date}, {second_date})"
