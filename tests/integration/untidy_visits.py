"""Adds visits, section 47 outcomes and children who go missing to the untidy authority.

It has chances of its own: no day of the other tables changes. Most days lie on or beside an edge of a definition.
"""

import datetime as dt
import json
import random
from typing import Any

from second_reading_extract import add_months

Rows = list[dict[str, Any]]
ONE_DAY = dt.timedelta(days=1)
TEAMS_AND_NONE = ("01", "02", "3", "04", "no such team", None)
OUTCOMES = (
    None,
    None,
    {"OUTCOME_CP_CONFERENCE_FLAG": "Y", "OUTCOME_NFA_FLAG": "N"},
    {"OUTCOME_NFA_FLAG": "Y", "OUTCOME_PROV_OF_SERVICES_FLAG": "Y"},
    {"OUTCOME_PROV_OF_SB_CARE_FLAG": "true"},
    {"OUTCOME_MONITOR_FLAG": "1", "OUTCOME_COMMENTS": "Y"},
    {"OUTCOME_LEGAL_ACTION_FLAG": "N", "OUTCOME_NFA_CONTINUE_SINGLE_FLAG": "Y"},
    {"OTHER_OUTCOMES_EXIST_FLAG": "Y"},
    {"OUTCOME_CP_FLAG": "Y"},
)


class Visits:
    """Adds its rows to the tables when it is made."""

    def __init__(self, tables: dict[str, Rows], month_ends: list[dt.date], extract: dt.date) -> None:
        self.rng = random.Random(extract.toordinal() + 2)
        self._tables, self._month_ends = tables, month_ends
        self._outcomes()
        for child in [row["pers_person_id"] for row in tables["ssd_person"]]:
            self._visits(
                child, "ssd_cp_visits", "cppv", "cppv_cp_visit", self._starts("ssd_cp_plans", "cppl", child)
            )
            cin_starts = self._starts("ssd_cin_plans", "cinp", child)
            self._visits(child, "ssd_cin_visits", "cinv", "cinv_cin_visit", cin_starts)
            placed = [
                row["clap_cla_placement_start_date"]
                for row in tables["ssd_cla_placement"]
                if row["clap_person_id"] == child and row["clap_cla_placement_start_date"]
            ]
            self._visits(child, "ssd_cla_visits", "clav", "clav_cla_visit", placed)
            self._missing(child)

    def _any(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def _beside(self, day: dt.date) -> dt.date:
        return day + self._any(-1, 0, 0, 1) * ONE_DAY

    def _number(self) -> str:
        return str(self.rng.randrange(10**12))

    def _starts(self, table: str, prefix: str, child: str) -> list[dt.date]:
        days = (
            row[f"{prefix}_{'cp' if prefix == 'cppl' else 'cin'}_plan_start_date"]
            for row in self._tables[table]
            if row[f"{prefix}_person_id"] == child
        )
        return [day for day in days if day]

    def _outcomes(self) -> None:
        for row in self._tables["ssd_s47_enquiry"]:
            began = row["s47e_s47_start_date"]
            ended = self._any(began, began, self._beside(self._any(*self._month_ends)), None)
            outcome = self._any(*OUTCOMES)
            row |= {
                "s47e_s47_end_date": ended and began and max(began, ended),
                "s47e_s47_nfa": self._any("Y", "N", None),
                "s47e_s47_outcome_json": outcome and json.dumps(outcome),
                "s47e_s47_completed_by_team": self._any(*TEAMS_AND_NONE),
            }
        for row in self._tables["ssd_cin_assessments"]:
            row["cina_assessment_outcome_nfa"] = self._any("Y", "N", "N", None)

    def _visits(self, child: str, table: str, prefix: str, visit: str, starts: list[dt.date]) -> None:
        for _ in range(self._any(0, 2, 4, 8) if starts else self._any(0, 0, 1)):
            end = self._any(*self._month_ends)
            days = [end - self._any(21, 28, 42, 43) * ONE_DAY, add_months(end, -3), end]
            day = self._beside(self._any(*days, *starts))
            for _ in range(self._any(1, 1, 1, 2)):
                self._tables[table].append(
                    {
                        f"{visit}_id": self._number(),
                        f"{prefix}_person_id": child,
                        f"{visit}_date": self._any(day, day, day, day, None),
                        f"{visit}_seen": self._any("Y", "Y", "Y", "N", None),
                        f"{visit}_seen_alone": self._any("Y", "N", None),
                    }
                )

    def _missing(self, child: str) -> None:
        edges = [
            day
            for row in self._tables["ssd_cla_episodes"]
            if row["clae_person_id"] == child
            for day in (row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"])
            if day
        ]
        edges += [
            day
            for row in self._tables["ssd_legal_status"]
            if row["lega_person_id"] == child
            for day in (row["lega_legal_status_start_date"], row["lega_legal_status_end_date"])
            if day
        ]
        for _ in range(self._any(0, 0, 1, 2, 3)):
            end = self._any(*self._month_ends)
            start = self._beside(self._any(end, add_months(end, -12), end.replace(day=1), *edges))
            back = self._any(start, start + ONE_DAY, start + 30 * ONE_DAY, start + 400 * ONE_DAY, None)
            for _ in range(self._any(1, 1, 1, 2)):
                self._tables["ssd_missing"].append(
                    {
                        "miss_table_id": self._number(),
                        "miss_person_id": child,
                        "miss_missing_episode_start_date": self._any(start, start, start, start, None),
                        "miss_missing_episode_type": self._any("M", "M", "M", "Missing", "A", None),
                        "miss_missing_episode_end_date": back,
                        "miss_missing_rhi_offered": self._any("Y", "Y", "N", "NA", None),
                        "miss_missing_rhi_accepted": self._any("Y", "N", "NA", None),
                    }
                )
