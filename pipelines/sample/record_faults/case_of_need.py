"""Records of a case of need as they should be.

Belongs here: rows that several planters need, each with columns to be given otherwise. Where nothing else is given
the case was closed in October 2015, before the first day that any figure of the first drop looks back to.
"""

import datetime as dt
from typing import Any

from pipelines.sample.organisation import team_id
from pipelines.sample.record_faults.case import Case

REFERRED = dt.date(2014, 3, 3)
CLOSED = dt.date(2015, 10, 14)


def referral(case: Case, **values: Any) -> str:
    about = {
        "cine_referral_date": REFERRED,
        "cine_cin_primary_need_code": "N1",
        "cine_referral_source_code": "6",
        "cine_referral_source_desc": "Police",
        "cine_referral_nfa": "N",
        "cine_close_reason": "RC7",
        "cine_close_date": CLOSED,
        "cine_referral_team": team_id(case.place.team),
        "cine_referral_worker_id": case.worker(),
    }
    return case.add("ssd_cin_episodes", **(about | values))
