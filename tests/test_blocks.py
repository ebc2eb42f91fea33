"""What a line is: prose, heading or furniture; which lines are one paragraph."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.blocks import LONGEST, blocks_of

PROSE = "The two ministers met in Oslo on Tuesday and talked about fishing rights for three hours."


def shown(text: str) -> list[tuple[str, str]]:
    """The blocks as (kind, words)."""
    return [(block.kind, text[block.begin : block.end]) for block in blocks_of(text)]


def kind_of(line: str) -> str:
    """The kind of a line in the middle of an ordinary article."""
    text = f"Ministers talk fish in Oslo\n\n{PROSE}\n\n{line}\n\n{PROSE} They parted friends.\n"
    return shown(text)[2][0]


@pytest.mark.parametrize(
    "line",
    [
        "Follow us on social",
        "keep readingShow less",
        "LATEST",
        "Newsletter",
        "Advertisement",
        "Share this article",
        "Subscribe now to our weekly letter and never miss a story about the sea.",
        "Sign up for our free newsletter and get the best of the week",
        "You may also like: ten harbours to see before they silt up",
        "Read more: Why herring left the fjords",
        "Photo: Jane Roe",
        "Image credit: Jane Roe / Harbour Pictures",
        "Jane Roe/shutterstock",
        "REUTERS/Jane Roe",
        "(via NATIONAL LIBRARY OF NORWAY)",
        "Shutterstock_220011",
        "harbour-at-dawn.jpg",
        "https://news.example/fish/2023",
        "desk@news.example",
        "© 2023 The Harbour Times",
        "Copyright 2023 The Harbour Times. All rights reserved.",
        "This article has been automatically translated by Google Translate.",
        "By Jane Roe",
        "By Jane Roe and John Doe, Staff Writers",
        "Analysis | Fisheries",
        "Home › World › Europe",
        "Categories: Fish Norway Politics",
        "Tuesday, March 7, 2023",
        "March 7, 2023",
        "Published: 7 March 2023 at 10:15 AM",
        "10:15 A.M. EST",
        "3 hours ago",
        "12 comments",
        "4 min read",
        "Page 2 of 7",
        "###",
        "# # #",
        "* * *",
        "<!-- -->",
        "</span>",
        "17",
        "Министры встретились в Осло и говорили о рыбе.",
    ],
)
def test_furniture(line: str) -> None:
    assert kind_of(line) == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "Fishing rights",
        "A quarrel as old as the sea",
        "Other news of the islands:",
        "“A fish for a fish”",
        "DEPARTMENT OF FISHERIES",
        "Harbour House",
    ],
)
def test_headings(line: str) -> None:
    assert kind_of(line) == "heading"


@pytest.mark.parametrize(
    "line",
    [
        "Not for Jane Roe.",
        "And who will pay for the nets?",
        "“We are not there yet,” Roe said.",
        "(Roe, Doe and Moe were all at the table.)",
        "Share prices fell in Oslo after the talks.",
        "By Friday the two sides had signed.",
        "Follow-up talks are planned in May.",
        "Support for the accord has grown since March.",
        "Join the club, said the minister of Iceland, who had waited for years.",
        "Photographs of the meeting were shown to the press.",
        "Images of the harbour shocked the minister.",
        "The letter was first published by the Harbour Times in May.",
        "March 7, 2023 was the day on which the accord was signed.",
        "PRESIDENT ROE:  Welcome to Oslo.",
        "Q    Mr. President, will you sign?",
        "-   Jane Roe, Nominee for Ambassador to Norway",
        "-   Secretary of Fisheries",
        "•   Harbour Pilots Association",
        "1.  Jane Roe: Nominee for U.S. Marshal",
        "Department of Fisheries, Jane Roe",
        "Jane Roe, Special Assistant to the President for Fisheries",
        "Fishermen of both nations have said since spring that nobody but the cod would gain from a longer quarrel",
    ],
)
def test_prose(line: str) -> None:
    assert kind_of(line) == "prose"


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe leads Nordlys Shipping",
        "Follow us on social",
        "Roe meets Doe in Oslo",
        "Photo: Jane Roe",
        "Jane Roe, chief of Nordlys, met John Doe on Monday. They talked about ships.",
        "  Jane Roe\n",
    ],
)
def test_a_single_line_is_always_prose(text: str) -> None:
    assert shown(text) == [("prose", text.strip())]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_nothing_gives_no_block(text: str) -> None:
    assert blocks_of(text) == ()


def test_the_first_line_is_a_headline_even_when_long() -> None:
    headline = (
        "Ministers of five nations meet in Oslo to talk about the rights to fish in waters that all of them claim"
    )
    assert shown(f"{headline}\n\n{PROSE}")[0] == ("heading", headline)


def test_a_dateline_before_it_does_not_take_the_headline_away() -> None:
    assert [kind for kind, _ in shown(f"Tuesday, March 7, 2023\nMinisters talk fish in Oslo again\n{PROSE}")] == [
        "furniture",
        "heading",
        "prose",
    ]


def test_a_repeated_headline_is_furniture() -> None:
    text = f"Ministers talk fish\n\nMinisters talk fish\n\n{PROSE}\n\nMinisters talk fish\n"
    assert [kind for kind, _ in shown(text)] == ["heading", "furniture", "prose", "furniture"]


def test_repeated_prose_and_list_entries_stay() -> None:
    text = f"Who came\n\n- Harbour Pilots\n\n{PROSE}\n\nWho left\n\n- Harbour Pilots\n\n{PROSE}"
    assert [kind for kind, _ in shown(text)] == ["heading", "prose", "prose", "heading", "prose", "prose"]


def test_a_link_list_goes_with_its_heading_until_prose_comes_back() -> None:
    text = f"Ministers talk fish\n\n{PROSE}\n\nRelated stories\n\nHerring is back\n\nHow to salt a cod\n\n{PROSE}"
    assert [kind for kind, _ in shown(text)] == ["heading", "prose", "furniture", "furniture", "furniture", "prose"]


def test_a_run_of_short_lines_with_menu_words_is_a_menu() -> None:
    text = f"Home\nNews\nThe Islands\nSport\nContact us\n\nMinisters talk fish in Oslo\n\n{PROSE}"
    assert [kind for kind, _ in shown(text)] == ["furniture"] * 5 + ["heading", "prose"]


def test_an_address_is_no_menu() -> None:
    address = "Her Excellency\nMs. Jane Roe\nSecretary\nUnited Harbours\nNew York"
    text = f"Ministers talk fish\n\n{PROSE}\n\n{address}\n\n{PROSE}"
    assert {kind for kind, _ in shown(text)[2:7]} == {"heading"}


def test_a_caption_after_a_credit_is_kept_without_its_label() -> None:
    caption = "Queen Jane of Ruritania is welcomed by King John on the quay of Bergen after eleven days at sea, 1931"
    text = f"Ministers talk fish\n\nTop image credit: {caption} (via NATIONAL LIBRARY OF NORWAY)\n\n{PROSE}"
    assert shown(text)[1][1].startswith(caption)
    assert shown(text)[1][0] == "prose"


def test_a_text_in_another_script_is_not_furniture() -> None:
    assert {kind for kind, _ in shown("Министры в Осло\n\nМинистры говорили о рыбе.\n")} == {"heading", "prose"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("-   Jane Roe, Nominee for Ambassador to Norway", "Jane Roe, Nominee for Ambassador to Norway"),
        ("  •Harbour Pilots Association  ", "Harbour Pilots Association"),
        ("### Fishing rights", "Fishing rights"),
        ("**Fishing rights**", "Fishing rights"),
        ("<u>Fishing rights</u>", "Fishing rights"),
        ("1.  <u>Jane Roe: Nominee for Marshal</u>", "Jane Roe: Nominee for Marshal"),
        ("—Norway began its push for cod this week.", "Norway began its push for cod this week."),
        ("\u00a0 Not for Jane Roe.\u00a0", "Not for Jane Roe."),
        ("(Roe was there.)", "(Roe was there.)"),
        ("2023 was a good year for cod.", "2023 was a good year for cod."),
        ("10 ships came in.", "10 ships came in."),
    ],
)
def test_marks_around_a_line_are_left_out(line: str, words: str) -> None:
    assert shown(f"Ministers talk fish\n\n{PROSE}\n\n{line}\n\n{PROSE} They parted.")[2][1] == words


WRAPPED = """Ministers talk fish in Oslo

The two ministers met in Oslo on Tuesday and talked about fishing
rights for three hours. Jane Roe, the minister of Ruritania, said
that nobody would leave the table before the accord was signed by
all of the five nations.

Her colleague John Doe, who had come from Freedonia the evening
before, agreed. Neither of them wanted to speak of the herring
quarrel.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_lines_of_a_wrapped_paragraph_are_one_block(newline: str) -> None:
    text = WRAPPED.replace("\n", newline)
    found = shown(text)
    assert [kind for kind, _ in found] == ["heading", "prose", "prose"]
    assert found[1][1].split()[-3:] == ["the", "five", "nations."]
    assert found[2][1].startswith("Her colleague")
    assert found[2][1].endswith("quarrel.")


def test_a_line_of_an_unwrapped_text_is_a_paragraph() -> None:
    assert [words for _, words in shown(f"Ministers talk fish\n{PROSE}\n{PROSE} They parted.")] == [
        "Ministers talk fish",
        PROSE,
        f"{PROSE} They parted.",
    ]


def test_a_list_of_headlines_of_like_length_is_not_joined() -> None:
    lines = [
        "Ministers of five nations meet in Oslo to talk about fishing",
        "Herring comes back to the fjords after thirty years at sea",
        "Harbour pilots of Natal want to be paid in cod and in gold",
        "King John opens a museum of nets in the old town of Bergen",
    ]
    assert [words for _, words in shown("\n".join(lines))] == lines


def test_list_entries_of_a_wrapped_text_begin_blocks() -> None:
    text = WRAPPED + "\n- Jane Roe, minister of fisheries of the kingdom of Ruritania and\n  the islands\n- John Doe\n"
    assert [words.split()[0] for _, words in shown(text)[3:]] == ["Jane", "John"]


def test_a_very_long_line_is_cut_at_sentence_ends() -> None:
    text = " ".join([PROSE] * 700)
    found = shown(text)
    assert len(found) > 2
    assert all(len(words) <= LONGEST and words.endswith("hours.") for _, words in found)
    assert sum(words.count("Oslo") for _, words in found) == 700


@given(st.text(alphabet=st.sampled_from('aA .,:-—#*<>|\n\r\t\u00a0\u2028(1)"“x'), max_size=200))
def test_blocks_are_in_order_trimmed_and_hold_every_word(text: str) -> None:
    blocks = blocks_of(text)
    assert all(a.end <= b.begin for a, b in itertools.pairwise(blocks))
    assert all(block.begin < block.end for block in blocks)
    for block in blocks:
        words = text[block.begin : block.end]
        assert words == words.strip()


@given(st.lists(st.text(alphabet=st.characters(categories=["L", "Nd", "P", "Zs"]), min_size=1), max_size=6))
def test_any_text_can_be_cut(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert all(0 <= block.begin < block.end <= len(text) for block in blocks_of(text))


@pytest.mark.parametrize(
    "unit", ["A", " ", "\u00a0", "<", "<a>", "*", "# ", "-", "By A", "A ", "A.", "1:", "| ", "a ,", "\n \n"]
)
def test_odd_lines_take_no_longer_than_their_length(unit: str) -> None:
    text = f"By Roe{unit * 40_000}!\n\n{PROSE}\n\n{unit * 40_000}"
    assert all(text[block.begin : block.end].strip() for block in blocks_of(text))


def test_markup_left_in_a_line_parts_its_cells() -> None:
    table = '<table><tr><td>Hana Sato</td> <td class="x">Prime Minister of Japan</td></tr></table>'
    text = f"They met in Tokyo on Friday.\n\n{table}\n"
    assert [text[b.begin : b.end] for b in blocks_of(text)] == [
        "They met in Tokyo on Friday.", "Hana Sato", "Prime Minister of Japan",
    ]  # fmt: skip
