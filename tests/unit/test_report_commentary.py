"""Commentary to the figures, from Markdown files."""

from pathlib import Path

import pytest

from pipelines.report.commentary import commentary, to_html

KNOWN = {"cp_plans_open", "contacts"}


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "888" / "2019-08").mkdir(parents=True)
    return tmp_path


def put(room: Path, name: str, text: str | bytes = "Words.") -> None:
    file = room / "888" / "2019-08" / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ([1, 2, 3], [3, 4, 5]),
        ([2, 3], [3, 4]),
        # a level that the writer left out is not left out on the page
        ([1, 3, 2], [3, 4, 4]),
        ([3, 1], [3, 3]),
        ([1, 2, 3, 4, 5, 6], [3, 4, 5, 6, 6, 6]),
    ],
)
def test_headings_go_on_from_those_of_the_page(levels, shown):
    html = to_html("\n\n".join(f"{'#' * level} Words" for level in levels))
    assert [int(part[0]) for part in html.split("<h")[1:]] == shown
    assert [int(part[0]) for part in html.split("</h")[1:]] == shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Two *practices* closed.", "<p>Two <em>practices</em> closed.</p>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>\n"),
        # nothing is fetched from elsewhere
        ("![seen](https://example.org/a.png)", '<p>!<a href="https://example.org/a.png">seen</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        # a link to a file could lead out of the open report
        ("[x](../../restricted/report/a.html)", "<p>[x](../../restricted/report/a.html)</p>\n"),
        ("<file:///srv/x>", "<p>&lt;file:///srv/x&gt;</p>\n"),
        ("[x](mailto:a@example.org)", '<p><a href="mailto:a@example.org">x</a></p>\n'),
        ("turned \u202e and \x07", "<p>turned \ufffd and \ufffd</p>\n"),
        ("turned &#8238; and &#x7;", "<p>turned \ufffd and \ufffd</p>\n"),
        ("one\r\ntwo", "<p>one\ntwo</p>\n"),
    ],
)
def test_html_in_a_file_is_shown_as_it_is_written_and_pictures_are_not_fetched(text, html):
    assert to_html(text) == html


def test_files_of_the_month_are_read_with_and_without_a_mark_of_utf_8(room):
    put(room, "cp_plans_open.md")
    put(room, "index.md", b"\xef\xbb\xbf# All is well")
    found = commentary(room, "888", "2019-08", KNOWN)
    assert found.html == {"cp_plans_open": "<p>Words.</p>\n", "index": "<h3>All is well</h3>\n"}
    assert found.warnings == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cp_plan_open.md", b"x", "no indicator has this name"),
        ("cp_plans_open.txt", b"x", "no indicator has this name"),
        ("CONTACTS.md", b"x", "no indicator has this name"),
        ("contacts.md", b"caf\xe9", "it is not UTF-8 text"),
    ],
)
def test_a_file_that_is_not_shown_is_warned_of(room, name, content, words):
    put(room, name, content)
    found = commentary(room, "888", "2019-08", KNOWN)
    assert found.html == {}
    assert [line.startswith(f"commentary 888 2019-08: {name} is not shown: ") for line in found.warnings] == [True]
    assert words in found.warnings[0]


@pytest.mark.parametrize(("la_code", "month"), [("888", "2019-07"), ("889", "2019-08")])
def test_commentary_goes_to_no_other_authority_or_month(room, la_code, month):
    put(room, "cp_plans_open.md")
    assert commentary(room, la_code, month, KNOWN).html == {}


@pytest.mark.parametrize("name", [".DS_Store", ".contacts.md.swp"])
def test_what_the_system_hides_is_passed_over(room, name):
    put(room, name)
    assert commentary(room, "888", "2019-08", KNOWN).warnings == []


def test_an_empty_file_says_nothing(room):
    put(room, "contacts.md", " \n")
    assert commentary(room, "888", "2019-08", KNOWN).html == {}
