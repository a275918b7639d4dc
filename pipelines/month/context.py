"""What every step of a month receives: the data folder, the month, the options and the progress."""

from dataclasses import dataclass, field

from pipelines.calendar import Month
from pipelines.progress import Progress
from pipelines.publish import Corrections
from pipelines.quality import Waivers
from pipelines.settings import DataFolder, Settings


@dataclass(frozen=True)
class Options:
    """The settings of the installation, and what a person decided: checks to waive, months to correct.

    `authorities`: those that are run; all whose drops are there if empty. `shards`: those of a
    region that are run, all if empty.
    """

    settings: Settings
    waivers: Waivers = field(default_factory=Waivers)
    corrections: Corrections = field(default_factory=Corrections)
    authorities: tuple[str, ...] = ()
    shards: tuple[str, ...] = ()


@dataclass(frozen=True)
class MonthContext:
    """One run of one month."""

    folder: DataFolder
    month: Month
    options: Options
    progress: Progress
