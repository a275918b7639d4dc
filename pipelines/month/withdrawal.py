"""Withdrawing refused drops from a month that goes on for the other authorities.

Belongs here: which steps that takes, and what a warning says. Does not belong here: which drops are
refused; gates and data tests decide that.
"""

from collections.abc import Mapping

from pipelines.calendar import Month
from pipelines.errors import BadInputError, GateRefusedError
from pipelines.findings import note_withdrawn
from pipelines.ingest.raw_tables import newest_month_loaded, write_run
from pipelines.ingest.withdraw import withdraw_drops
from pipelines.month.context import MonthContext
from pipelines.quality import run_rules_of_month
from pipelines.transform import build, remove_built
from pipelines.warehouse_file import open_warehouse


def authorities_of_run(context: MonthContext) -> frozenset[str]:
    """The authorities that the run of the month works on."""
    with open_warehouse(context.folder, read_only=True) as connection:
        rows = connection.execute("select la_code from raw.run where extract_month = ?", [context.month.end])
        return frozenset(la_code for (la_code,) in rows.fetchall())


def withdraw(context: MonthContext, reasons: Mapping[str, str], is_built: bool) -> None:
    """Withdraws the drops of these authorities from the month, so that they stay at what was published of them.

    `reasons`: why each is refused. `is_built`: whether models were built from these drops.
    Raises GateRefusedError if an earlier drop of an authority cannot be loaded again.
    """
    folder, month = context.folder, context.month
    others = authorities_of_run(context) - reasons.keys()
    try:
        restored = withdraw_drops(folder, month, reasons, context.options.settings.inputs)
    except BadInputError as fault:
        raise GateRefusedError("\n".join([*reasons.values(), str(fault)])) from fault
    removed = remove_built(folder, month, reasons.keys() - restored)
    if restored:
        _write_run(context, month, restored)
        run_rules_of_month(folder, month, lambda line: None, are_findings=False)
    build_again: dict[Month, list[str]] = {month: sorted(restored)} if is_built and restored else {}
    with open_warehouse(folder, read_only=True) as connection:
        newest = {la_code: newest_month_loaded(connection, la_code) for la_code in sorted(reasons)}
    for la_code in sorted(removed):
        # its restated rows and due items went when the month was built
        if (last := newest[la_code]) is not None:
            build_again.setdefault(last, []).append(la_code)
    for of_month, la_codes in build_again.items():
        _write_run(context, of_month, la_codes)
        build(folder, of_month)
    _write_run(context, month, others)
    note_withdrawn(folder, month, reasons)
    for la_code, reason in reasons.items():
        context.progress.warning(f"{la_code} {month}: refused, {_what_stays(month, newest[la_code])}: {reason}")


def _write_run(context: MonthContext, month: Month, la_codes: frozenset[str] | list[str]) -> None:
    with open_warehouse(context.folder) as connection:
        write_run(connection, month, la_codes)


def _what_stays(month: Month, newest: Month | None) -> str:
    if newest is None:
        return "without an earlier drop to stay at"
    return "so its earlier drop of the month stays" if newest == month else f"so it stays at its drop of {newest}"
