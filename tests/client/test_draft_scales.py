"""Random surveys on scales of many languages, drafted and read back: the same answers, or `look`.

The scales are written down here by hand, lowest first, as surveys print them.
"""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxlib.client import cells
from cxlib.client.codebook import missing_codes, parse_codes, understood
from cxlib.client.draft import draft_codebook

SCALES = {
    "en satisfaction 5": "Very dissatisfied;Dissatisfied;Neither satisfied nor dissatisfied;Satisfied;Very satisfied",
    "en satisfaction 7": "Extremely dissatisfied;Dissatisfied;Somewhat dissatisfied;Neutral;Somewhat satisfied;Satisfied;Extremely satisfied",
    "en satisfaction UK": "Very dissatisfied;Fairly dissatisfied;Neither satisfied nor dissatisfied;Fairly satisfied;Very satisfied",
    "en satisfaction 4": "Very dissatisfied;Somewhat dissatisfied;Somewhat satisfied;Very satisfied",
    "en satisfaction 3": "Dissatisfied;Neutral;Satisfied",
    "en agreement 5": "Strongly disagree;Disagree;Neither agree nor disagree;Agree;Strongly agree",
    "en agreement 7": "Strongly disagree;Disagree;Somewhat disagree;Neutral;Somewhat agree;Agree;Strongly agree",
    "en agreement UK": "Strongly disagree;Tend to disagree;Neither agree nor disagree;Tend to agree;Strongly agree",
    "en quality": "Poor;Fair;Good;Very good;Excellent",
    "en quality very": "Very poor;Poor;Average;Good;Very good",
    "en expected": "Much worse than expected;Worse than expected;As expected;Better than expected;Much better than expected",
    "en likely": "Very unlikely;Unlikely;Neither likely nor unlikely;Likely;Very likely",
    "en ease": "Very difficult;Difficult;Neither easy nor difficult;Easy;Very easy",
    "en often": "Never;Rarely;Sometimes;Often;Always",
    "zh-Hans": "非常不满意;不满意;一般;满意;非常满意",
    "zh-Hans 7": "非常不满意;不满意;比较不满意;一般;比较满意;满意;非常满意",
    "zh-Hant": "非常不同意;不同意;普通;同意;非常同意",
    "zh quality": "很差;较差;一般;较好;很好",
    "ko": "매우 불만족;불만족;보통;만족;매우 만족",
    "ko agreement": "전혀 그렇지 않다;그렇지 않다;보통이다;그렇다;매우 그렇다",
    "ja": "非常に不満;不満;どちらともいえない;満足;非常に満足",
    "ja somewhat": "不満;やや不満;どちらともいえない;やや満足;満足",
    "ja agreement": "まったくそう思わない;あまりそう思わない;どちらともいえない;ややそう思う;とてもそう思う",
    "de": "sehr unzufrieden;eher unzufrieden;teils/teils;eher zufrieden;sehr zufrieden",
    "de marks": "ungenügend;mangelhaft;ausreichend;befriedigend;gut;sehr gut",
    "de agreement": "stimme überhaupt nicht zu;stimme eher nicht zu;teils/teils;stimme eher zu;stimme voll und ganz zu",
    "fr": "Très insatisfait;Plutôt insatisfait;Plutôt satisfait;Très satisfait",
    "fr agreement": "Pas du tout d'accord;Plutôt pas d'accord;Ni d'accord ni pas d'accord;Plutôt d'accord;Tout à fait d'accord",
    "es": "Muy insatisfecho;Insatisfecho;Ni satisfecho ni insatisfecho;Satisfecho;Muy satisfecho",
    "es quality": "Muy mala;Mala;Regular;Buena;Muy buena",
    "pt": "Muito insatisfeito;Insatisfeito;Neutro;Satisfeito;Muito satisfeito",
    "pt agreement": "Discordo totalmente;Discordo;Nem concordo nem discordo;Concordo;Concordo totalmente",
    "id": "Sangat tidak puas;Tidak puas;Netral;Puas;Sangat puas",
    "id agreement": "Sangat tidak setuju;Tidak setuju;Ragu-ragu;Setuju;Sangat setuju",
}  # fmt: skip
DONT_KNOW = ["Don't know", "不知道", "모르겠음", "わからない", "keine Angabe", "Ne sait pas", "No sabe", "Não sei", "Tidak tahu"]  # fmt: skip
FORMS = {  # what stands in the file for a step: its number, and its word
    "words": lambda number, word: word,
    "numbered": lambda number, word: f"{number} - {word}",
    "equals": lambda number, word: f"{number} = {word}",
    "brackets": lambda number, word: f"{number}（{word}）",
    "behind": lambda number, word: f"{word} ({number})",
    "ends": lambda number, word: None,  # words at the two ends, numbers between
}
ITEMS = ["How would you rate: staff", "How would you rate: price"]
quiet = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def read_back(draft, row, answer) -> float:
    """An answer as its place on the drafted scale, 0–1; blank for no answer; inf where not read."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    text = cells.as_text(answer)
    value, fault = understood(text, codes, missing, ".", row)
    if fault not in ("", "missing"):
        return np.inf
    return (value - row["low"]) / (row["high"] - row["low"])


def wrongly_sure(draft, meant: dict) -> list:
    """(column, answer, place read, place meant) of rows that are sure, of a measure, and wrong."""
    wrong = []
    for _, row in draft[draft["sure"] & draft["measure"].ne("")].iterrows():
        for answer, place in meant.items():
            read = read_back(draft, row, answer)
            if not (np.isclose(read, place, equal_nan=True)):
                wrong.append((row["column"], answer, read, place))
    return wrong


def drawn(data, steps: int, missing: bool) -> list[list[int]]:
    """Two columns of answers, steps from 0, −1 for no answer; not every step need be given."""
    size = data.draw(st.sampled_from([8, 30, 90]), "size")
    random = np.random.default_rng(data.draw(st.integers(0, 10**6), "seed"))
    # As the draft assumes: a step that a scale has is given by one answer in ten, or more.
    weight = 0.1 + (1 - 0.1 * steps) * random.dirichlet(np.full(steps, 0.5))
    columns = [random.choice(steps, size, p=weight) for _ in ITEMS]
    gone = random.random(size) < (0.1 if missing else 0)
    return [np.where(gone, -1, column).tolist() for column in columns]


@quiet
@given(st.data())
def test_words_in_a_table_are_read_as_they_were_meant_or_looked_at(data):
    words = SCALES[data.draw(st.sampled_from(sorted(SCALES)), "scale")].split(";")
    form, down = data.draw(st.sampled_from(sorted(FORMS)), "form"), data.draw(st.booleans(), "down")
    none = data.draw(st.sampled_from([None, *DONT_KNOW]), "none")
    numbers = [len(words) - n if down else n + 1 for n in range(len(words))]
    said = [FORMS[form](n, word) for n, word in zip(numbers, words, strict=True)]
    if form == "ends":
        said = [str(number) for number in numbers]
        for end in (0, -1):
            said[end] = f"{numbers[end]} {words[end]}"
    columns = drawn(data, len(words), none is not None)
    frame = {
        name: [none if n < 0 else said[n] for n in column]
        for name, column in zip(ITEMS, columns, strict=True)
    }
    used = {n for column in columns for n in column}
    meant = {said[n]: n / (len(words) - 1) for n in used if n >= 0}
    meant |= {none: np.nan} if -1 in used else {}
    with tempfile.TemporaryDirectory() as folder:
        pd.DataFrame(frame).to_csv(path := Path(folder) / "a.csv", index=False)
        assert wrongly_sure(draft_codebook(path), meant) == []


@quiet
@given(st.data())
def test_numbers_with_spss_labels_are_read_as_they_were_meant_or_looked_at(data):
    words = SCALES[data.draw(st.sampled_from(sorted(SCALES)), "scale")].split(";")
    first, down = data.draw(st.sampled_from([0, 1]), "first"), data.draw(st.booleans(), "down")
    none = data.draw(st.sampled_from([None, *DONT_KNOW]), "none")
    only_ends = data.draw(st.booleans(), "ends")
    last = first + len(words) - 1
    numbers = [last - n if down else first + n for n in range(len(words))]
    labels = {float(number): word for number, word in zip(numbers, words, strict=True)}
    if only_ends:
        labels = {float(number): labels[float(number)] for number in (first, last)}
    labels |= {} if none is None else {float(last + 1): none}
    columns = drawn(data, len(words), none is not None)
    frame = pd.DataFrame(
        {f"q{i}": [float(last + 1 if n < 0 else numbers[n]) for n in each] for i, each in enumerate(columns)}
    )  # fmt: skip
    meant = {float(number): n / (len(words) - 1) for n, number in enumerate(numbers)}
    meant |= (
        {} if none is None or not (frame == last + 1).any().all() else {float(last + 1): np.nan}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        names = {f"q{i}": name for i, name in enumerate(ITEMS)}
        pyreadstat.write_sav(
            frame, path, column_labels=names, variable_value_labels=dict.fromkeys(names, labels)
        )
        draft = draft_codebook(path)
        assert wrongly_sure(draft, meant) == []
        assert draft["measure"].eq("experience").all()
        if down:
            turned = draft["codes"].map(parse_codes)
            assert all(float(each[str(first)]) == last for each in turned)


BARE = [(1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 10), (0, 5), (0, 10), (0, 100)]


@quiet
@given(st.data())
def test_bare_numbers_have_the_ends_they_were_asked_with_or_are_looked_at(data):
    low, high = data.draw(st.sampled_from(BARE), "scale")
    random = np.random.default_rng(data.draw(st.integers(0, 10**6), "seed"))
    size = data.draw(st.sampled_from([8, 30, 90]), "size")  # every step is as likely as another
    frame = pd.DataFrame({name: random.integers(low, high + 1, size) for name in ITEMS})
    with tempfile.TemporaryDirectory() as folder:
        frame.to_csv(path := Path(folder) / "a.csv", index=False)
        draft = draft_codebook(path)
    sure = draft[draft["sure"] & draft["measure"].ne("")]
    assert sure["low"].eq(low).all() and sure["high"].eq(high).all()


@pytest.mark.parametrize("scale", sorted(SCALES))
@pytest.mark.parametrize("form", ["words", "numbered"])
def test_a_whole_scale_in_words_needs_no_look(tmp_path, scale, form):
    words = SCALES[scale].split(";")
    said = [FORMS[form](n, word) for n, word in enumerate(words, 1)]
    pd.DataFrame(dict.fromkeys(ITEMS, said * 20)).to_csv(tmp_path / "a.csv", index=False)
    draft = draft_codebook(tmp_path / "a.csv")
    assert draft["sure"].all(), draft["why"].tolist()
    meant = {answer: n / (len(words) - 1) for n, answer in enumerate(said)}
    assert wrongly_sure(draft, meant) == []
