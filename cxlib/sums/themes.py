"""What people say in their own words, sorted into themes without a model, a dictionary or a network.

A text is what its runs of letters are made of: in Chinese, Japanese and other scripts without blanks
each sign and each two neighbours, elsewhere pieces of three and four letters within a word. Thus
"wait", "waiting" and "waited" are neighbours, and no language needs a list of stop words.
"""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import svds
from scipy.special import chdtri

DIRECTIONS, MOST_THEMES, STARTS, SEED = 15, 12, 12, 1
FITTED = 2000  # texts; more are sorted by what these tell
TOO_COMMON, TOO_RARE = 0.5, 3  # share of texts, texts: what says nothing of any theme
FEWEST = 0.9  # of the best silhouette: ours, so that a theme is not told in two halves
TELLING = 0.01  # a word is a theme's where chance would bring it there less often
ALWAYS_WITHIN = 0.7  # a piece that so often stands within a longer one is no word of its own
HAN, KANA = "\u3400-\u9fff\uf900-\ufaff々", "\u3041-\u3096"
KATAKANA, THAI = "\u30a1-\u30ffー", "\u0e00-\u0e7f"
RUNS = re.compile(rf"[{HAN}]+|[{KANA}]+|[{KATAKANA}]+|[{THAI}]+|[^\W\d_{HAN}{KANA}{KATAKANA}{THAI}]+")  # fmt: skip
UNSPACED = re.compile(rf"[{HAN}{KANA}{KATAKANA}{THAI}]+")
OTHER, TIES = f"[{HAN}{KATAKANA}]", "[がはをにのでともへ]"  # particles, with the ending before them
TIED = re.compile(rf"(?<={OTHER})[{KANA}]{{0,2}}?{TIES}{{1,2}}|{TIES}(?={OTHER})")
ENDING = re.compile(rf"(?<={OTHER})[{KANA}]+")  # of a verb or an adjective
# Words of one sign, between words.
PARTS = re.compile("[的了是很太都也與与我你他她它們们這这那嗎吗呢吧啊]")
NO_NAME = frozenset(Path(__file__).with_name("function_words.txt").read_text("utf-8").split())
MASK = "…"  # where something was taken out
SENTENCES = re.compile(r"(?<=[。！？])|(?<=[.!?…])\s+|\n+")


def pieces(text: str) -> list[str]:
    """The pieces by which texts are alike.

    >>> pieces("排队久"), pieces("wait")[:4]
    (['排', '队', '久', '排队', '队久'], [' wa', 'wai', 'ait', 'it '])
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    found = []
    for run in UNSPACED.findall(text):
        found += [run[at : at + n] for n in (1, 2) for at in range(len(run) - n + 1)]
    for word in RUNS.findall(UNSPACED.sub(" ", text)):
        word = f" {word} "
        found += [word[at : at + n] for n in (3, 4) for at in range(len(word) - n + 1)]
    return found


def words(text: str) -> set[str]:
    """What may name a theme: words but `function_words.txt`; where a script has no blanks, two to six
    neighbouring signs of one kind. Kana is whole, without the particle or the ending that ties hiragana
    to another script.

    >>> sorted(words("待ち時間が Long")), sorted(words("サービスは分かりやすかった"))
    (['long', '時間'], ['サービス'])
    >>> sorted(words("店員がやさしい")), sorted(words("很好的早餐"))
    (['やさしい', '店員'], ['早餐'])
    """
    found = set()
    text = unicodedata.normalize("NFKC", text).casefold()
    for between in (TIED, ENDING, PARTS):
        text = between.sub(" ", text)
    for run in RUNS.findall(text):
        if re.match(rf"[{HAN}{THAI}]", run):
            found |= {run[at : at + n] for n in range(2, 7) for at in range(len(run) - n + 1)}
        elif len(run) > 2 or (len(run) > 1 and not re.match(f"[a-z{KANA}]", run)):
            found.add(run)
    return found - NO_NAME


def themes_of(texts: pd.Series, least: int = 10) -> pd.Series:
    """The theme of each text, numbered from 0, the most frequent first; blank where it has none.

    Parameters
    ----------
    texts : one per person, on any index; blank = said nothing
    least : texts; what fewer say is no theme

    Texts are points in the leading directions of their pieces (tf-idf, singular vectors), sorted by
    k-means on the sphere; their number is the smallest that separates them nearly as well as any
    (silhouette of the centres). The same texts have the same themes, whatever their order.

    Source: Deerwester et al. 1990 (latent semantic indexing); Dhillon & Modha 2001 (spherical
    k-means); Hruschka et al. 2004 (simplified silhouette).

    >>> bool(themes_of(pd.Series(["The queue was long"] * 25)).isna().all())  # all say the same
    True
    """
    told = texts.dropna().astype(str).sort_values(kind="stable")
    points = _points([Counter(pieces(text)) for text in told])
    known = np.linalg.norm(points, axis=1) > 0
    if known.sum() < 2 * least:
        return pd.Series(np.nan, texts.index)
    places = points[known]
    chosen = np.random.default_rng(SEED).permutation(len(places))[:FITTED]
    most = min(MOST_THEMES, known.sum() // least)
    found = [_centres(places[chosen], k) for k in range(2, most + 1)]
    enough = FEWEST * max(silhouette for silhouette, _ in found)
    centres = next(centres for silhouette, centres in found if silhouette >= enough)
    number = pd.Series(np.nan, told.index)
    number[known] = (places @ centres.T).argmax(axis=1)
    size = number.value_counts()
    order = {name: at for at, name in enumerate(size.index[size >= least])}
    return number.map(order).reindex(texts.index)


def _points(counted) -> np.ndarray:
    """One row per text: its place in the leading directions, of length one; zero where it says
    nothing that others say."""
    rows = np.repeat(np.arange(len(counted)), [len(each) for each in counted])
    all_of = pd.Series([piece for each in counted for piece in each], dtype=object)
    said, known = pd.factorize(all_of, sort=True)
    in_texts = np.bincount(said, minlength=len(known))
    # What all say is no theme.
    most = min(max(TOO_COMMON * len(counted), 2 * TOO_RARE), len(counted) - 1)
    tells = (in_texts >= TOO_RARE) & (in_texts <= most)
    if tells.sum() <= 2 or len(counted) <= 2:
        return np.zeros((len(counted), 1))
    often = np.array([n for each in counted for n in each.values()])
    weight = (1 + np.log(often)) * np.log(len(counted) / in_texts[said]) * tells[said]
    table = sparse.csr_array((weight, (rows, said)), shape=(len(counted), len(known)))
    table = table[:, np.flatnonzero(tells)]
    table = sparse.diags_array(1 / np.maximum(sparse.linalg.norm(table, axis=1), 1e-9)) @ table
    leading = min(DIRECTIONS, *(size - 1 for size in table.shape))
    left, size, _ = svds(table, k=leading, v0=np.ones(min(table.shape)))
    places = left * size
    norm = np.linalg.norm(places, axis=1, keepdims=True)
    return np.where(norm > 1e-6, places / np.maximum(norm, 1e-6), 0)


def _centres(points, k: int) -> tuple[float, np.ndarray]:
    """(silhouette, centres) of the best of several starts."""
    best = (-np.inf, None)
    for start in range(STARTS):
        rng = np.random.default_rng([SEED, k, start])
        centres = points[[rng.integers(len(points))]]
        while len(centres) < k:  # k-means++
            far = np.maximum(1 - (points @ centres.T).max(axis=1), 0) + 1e-12
            centres = np.vstack([centres, points[rng.choice(len(points), p=far / far.sum())]])
        for _ in range(50):
            sums = np.eye(k)[(points @ centres.T).argmax(axis=1)].T @ points
            norm = np.linalg.norm(sums, axis=1, keepdims=True)
            new = np.where(norm > 0, sums / np.maximum(norm, 1e-12), centres)
            if np.allclose(new, centres):
                break
            centres = new
        fit = (points @ centres.T).max(axis=1).sum()
        best = max(best, (fit, centres), key=lambda found: found[0])
    near = np.sort(1 - points @ best[1].T, axis=1)
    return ((near[:, 1] - near[:, 0]) / np.maximum(near[:, 1], 1e-12)).mean(), best[1]


def telling_words(texts: pd.Series, theme: pd.Series, least: int = 10) -> pd.DataFrame:
    """The words that set each theme apart, the most telling first: theme, word, n, keyness.

    n : texts of the theme with the word; those of all themes are at least `least`, so that no word
        is one person's
    keyness : log-likelihood ratio (G²) of saying it within the theme and outside

    Of words that hold each other, or pieces that nearly always stand within a longer one, one is told.

    Source: Dunning 1993, Computational Linguistics 19; Rayson & Garside 2000.

    >>> texts = pd.Series(["The queue was long"] * 12 + ["Fresh bread, every day"] * 10)
    >>> found = telling_words(texts, pd.Series([0.0] * 12 + [1.0] * 10))
    >>> "queue" in set(found.loc[found["theme"] == 0, "word"])
    True
    """
    told = texts.dropna().map(words)
    in_all = Counter(word for each in told for word in each)
    rows = []
    for name, own in told.groupby(theme.reindex(told.index)):
        inside = Counter(word for each in own for word in each)
        often = {word: n for word, n in inside.items() if in_all[word] >= least}
        part_of = Counter()
        for word in filter(UNSPACED.match, often):
            for piece in (word[:-1], word[1:]):
                part_of[piece] = max(part_of[piece], often[word])
        kept = [w for w, n in often.items() if part_of[w] < ALWAYS_WITHIN * n]
        keyness = {w: _g2(inside[w], len(own), in_all[w], len(told)) for w in kept}
        named: list[str] = []
        for word in sorted(kept, key=lambda w: (-keyness[w], w)):
            alike = any(word in other or other in word for other in named)
            enough = 0 if not named else chdtri(1, TELLING)  # a theme has a name
            if keyness[word] > enough and not alike:
                named.append(word)
                rows.append((name, word, inside[word], keyness[word]))
    return pd.DataFrame(rows, columns=["theme", "word", "n", "keyness"])


def _g2(inside, of, everywhere, of_all) -> float:
    """The log-likelihood ratio, below zero where the word is rarer within."""
    seen = np.array([inside, of - inside, everywhere - inside, of_all - of - everywhere + inside])
    both = np.array([everywhere, of_all - everywhere]) / of_all
    expected = np.r_[of * both, (of_all - of) * both]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(seen > 0, seen * np.log(seen / expected), 0.0)
    return float(2 * parts.sum() * (1 if seen[0] >= expected[0] else -1))


def quotes(texts: pd.Series, telling: pd.Series, most: int = 3, rest=()) -> list[str]:
    """Sentences of a theme that tell most of it with least repetition, at most `most`.

    telling : {word: keyness} of the theme. Each sentence is worth the words that none before it
    has told, for its length; one with something masked in it counts half.
    rest : the same of the other themes: of a text that speaks of two, one sentence is of each

    >>> quotes(pd.Series(["The queue was long", "Nothing to say"]), pd.Series({"queue": 9.0}))
    ['The queue was long']
    """
    left, others, chosen = dict(telling), dict(rest), []
    said = {part.strip(): None for text in texts for part in SENTENCES.split(str(text))}
    said = [part for part in said if 4 <= len(part) <= 240 and len(pieces(part)) >= 5]
    said = [part for part in said if _tells(part, left) >= _tells(part, others)]
    while said and len(chosen) < most:
        worth = [
            _tells(part, left) / (20 + len(pieces(part))) ** 0.5 / (2 if MASK in part else 1)
            for part in said
        ]
        if max(worth) <= 0:
            break
        best = said.pop(int(np.argmax(worth)))
        chosen.append(best)
        left = {word: value for word, value in left.items() if word not in words(best)}
    return chosen


def _tells(part: str, keyness: dict) -> float:
    """What the words of a sentence tell of a theme."""
    return sum(keyness.get(word, 0) for word in words(part))
