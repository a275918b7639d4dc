"""The objects of a drop and their columns, in the order in which LCS exports them."""

from pipelines.contracts import contracts

_OBJECTS = (
    "ssd_person",
    "ssd_contacts",
    "ssd_cin_episodes",
    "ssd_cin_assessments",
    "ssd_cin_plans",
    "ssd_cin_visits",
    "ssd_s47_enquiry",
    "ssd_initial_cp_conference",
    "ssd_cp_plans",
    "ssd_cp_reviews",
    "ssd_cp_visits",
    "ssd_legal_status",
    "ssd_cla_episodes",
    "ssd_cla_placement",
    "ssd_cla_reviews",
    "ssd_cla_visits",
    "ssd_cla_care_plan",
    "ssd_cla_health",
    "ssd_cla_immunisations",
    "ssd_sdq_scores",
    "ssd_missing",
    "ssd_permanence",
    "ssd_care_leavers",
    "ssd_department",
    "ssd_involvements",
    "ssd_professionals",
    "ssd_immigration_status",
    "ssd_disability",
    "ssd_pre_proceedings",
    "local_pep",
    "local_delivery_plan",
    "local_eet_plan",
    "local_permanence_tracker",
    "local_private_fostering",
    "local_workforce_post",
    "local_iro_contact",
    "local_iro_challenge",
    "local_review_delay",
    "local_foster_review",
    "local_conference_attendance",
    "local_conference_child",
    "local_conference_feedback",
    "local_conference_appeal",
)
"""In this order `dirt` draws where its rows go: another order gives other drops."""

COLUMNS = {name: tuple(column.name for column in contracts()[name].columns) for name in _OBJECTS}
WHEN_IT_CHANGES = tuple(name for name in _OBJECTS if contracts()[name].delivered == "when_it_changes")
"""Objects that a drop holds only where they differ from those of the drop before."""


def key_column(name: str) -> str:
    """The column of an object's key, the first of several; the first column of an object without a key."""
    return (contracts()[name].key or COLUMNS[name])[0]


def person_column(name: str) -> str | None:
    """The column that holds the person's id; None for objects that have none."""
    return contracts()[name].person
