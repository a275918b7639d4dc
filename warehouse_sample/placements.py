"""Rows of ssd_cla_placement.

Does not belong here: when a child moved (`care_periods`), where to (`homes`); short breaks (`care`).
"""

import datetime as dt

from warehouse_sample.areas import miles_from_home, postcode_in
from warehouse_sample.book import Book
from warehouse_sample.care_periods import Care
from warehouse_sample.recording import Known, ended

_REASONS = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "STAND", "CLOSE", "OTHER")
_REASON_WEIGHTS = (50, 14, 12, 6, 6, 3, 3, 6)
_INSPECTED_ELSEWHERE = 0.04
_PROVIDERS = {"PR1": 55, "PR2": 4, "PR4": 36, "PR5": 5}
"""Who provides most kinds of placement, by weight."""


def write_placements(book: Book, care: Care, has_home_here: bool) -> list[tuple[dt.date, str]]:
    """Writes the placements of a period of care; returns (first day, id) of each.

    A child who came to the country alone has no home here, so no distance from it.
    """
    rng, spell = book.rng, care.spell
    written = []
    for number, stay in enumerate(care.stays):
        following = care.stays[number + 1] if number + 1 < len(care.stays) else None
        urn = None
        if has_urn(stay.kind):
            is_known = rng.random() >= _INSPECTED_ELSEWHERE
            urn = f"SC{rng.randint(100000, 999999)}" if is_known else "XXXXXXX"
        distance = miles_from_home(rng, stay.area)
        end = care.end
        if following:
            end = ended(following.since if following.ends_before is None else following.ends_before, following.day)
        reason = rng.choices(_REASONS, _REASON_WEIGHTS)[0]
        has_moved = following and "T" not in (stay.kind[0], following.kind[0])
        reason_shown = Known(((0, None), (following.since, reason))) if following and has_moved else None
        placement = book.id("12")
        start = care.start if number == 0 else stay.day
        row = (placement, start, stay.kind, urn, distance if has_home_here else None)
        kept_by = (care.cla_id, _provider(book, stay.kind))
        where = (postcode_in(rng, stay.area), end, reason_shown, spell.child.id)
        book.add("ssd_cla_placement", (stay.since, spell.until), *row, *kept_by, *where)
        written.append((stay.day, placement))
    return written


def has_urn(kind: str) -> bool:
    """Whether a kind of placement is in a setting that is registered (903 validation rules 218 and 222)."""
    return kind[0] in "AKSU" or kind == "R3"


def providers(kind: str) -> tuple[str | None, ...]:
    """Who may provide a kind of placement; no provider for temporary and other ones (903 validation rule 213)."""
    if kind[0] in "TZ":
        return (None,)
    if kind == "P1":
        return ("PR0",)
    if kind in ("R2", "R5"):
        return ("PR4",)
    return tuple(_PROVIDERS)


def _provider(book: Book, kind: str) -> str | None:
    able = providers(kind)
    return book.rng.choices(able, list(_PROVIDERS.values()))[0] if len(able) > 1 else able[0]
