"""Stands in for dbt's adapter when SQL is linted: a dispatched macro becomes a plain function call."""

from collections.abc import Callable


def dispatch(name: str, package: str) -> Callable[..., str]:
    """A stand-in for the macro that dbt would choose for its database."""
    return lambda *arguments: f"{name}({', '.join(str(argument) for argument in arguments)})"
