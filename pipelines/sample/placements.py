"""Rows of ssd_cla_placement.

Does not belong here: where a child lived from when to when (`care_periods`); short breaks (`care`).
"""

import datetime as dt

from pipelines.sample.book import Book
from pipelines.sample.care_periods import Care
from pipelines.sample.recording import Known, ended

_REASONS = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "STAND", "CLOSE", "OTHER")
_REASON_WEIGHTS = (50, 14, 12, 6, 6, 3, 3, 6)


def write_placements(book: Book, care: Care) -> list[tuple[dt.date, str]]:
    """Writes the placements of a period of care; returns (first day, id) of each."""
    rng, spell = book.rng, care.spell
    written = []
    for number, stay in enumerate(care.stays):
        following = care.stays[number + 1] if number + 1 < len(care.stays) else None
        is_regulated = stay.kind[0] in "KUR"
        urn = (f"SC{rng.randint(100000, 999999)}" if rng.random() > 0.04 else "XXXXXXX") if is_regulated else None
        distance = 999.9 if rng.random() < 0.02 else round(rng.expovariate(1 / 11), 1)
        end = ended(following.since, following.day) if following else care.end
        reason = rng.choices(_REASONS, _REASON_WEIGHTS)[0]
        reason_shown = Known(((0, None), (following.since, reason))) if following else None
        placement = book.id("12")
        start = care.start if number == 0 else stay.day
        row = (placement, start, stay.kind, urn, distance, care.cla_id, _provider(book, stay.kind))
        where = f"ZZ{rng.randint(1, 14)} {rng.randint(1, 9)}{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRSTU')}"
        book.add("ssd_cla_placement", (stay.since, spell.until), *row, where, end, reason_shown, spell.child.id)
        written.append((stay.day, placement))
    return written


def _provider(book: Book, kind: str) -> str | None:
    """Who provides a placement; for temporary and other ones nobody (903 validation rule 213)."""
    if kind[0] in "TZ":
        return None
    if kind == "P1":
        return "PR0"
    return book.rng.choices(("PR1", "PR2", "PR4", "PR5"), (55, 4, 36, 5))[0]
