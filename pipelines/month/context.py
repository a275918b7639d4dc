"""What every step of a month is handed: where, which month, what was decided for the run, how to report."""

from dataclasses import dataclass, field

from pipelines.calendar import Month
from pipelines.progress import Progress
from pipelines.publish import Corrections
from pipelines.quality import Waivers
from pipelines.settings import DataFolder, Settings


@dataclass(frozen=True)
class Options:
    """What was decided for a run: by the installation, and by a person (refusals to waive, months to correct)."""

    settings: Settings
    waivers: Waivers = field(default_factory=Waivers)
    corrections: Corrections = field(default_factory=Corrections)


@dataclass(frozen=True)
class MonthContext:
    """One run of one month."""

    folder: DataFolder
    month: Month
    options: Options
    progress: Progress
