"""`warehouse init`, `warehouse check` and the settings file: what a newcomer is told before the first month."""

import datetime as dt
import json
import os

import pytest
from ingest_drops import write

from pipelines.cli import main
from pipelines.dictionary.indicators import indicators
from pipelines.population_age import MONTHS_UNTIL_OLD, old_population
from pipelines.settings import EXPECTATIONS, KNOWN_VARIABLES, RELEASES_KEPT_VARIABLE, DataFolder, releases_kept
from pipelines.settings_file import NOT_IN_FILE, apply_settings_file, settings_template
from pipelines.watch.checklist import State, checklist


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path / "data")


@pytest.fixture
def environment(monkeypatch):
    """The environment, which the test may change."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def init(folder, *words):
    return main(["init", *words, "--data", str(folder.root)])


def states(folder):
    return {item.name: item.state for item in checklist(folder).items}


def texts(folder, state):
    return [f"{item.name}: {item.text}" for item in checklist(folder).items if item.state is state]


def test_init_makes_an_empty_folder_ready_and_says_what_is_missing_and_what_that_costs(folder, capfd):
    assert init(folder, "330") == 0
    shown = capfd.readouterr().out
    assert (folder.lcs / "330").is_dir() and folder.comparators.is_dir() and (folder.commentary / "330").is_dir()
    assert "authority 330            Birmingham" in shown
    assert "missing   population of 330        rates per 10,000 children have no value" in shown
    assert "missing   published figures        no figure is compared with England" in shown
    assert "parameters.csv: Numbers in the definitions" in (folder.reference / "README.md").read_text()
    main(["check", "--data", str(folder.root)])
    assert capfd.readouterr().out == shown[shown.index("there     data folder") :]


def test_init_leaves_what_is_there(folder, capfd):
    init(folder, "330")
    (folder.root / "settings.env").write_text("# mine\n")
    capfd.readouterr()
    assert init(folder, "331") == 0
    assert [line for line in capfd.readouterr().out.splitlines() if line.startswith("made")] == [
        f"made      {folder.lcs / '331'}",
        f"made      {folder.commentary / '331'}",
    ]
    assert (folder.root / "settings.env").read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["33"], "no English authority has the code 33 (three digits, such as 330)"),
        (["birmingam"], "Birmingham is 330"),
        ([], "give the authority's code"),
    ],
)
def test_init_refuses_what_is_no_authority_and_makes_nothing(folder, capfd, words, said):
    assert init(folder, *words) == 2
    assert said in capfd.readouterr().err
    assert not folder.root.exists()


def test_check_names_the_indicators_that_a_missing_object_costs(folder):
    write(folder, {}, "2025-03", "330")
    missing = [text for text in texts(folder, State.MISSING) if text.startswith("330 2025-03 ssd_cla_health:")]
    assert "not available: cla_health_assessment_up_to_date, cla_dental_check_up_to_date, initial" in missing[0]


def test_check_finds_the_last_version_of_a_list_that_comes_when_it_changes(folder):
    earlier = write(folder, {}, "2025-02", "330")
    (earlier / "local_permanence_tracker.csv").write_text("child_id,plan,identified_date\n")
    write(folder, {}, "2025-03", "330")
    text = "comes when it changes; the version of 2025-02 counts once that month has run"
    assert [item for item in texts(folder, State.THERE) if item.endswith(text)]
    (earlier / "local_permanence_tracker.csv").unlink()
    assert [item for item in texts(folder, State.MISSING) if "permanence_tracker_open" in item]


def test_check_reads_headers_and_maps_them_as_a_run_does(folder):
    drop = write(folder, {}, "2025-03", "330")
    file = drop / "ssd_department.csv"
    file.write_text(file.read_text().replace("dept_team_name", "Team"))
    (fault,) = texts(folder, State.FAULT)
    assert fault.startswith("330 2025-03 ssd_department: the header has no dept_team_name: a run refuses the drop")
    folder.reference.mkdir()
    (folder.reference / "headers.csv").write_text(
        "la_code,object,header,column\n330,ssd_department,Team,dept_team_name\n"
    )
    assert texts(folder, State.FAULT) == []


def test_check_ends_as_a_run_would_where_a_file_is_at_fault(folder, capfd):
    init(folder, "330")
    (folder.reference / "targets.csv").write_text("la_code\n330\n")
    assert main(["check", "--data", str(folder.root)]) == 4
    assert "targets.csv line 1: column indicator_id is missing" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("mid_year", "state"),
    [(2018, State.MISSING), (2023, State.MISSING), (2024, State.THERE), (None, State.MISSING)],
)
def test_a_population_older_than_18_months_counts_as_missing(folder, mid_year, state):
    write(folder, {}, "2025-03", "330")
    if mid_year:
        folder.reference.mkdir()
        (folder.reference / "population.csv").write_text(
            f"la_code,mid_year,population,first_month_used\n330,{mid_year},290000,{mid_year + 1}-01\n"
        )
    assert states(folder)["population of 330"] is state


def test_check_names_the_files_of_raw_reference_that_are_no_settings(folder):
    init(folder, "330")
    for name in ("team.csv", "mye23.xlsx", "notes.odt"):
        (folder.reference / name).write_text("x")
    shown = {item.text: item.state for item in checklist(folder).items if "no file of own settings" in item.text}
    tried = "no file of own settings: a run looks for populations in it"
    assert shown == {
        f"{tried}; if it is meant as teams.csv, rename it": State.MISSING,
        tried: State.OPTIONAL,
        "no file of own settings: no run reads it": State.OPTIONAL,
    }
    (population,) = [text for text in texts(folder, State.MISSING) if text.startswith("population of 330")]
    assert "not known before a run, which looks for it in" in population


def test_check_says_which_years_an_own_list_of_neighbours_leaves_without(folder):
    init(folder, "330")
    (folder.reference / "neighbours.csv").write_text(
        "la_code,valid_from,neighbour_rank,neighbour_code\n330,2025-05-01,1,333\n"
    )
    (text,) = [text for text in texts(folder, State.THERE) if text.startswith("neighbours of 330")]
    assert "own list from 2025-05-01: years that ended before that day are not compared" in text


def test_check_names_a_publication_day_of_a_folder_that_is_not_there(folder):
    init(folder, "330")
    (folder.comparators / "dfe" / "cla_2025").mkdir(parents=True)
    (folder.comparators / "dfe" / "cla_2025" / "a.csv").write_text("x\n1\n")
    (folder.reference / "publication_days.csv").write_text(
        "publisher,release,published_date\ndfe,cla_2O25,2025-11-20\n"
    )
    missing = texts(folder, State.MISSING)
    assert (
        "publication_days.csv: a line is for a folder that raw/comparators lacks; did you mean dfe/cla_2025?"
        in (missing)
    )


def test_explain_without_a_name_lists_the_indicators_that_a_fault_refers_to(folder, capfd):
    assert main(["explain", "--data", str(folder.root)]) == 0
    ids = [line.split()[0] for line in capfd.readouterr().out.splitlines()]
    assert ids == list(indicators())
    assert main(["explain", "--month", "2025-03", "--data", str(folder.root)]) == 2


def test_a_folder_that_is_no_authoritys_is_a_fault(folder):
    (folder.lcs / "33O" / "2025-03").mkdir(parents=True)
    assert states(folder)["33O"] is State.FAULT


def test_the_settings_file_gives_what_the_environment_does_not(folder, environment):
    init(folder, "330")
    file = folder.root / "settings.env"
    apply_settings_file(folder)
    file.write_text(f"# kept\nexport {RELEASES_KEPT_VARIABLE} = '7'\n")
    apply_settings_file(folder)
    assert releases_kept() == 7
    os.environ[RELEASES_KEPT_VARIABLE] = "9"
    apply_settings_file(folder)
    assert releases_kept() == 9


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("WAREHOUSE_RELEASE_KEPT=7", "line 2: write NAME=value; did you mean WAREHOUSE_RELEASES_KEPT?"),
        ("WAREHOUSE_PSEUDONYM_KEY=x", "line 2: WAREHOUSE_PSEUDONYM_KEY is a setting of the environment"),
        ("7", "line 2: write NAME=value, with a name of docs/deployment.md"),
    ],
)
def test_a_line_that_is_no_setting_ends_every_command(folder, environment, capfd, line, said):
    init(folder, "330")
    (folder.root / "settings.env").write_text(f"# mine\n{line}\n")
    assert main(["status", "--data", str(folder.root)]) == 2
    assert said in capfd.readouterr().err


def test_the_template_has_settings_and_their_defaults_as_comments():
    lines = settings_template().splitlines()
    assert all(not line or line.startswith("#") for line in lines)
    named = {line[2:].partition("=")[0] for line in lines if line.startswith("# WAREHOUSE_")}
    assert named <= set(KNOWN_VARIABLES) - set(NOT_IN_FILE)


@pytest.mark.parametrize(
    ("mid_year", "has_no_rate", "said"),
    [
        (2018, False, "The population is the estimate of mid-2018, 81 months old at the end of 2025-03"),
        (2023, False, "The population is the estimate of mid-2023, 21 months old at the end of 2025-03"),
        (None, True, "No population is known, so there is no rate. Put the newest file"),
    ],
)
def test_a_reader_of_a_rate_learns_of_an_old_population_or_none(mid_year, has_no_rate, said):
    (sentence,) = old_population(mid_year, dt.date(2025, 3, 31), has_no_rate)
    assert sentence.startswith(said)


def test_the_gate_calls_a_population_old_when_the_pages_do():
    suite = json.loads((EXPECTATIONS / "marts" / "fct_indicator_value.json").read_text(encoding="utf-8"))
    checks = {each["meta"]["name"]: each for each in suite["expectations"]}
    assert f"> {MONTHS_UNTIL_OLD})" in checks["population_is_recent"]["kwargs"]["unexpected_rows_query"]


def test_there_is_nothing_to_say_of_a_recent_population_or_where_nothing_is_counted():
    assert old_population(2024, dt.date(2025, 12, 31), False) == []
    assert old_population(None, dt.date(2025, 3, 31), False) == []
