"""Themes against labels that people gave, beside plain TF-IDF and NMF, by adjusted mutual information.

`banking77.csv`: customers' questions to a bank, of nine of the 77 labels of BANKING77's test set: the
first thirty of each, of all labels that stood whole on two pages of the file (the first, and one from
the middle). Casanueva et al. 2020, Efficient Intent Detection with Dual Sentence Encoders; CC BY 4.0,
github.com/PolyAI-LDN/task-specific-datasets.

Ours is told neither the language nor how many themes there are; NMF is told the number.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import gammaln

from bench import Row
from cxlib.sums.themes import themes_of

STARTS, STEPS = 10, 300


def rows(full):
    labelled = pd.read_csv(Path(__file__).with_name("banking77.csv"))
    ours = agreement(labelled["label"], themes_of(labelled["text"]).fillna(-1))
    plain = [
        agreement(
            labelled["label"], nmf_themes(labelled["text"], labelled["label"].nunique(), start)
        )
        for start in range(STARTS)
    ]
    said = f"{ours:.2f}; TF-IDF + NMF {np.mean(plain):.2f} ({min(plain):.2f} to {max(plain):.2f})"
    yield Row(
        "themes against labels (adjusted mutual information)",
        said,
        "above TF-IDF + NMF",
        ours > max(plain),
    )


def nmf_themes(texts: pd.Series, k: int, start: int) -> np.ndarray:
    """The strongest of k factors of each text: words, tf-idf, Lee & Seung's multiplicative steps."""
    told = [re.findall(r"\b\w\w+\b", text.lower()) for text in texts]
    known = {word: at for at, word in enumerate(sorted({word for each in told for word in each}))}
    table = np.zeros((len(told), len(known)))
    for row, each in enumerate(told):
        for word in each:
            table[row, known[word]] += 1
    table *= np.log((1 + len(told)) / (1 + (table > 0).sum(axis=0))) + 1
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    rng = np.random.default_rng(start)
    texts_by, by_words = rng.random((len(told), k)), rng.random((k, len(known)))
    for _ in range(STEPS):
        by_words *= (texts_by.T @ table) / (texts_by.T @ texts_by @ by_words + 1e-12)
        texts_by *= (table @ by_words.T) / (texts_by @ by_words @ by_words.T + 1e-12)
    return texts_by.argmax(axis=1)


def agreement(labels, found) -> float:
    """Adjusted mutual information: 0 as by chance, 1 the same (Vinh, Epps & Bailey 2010; the mean of
    the two entropies)."""
    table = pd.crosstab(np.asarray(labels), np.asarray(found)).to_numpy()
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    at = table[table > 0]
    of = np.outer(rows, columns)[table > 0]
    mutual = (at / n * np.log(n * at / of)).sum()
    entropies = [-(size / n * np.log(size / n)).sum() for size in (rows, columns)]
    expected = 0.0
    for a in rows:
        for b in columns:
            both = np.arange(max(1, a + b - n), min(a, b) + 1)
            chance = (gammaln(a + 1) + gammaln(b + 1) + gammaln(n - a + 1) + gammaln(n - b + 1)
                      - gammaln(n + 1) - gammaln(both + 1) - gammaln(a - both + 1)
                      - gammaln(b - both + 1) - gammaln(n - a - b + both + 1))  # fmt: skip
            expected += (both / n * np.log(n * both / (a * b)) * np.exp(chance)).sum()
    return float((mutual - expected) / (np.mean(entropies) - expected))
