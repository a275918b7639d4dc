"""Names from outside, as file names and as texts that people see."""

import unicodedata

import pytest

from pipelines.file_names import REPLACEMENT, file_name, visible

HOSTILE = [
    "../x",
    "a/b",
    "a\\b",
    ".",
    "..",
    "",
    "   ",
    "trailing. ",
    "CON",
    "com1",
    "LPT¹",
    "x" * 300,
    "é" * 300,
    "tab\tand\nline",
    "nul\0",
    "\u202eright to left",
    "zero\u200bwidth",
    "lone \ud800 surrogate",
    "<script>alert(1)</script>",
    "=1+1",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_every_name_becomes_a_file_that_can_be_written_into_its_folder(tmp_path, words):
    name = file_name(words, ".html", set())
    (tmp_path / name).write_text("x", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    stem = name.removesuffix(".html")
    assert stem == stem.strip(" .") != "" and len(name.encode()) <= 143
    assert not {"CON", "COM1", "LPT1"} & {stem.upper()}


def test_names_that_a_file_system_takes_for_one_get_a_file_each():
    taken = {"index.html"}
    alike = [
        "MASH",
        "mash",
        "Mash",
        "a/b",
        "a:b",
        "Index",
        "é",
        unicodedata.normalize("NFD", "é"),
        "Straße",
        "STRASSE",
    ]
    alike += ["x" * 300, "x" * 299 + "y", *HOSTILE]
    names = [file_name(words, ".html", taken) for words in alike]
    seen_by_a_mac = {unicodedata.normalize("NFD", name.casefold()) for name in names}
    assert len(seen_by_a_mac | {"index.html"}) == len(alike) + 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hyndburn & Ribble Valley", "Hyndburn & Ribble Valley"),
        ("Żółć, 東京", "Żółć, 東京"),
        ("no\u00a0break", "no\u00a0break"),
        ("line\nbreak", f"line{REPLACEMENT}break"),
        ("\x1b[31mred", f"{REPLACEMENT}[31mred"),
        ("\u202etxt.exe", f"{REPLACEMENT}txt.exe"),
        ("a\u200bb\u2066c", f"a{REPLACEMENT}b{REPLACEMENT}c"),
        ("\ud800", REPLACEMENT),
    ],
)
def test_what_a_reader_could_not_see_is_seen(text, shown):
    assert visible(text) == shown


def test_a_page_keeps_the_breaks_of_its_lines():
    assert visible("a\n\tb\x07", keep="\n\t") == f"a\n\tb{REPLACEMENT}"
