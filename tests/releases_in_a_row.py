"""Releases of a small council, one after the other: what each publishes in `open/`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from disclosure_attack import KEYS, Extract, Faults
from small_councils import Council

from pipelines.publish.disclosure import left_out_rows, open_tables
from pipelines.settings import DisclosureRules

FIGURES, FAULTS, LEFT_OUT = "mart_indicator_monthly", "mart_data_quality", "left out"
SORTED_BY = {FIGURES: KEYS, FAULTS: ["rule", "area_type", "area_name", "month"]}
Frames = dict[str, pl.DataFrame]


@dataclass
class Releases:
    """Each release of a council is made after the one before; `folder` holds what they publish."""

    council: Council
    folder: Path
    rules: DisclosureRules = field(default_factory=DisclosureRules)
    frames: list[Frames] = field(default_factory=list)

    def publish(self) -> Frames:
        """Makes the next release."""
        number = len(self.frames)
        frames = self.would_publish(number, self.council.release(number), self.council.faults)
        room = self.folder / str(number)
        room.mkdir(parents=True)
        for name, frame in frames.items():
            frame.write_parquet(room / f"{name}.parquet")
        self.frames.append(frames)
        return frames

    def would_publish(self, number: int, figures: pl.DataFrame, faults: pl.DataFrame) -> Frames:
        """What a release would publish if figures and faults were these."""
        connection = self.council.warehouse(figures, faults)
        before = self.folder / str(number - 1) if number else None
        left_out = self.frames[number - 1][LEFT_OUT].to_dicts() if number else ()
        queries = dict(open_tables(connection, self.rules, before, left_out, self.folder / "kept"))
        frames = {name: connection.execute(queries[name]).pl().sort(keys) for name, keys in SORTED_BY.items()}
        return frames | {LEFT_OUT: pl.DataFrame(left_out_rows(connection))}

    def extract(self, number: int) -> Extract:
        """What the release of an extract shows of it."""
        own = pl.col("extract_month") == self.council.extracts[number]
        teams = self.council.teams.filter(own).select("team_name", "locality_name").iter_rows()
        return Extract(self.frames[number][FIGURES].filter(own), self.council.figures.filter(own), teams)

    def is_published_alike(self, number: int, extract: Extract) -> Callable[[np.ndarray], bool]:
        """Says of a filling of an extract whether its release, and all later ones, would publish the same."""
        month = self.council.extracts[number]
        is_other = pl.col("extract_month") != month

        def alike(counts: np.ndarray) -> bool:
            own = extract.figures_of(counts)
            for later in range(number, len(self.frames)):
                others = self.council.release(later).filter(is_other)
                shown = own if later == number else own.filter(pl.col("month") == month)
                frames = self.would_publish(later, pl.concat([others, shown]), self.council.faults)
                if not all(frames[name].equals(self.frames[later][name]) for name in (FIGURES, LEFT_OUT)):
                    return False
            return True

        return alike

    def faults(self, number: int) -> Faults:
        """What a release shows of the records at fault."""
        shown = self.frames[number][FAULTS]
        return Faults(shown, self.council.faults.filter(pl.col("month") <= shown["month"].max()))

    def are_faults_published_alike(self, number: int, faults: Faults) -> Callable[[np.ndarray], bool]:
        """Says of a filling of records at fault whether the release would publish the same."""
        figures = self.council.release(number)

        def alike(numbers: np.ndarray) -> bool:
            frames = self.would_publish(number, figures, faults.figures_of(numbers))
            return frames[FAULTS].equals(self.frames[number][FAULTS])

        return alike
