"""Says what a file looks like that no run reads, from the names of its columns, sheets and elements.

Belongs here: the names by which a layout is known, and what a person can do with such a file today. Does not
belong here: reading a layout. Returns (SSDA903, CIN census) and Annex A are recognised, and not read yet.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.contracts import contracts

if TYPE_CHECKING:
    from pipelines.reading.file_outline import FileOutline

NAMES_SHOWN = 5
LEAST_OF_AN_OBJECT, LEAST_OF_A_RETURN, HALF = 2, 3, 0.5
DROP = "raw/lcs/<la_code>/<YYYY-MM>/"
_OBJECTS = "objects of the Standard Safeguarding Dataset, such as ssd_person.csv"
NOT_READ_YET = f"this layout is not read yet: deliver {_OBJECTS}, in {DROP}"

SSDA903: Mapping[str, str] = {
    "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
    "episodes": "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN",
    "reviews": "CHILD DOB REVIEW REVIEW_CODE",
    "unaccompanied children": "CHILD SEX DOB DUC",
    "OC2": "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT"
    " SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    "OC3": "CHILD DOB IN_TOUCH ACTIV ACCOM",
    "AD1": "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
    "placed for adoption": "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
    "previous permanence": "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
    "missing": "CHILD DOB MISSING MIS_START MIS_END",
    "social worker episodes": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
    "deprivation of liberty": "CHILD DOB DOLO_START DOLO_END",
}
"""The tables of the return about children looked after, with their columns."""

ANNEX_A: Mapping[str, tuple[str, ...]] = {
    "list 1, contacts": ("dateofcontact", "contactsource"),
    "list 2, early help": ("organisationcompleting", "assessmentcompletiondate"),
    "list 3, referrals": ("dateofreferral", "referralsource"),
    "list 4, assessments": ("continuousassessment", "assessmentauthorisationdate"),
    "list 5, section 47 enquiries": ("strategydiscussion", "section47"),
    "list 6, children in need": ("cinstartdate", "cinclosuredate"),
    "list 7, child protection": ("childprotectionplanstart", "latestcategoryofabuse"),
    "list 8, children in care": ("startedtobelookedafter", "legalstatus"),
    "list 9, care leavers": ("eligibilitycategory", "suitabilityofaccommodation"),
    "list 10, adoption": ("placementorder", "childenteredcare"),
    "list 11, adopters": ("adopteridentifier",),
}
"""The lists that Ofsted asks for, with parts of the names of columns by which each is known."""
_CHILD_OF_ANNEX_A = ("childuniqueid", "adopteridentifier")
_SHEET_OF_ANNEX_A = re.compile(r"list[ _]?(?:[1-9]|1[01])\b", re.IGNORECASE)
_PUBLISHED = {"time_period", "geographic_level"}
_FORMS = {
    "XML": f"an XML file: deliver {_OBJECTS}, in {DROP}",
    "workbook": f"a workbook: deliver one for each object, named after it, such as ssd_person.xlsx, in {DROP}",
    "old workbook": "an old Excel workbook: save it as xlsx or csv, named after its object (ssd_person.csv)",
    "zip": f"a zip file: unpack it, and deliver {_OBJECTS}, in {DROP}",
}


@dataclass(frozen=True)
class Likeness:
    """What a file looks like, and what to do with it. `object`: of the drop, where it is one."""

    what: str
    remedy: str
    object: str | None = None

    def __str__(self) -> str:
        return f"this looks like {self.what}: {self.remedy}"


def likeness(outline: "FileOutline") -> Likeness | None:
    """What the file looks like: its layout, else its form; None where nothing is known of it."""
    remedy = _FORMS.get(outline.form)
    return likeness_of_layout(outline) or (Likeness(*remedy.split(": ", 1)) if remedy else None)


def likeness_of_layout(outline: "FileOutline") -> Likeness | None:
    """The layout that the file looks like; None where it is not known."""
    lists = [name for name in outline.sheets if _SHEET_OF_ANNEX_A.match(name)]
    if len(lists) > 1:
        return Likeness(f"an Annex A workbook (sheets {lists[0]} to {lists[-1]})", NOT_READ_YET)
    of_rows = (likeness_of_columns(row) for row in outline.rows)
    return _of_xml(outline.elements) or next((alike for alike in of_rows if alike), None)


def likeness_of_columns(names: Iterable[str]) -> Likeness | None:
    """What a table with these columns looks like; None where nothing is known of it."""
    given = {name.strip().lower() for name in names}
    # the columns of an object have a prefix of their own: a few are enough
    objects = {name: [column.name for column in known.columns] for name, known in contracts().items()}
    of_object = _most_shared(given, objects, LEAST_OF_AN_OBJECT, 0)
    if of_object:
        remedy = f"deliver it as {of_object}.csv or {of_object}.xlsx, in {DROP}"
        return Likeness(f"the object {of_object}", remedy, of_object)
    returns = {name: columns.lower().split() for name, columns in SSDA903.items()}
    of_903 = _most_shared(given, returns, LEAST_OF_A_RETURN, HALF)
    if of_903:
        shown = [column for column in SSDA903[of_903].split() if column.lower() in given]
        rest = f" and {len(shown) - NAMES_SHOWN} more" if len(shown) > NAMES_SHOWN else ""
        columns = f"columns {', '.join(shown[:NAMES_SHOWN])}{rest}"
        return Likeness(f"SSDA903 {of_903} ({columns})", NOT_READ_YET)
    squeezed = {re.sub(r"[^a-z0-9]", "", name) for name in given}
    if any(part in name for name in squeezed for part in _CHILD_OF_ANNEX_A):
        of_list = max(ANNEX_A, key=lambda name: sum(any(p in s for s in squeezed) for p in ANNEX_A[name]))
        is_known = any(part in name for name in squeezed for part in ANNEX_A[of_list])
        return Likeness(f"Annex A {of_list}" if is_known else "a list of Annex A", NOT_READ_YET)
    if given >= _PUBLISHED:
        return Likeness("published figures", "put it into raw/comparators/<publisher>/<release>/")
    return None


def _most_shared(
    given: Collection[str], tables: Mapping[str, Collection[str]], least: int, share: float
) -> str | None:
    """The table with most of the names, if at least so many are its own and they are this share of its columns."""
    shared = {name: len({*given} & {*columns}) for name, columns in tables.items()}
    best = max(shared, key=lambda name: (shared[name], shared[name] / len(tables[name])))
    return best if shared[best] >= max(least, share * len(tables[best])) else None


def _of_xml(elements: Collection[str]) -> Likeness | None:
    names = {name.lower() for name in elements}
    if "cindetails" in names or {"childidentifiers", "childcharacteristics"} <= names:
        return Likeness("a CIN census return (XML)", NOT_READ_YET)
    if {"childid", "episode"} <= names or {"childid", "header"} <= names:
        return Likeness("an SSDA903 return (XML)", NOT_READ_YET)
    return None
