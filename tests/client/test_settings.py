"""client.yml: what is taken as it stands, and what is refused with which words."""

import re

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation
from pydantic import BaseModel
from ruamel.yaml import YAML

from cxlib.client.case import read_client
from cxlib.client.client_yml import KEYS, about_key, read_settings, write_settings
from cxlib.client.problems import ClientError
from cxlib.client.settings import LANGUAGES, Settings, churn_inputs
from cxlib.client.template import commented_settings
from cxlib.page.language import not_yet
from tests.conftest import DATA

# The contract prints this file; every key of it must be taken.
CONTRACT = """\
name: Meisu Electronics        # or {en: …, zh-Hans: …, zh-Hant: …}, as any label below
language: en                   # en | zh-Hans | zh-Hant
currency: HKD                  # ISO 4217
revenue: 50_000_000            # annual
scale: [0, 10]                 # lowest and highest experience, expectation and ideal score
importance_scale: [0, 10]
dimensions: {product: Product, service: Service, relationship: Relationship,
             convenience: Convenience, brand: Brand image, price: Price}
ideal: {default: experience, convenience: 10}
target_segments: [vip]
role_weights: {sponsor: 0.5, it: 0.2, finance: 0.2, user: 0.1}
value_weights: {existing: 0.6, potential: 0.3, influence: 0.1}
small_base: 30
disclosure: 10
confidence: 0.95
kano_table: berger
survey:
  file: kiosk.csv
  weight: weight
  respondent: id
  wave: wave
  segment: customer_type
  role: role
  collected_by: administered
  raking: {gender: {1: .48, 2: .52}}
churn_cost:
  negative:   {share: 0.22, range: [0.15, 0.30], from: assumption}
  complain:   {share: 0.02, range: [0.01, 0.10], from: literature}
  complained: {retained: 0.38, at_risk: 0.34, lost: 0.28, from: assumption}
  silent:     {at_risk: 0.55, lost: 0.45, from: assumption}
  baseline_churn: {share: 0.05, from: assumption}
  margin: 0.30
strategy: {budget: 3_000_000, weights: {strategy_fit: 2}}
"""


def read(tmp_path, text, overrides=""):
    path = tmp_path / "client.yml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, overrides)


def only(problems):
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def test_the_contract_s_own_client_yml_is_taken(tmp_path):
    settings, problems = read(tmp_path, CONTRACT)
    assert not problems
    assert settings.revenue == 50_000_000
    assert settings.ideal == {"default": "experience", "convenience": 10}
    assert settings.survey.raking == {"gender": {"1": 0.48, "2": 0.52}}
    assert list(settings.dimensions) == [
        "product",
        "service",
        "relationship",
        "convenience",
        "brand",
        "price",
    ]


def test_the_churn_cost_inputs_are_a_row_each(tmp_path):
    table = churn_inputs(read(tmp_path, CONTRACT)[0]).set_index("input")
    assert table["share"].to_dict() == {  # as the contract prints them
        "negative": 0.22, "complain": 0.02, "complained_retained": 0.38, "complained_at_risk": 0.34,
        "complained_lost": 0.28, "silent_at_risk": 0.55, "silent_lost": 0.45, "baseline_churn": 0.05,
    }  # fmt: skip
    assert table.loc["complain", ["low", "high", "from"]].tolist() == [0.01, 0.10, "literature"]
    assert table[["count", "of"]].isna().all(axis=None)


def test_a_counted_share_brings_its_counts(tmp_path):
    text = CONTRACT.replace(
        "{share: 0.22, range: [0.15, 0.30], from: assumption}",
        "{count: 200, of: 241, from: measured}",
    )
    row = churn_inputs(read(tmp_path, text)[0]).set_index("input").loc["negative"]
    assert row[["count", "of", "from"]].tolist() == [200, 241, "measured"]


def test_identifiers_stay_as_they_are_written(tmp_path):
    # YAML 1.1 makes these a boolean, a number without its nought, a date and minutes.
    text = "name: no\nlabels: {segment: {no: Norway, 010: Ten, 2024-01-31: Day, 12:30: Noon}}\n"
    settings, problems = read(tmp_path, text)
    assert not problems
    assert settings.name == "no"
    assert list(settings.labels["segment"]) == ["no", "010", "2024-01-31", "12:30"]


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("revenu: 5", "revenu", "Did you mean 'revenue'?"),
        ("strategy: {budgte: 5}", "strategy.budgte", "Did you mean 'budget'?"),
        ("language: english", "language", "must be 'en', 'zh-Hans', 'zh-Hant' or 'de': english"),
        ("currency: HKX", "currency", "'HKX' is not a currency of ISO 4217"),
        ("scale: [10, 0]", "scale", "10 is not below 0"),
        ("scale: [0, ten]", "scale", "must be a number: ten"),
        ("scale: 10", "scale", "must be a pair, [lowest, highest]: 10"),
        ("scale: [0, 5, 10]", "scale", "must be a pair, [lowest, highest]"),
        ("scale: [0, inf]", "scale", "must be a finite number: inf"),
        ("revenue: nan", "revenue", "must be a"),
        ("revenue: inf", "revenue", "must be a finite number: inf"),
        ("revenue: 1e309", "revenue", "must be a finite number"),
        ("revenue: 1e308", "revenue", "is 1e+308, and no company takes in more than 1e+18 a year in any currency: take out the digits too many"),
        ("strategy: {budget: 1e308}", "strategy.budget", "is 1e+308, and no company takes in more than"),
        ("strategy: {budgets: {2025: 1e19}}", "strategy.budgets.2025", "is 1e+19, and no company"),
        ("strategy: {weights: {product: 1e308}}", "strategy.weights.product", "must be less than or equal to 1"),
        ("strategy: {budget: nan}", "strategy.budget", "must be greater than or equal to 0: nan"),
        ("small_base: 30.5", "small_base", "must be a whole number: 30.5"),
        ("confidence: 95", "confidence", "must be less than 1: 95"),
        ("ideal: {default: ten}", "ideal.default", "must be 'experience' or 'expectation', or must be a number: ten"),
        ("ideal: {default: 11}", "ideal.default", "is 11, off the scale 0–10"),
        ("ideal: {convinience: 5}", "ideal.convinience", "Did you mean 'convenience'?"),
        ("target_segments: [all]", "target_segments", "the workbook's own segments"),
        ("role_weights: {it: }", "role_weights.it", "must be a number: (blank)"),
        ("role_weights: {it: -1}", "role_weights.it", "must be greater than or equal to 0: -1"),
        ("role_weights: {it: 0}", "role_weights", "are all 0"),
        ("dimensions: {brand: {en: Brand, fr: Marque}}", "dimensions.brand", "fr: a label is text"),
        ("dimensions: {default: Default}", "dimensions", "a dimension named 'default'"),
        ("survey: {weight: w}", "survey.file", "is missing"),
        ("strategy: {weights: {fit: 1}}", "strategy.weights.fit", "neither a dimension nor a kind of fit"),
        ("strategy: {budgets: {soon: 5}}", "strategy.budgets.soon", "'soon' is not a year such as 2025"),
        ("strategy: {budgets: {2025: -5}}", "strategy.budgets.2025", "must be greater than or equal to 0"),
        ("strategy: {least: {peple: 0.5}}", "strategy.least.peple", "Did you mean 'people'?"),
        ("strategy: {least: {people: 5}}", "strategy.least.people", "must be less than or equal to 1"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_and_what_it_should_be(tmp_path, line, key, says):
    problem = only(read(tmp_path, f"name: Acme\n{line}\n")[1])
    assert problem.column == key
    assert problem.row == "2"
    assert says in str(problem)


def test_the_revenue_of_the_largest_company_is_taken_in_the_currency_of_least_worth(tmp_path):
    # 6.8e11 US dollars a year, at a million Iranian rials the dollar.
    settings, problems = read(tmp_path, "name: Acme\ncurrency: IRR\nrevenue: 6.8e17\n")
    assert not problems and settings.revenue == 6.8e17


@pytest.mark.parametrize(
    ("found", "instead", "says"),
    [
        ("lost: 0.28", "lost: 0.38", "add up to 1.1, not 1"),
        ("range: [0.15, 0.30]", "range: [0.25, 0.30]", "range 0.25–0.3 does not hold the share 0.22"),
        ("range: [0.15, 0.30]", "range: [0.30, 0.15]", "write the lowest first"),
        ("share: 0.22, range: [0.15, 0.30]", "share: 22, range: [0.15, 0.30]", "must be less than or equal to 1"),
        ("share: 0.05", "count: 3", "'count' and 'of' come together"),
        ("share: 0.05", "count: 3, of: 2", "count 3 is more than of 2"),
        ("from: literature", "from: internet", "must be 'measured', 'assumption' or 'literature': internet"),
        ("revenue: 50_000_000", "", "'revenue' is missing"),
        ("  silent:     {at_risk: 0.55, lost: 0.45, from: assumption}\n", "", "'churn_cost.silent' is missing"),
        ("  margin: 0.30", "  margin: 0.30\n  margin_range: [0.35, 0.4]", "margin_range 0.35–0.4 does not hold the margin 0.3"),
        ("  margin: 0.30", "  lifetime: 1e308", "'churn_cost.lifetime' must be less than or equal to 1000: 1e308"),
        ("  margin: 0.30", "  margin: 0.30\n  margin_range: [0.4, 0.2]", "margin_range 0.4–0.2 does not hold the margin 0.3"),
        ("  margin: 0.30", "  margin: 0.30\n  margin_range: [0.1, 0.2]", "margin_range 0.1–0.2 does not hold the margin 0.3"),
        ("  margin: 0.30", "  margin: 0.30\n  margin_range: [0.2, 1.4]", "'churn_cost.margin_range' must be less than or equal to 1"),
        ("  margin: 0.30", "  margin_range: [0.35, 0.4]", "'margin_range' without 'margin'"),
    ],
)  # fmt: skip
def test_a_tree_that_cannot_stand_is_refused(tmp_path, found, instead, says):
    assert found in CONTRACT
    problem = only(read(tmp_path, CONTRACT.replace(found, instead))[1])
    assert says in str(problem)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: Acme\nscale: [0, 10\nlanguage: en\n", "is not YAML"),
        ("name: Acme\n\tscale: [0, 10]\n", "is not YAML"),
        ("name: Acme: Ltd\n", "is not YAML"),
        ("", "holds no keys"),
        ("# nothing yet\n", "holds no keys"),
        ("- name\n- language\n", "is not a list of `key: value` lines"),
        ("just a sentence\n", "is not a list of `key: value` lines"),
        ("name: Acme\nname: Acme Ltd\n", "'name' stands twice (lines 1, 2)"),
        ("name: &a {en: Acme}\nlabels: {segment: {x: *a}}\n", "repeats another part by an alias"),
    ],
)
def test_what_is_not_yaml_or_no_mapping_is_said_so(tmp_path, text, says):
    assert says in str(only(read(tmp_path, text)[1]))


def test_the_line_of_broken_yaml_is_given(tmp_path):
    problem = only(read(tmp_path, "name: Acme\nlanguage: en\ncurrency: [EUR\nscale: x\n")[1])
    assert problem.row in ("3", "4")


def test_a_client_yml_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "client.yml").write_bytes("name: 美苏电器\n".encode("gb18030"))
    assert "is not UTF-8" in str(only(read_settings(tmp_path / "client.yml")[1]))


def test_a_key_left_blank_is_not_given(tmp_path):
    settings, problems = read(tmp_path, "name: Acme\nrevenue:\nsmall_base:\nsurvey: ~\n")
    assert not problems
    assert (settings.revenue, settings.small_base, settings.survey) == (None, 30, None)


def test_every_problem_is_told_at_once(tmp_path):
    _, problems = read(
        tmp_path, "name: Acme\nlanguage: xx\nscale: [1, 0]\nrevenu: 1\nideal: {foo: 3}\n"
    )
    assert {problem.column for problem in problems} == {"language", "scale", "revenu", "ideal.foo"}


def test_an_override_holds_for_this_run(tmp_path):
    settings, problems = read(
        tmp_path, CONTRACT, '{"churn_cost.negative.share": 0.2, "small_base": 50}'
    )
    assert not problems
    assert (settings.churn_cost.negative.share, settings.small_base) == (0.2, 50)


def test_a_misspelt_override_is_refused(tmp_path):
    problem = only(read(tmp_path, CONTRACT, '{"kano_tabel": "strict"}')[1])
    assert "Did you mean 'kano_table'?" in str(problem)
    assert "JSON" in str(only(read(tmp_path, CONTRACT, "small_base=3")[1]))


def test_a_save_keeps_comments_and_order(tmp_path):
    path = tmp_path / "client.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    write_settings(
        path,
        {"small_base": 50, "churn_cost.negative.share": 0.25, "strategy.capacity": {"days": 3}},
    )
    saved = path.read_text(encoding="utf-8")
    assert "# ISO 4217" in saved and "# annual" in saved
    keys = [line.split(":")[0] for line in CONTRACT.splitlines() if re.match(r"\w", line)]
    assert [line.split(":")[0] for line in saved.splitlines() if re.match(r"\w", line)] == keys
    settings, problems = read_settings(path)
    assert not problems
    assert (settings.small_base, settings.churn_cost.negative.share, settings.revenue) == (
        50,
        0.25,
        50_000_000,
    )


def part_within(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (part_within(each) for each in getattr(annotation, "__args__", ()))
    return next((each for each in inner if each is not None), None)


def described_fields(part=Settings, path=""):
    for name, field in part.model_fields.items():
        key = f"{path}{field.alias or name}"
        yield key, field
        inner = part_within(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from described_fields(inner, f"{key}.")


@pytest.mark.parametrize(
    ("key", "field"),
    list(described_fields()),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_key_says_what_it_is_for(key, field):
    assert about_key(key)["about"].endswith((".", "…"))


def test_nothing_is_told_of_a_key_that_is_none():
    keys = {key for key, _ in described_fields()}
    told = {key for key in KEYS if not key.startswith("any share.")}
    assert told == {key for key in keys if key in KEYS}
    shares = {key.rpartition(".")[2] for key in KEYS if key.startswith("any share.")}
    assert shares == {key.rpartition(".")[2] for key in keys - told}


def test_the_commented_client_yml_holds_every_key_and_is_right_once_uncommented(tmp_path):
    text = commented_settings("acme-2024")
    assert not read(tmp_path, text)[1]
    whole = re.sub(r"(?m)^#(?! )|^#(?=  )", "", text)
    Image.new("RGB", (2, 2)).save(tmp_path / "logo.png")
    Presentation().save(tmp_path / "template.pptx")
    settings, problems = read(tmp_path, whole.replace("target_segments: [existing]", ""))
    assert not problems
    written = YAML(typ="safe").load(whole)
    assert set(written) == {field.alias or name for name, field in Settings.model_fields.items()}
    assert set(written["survey"]) == set(type(settings.survey).model_fields)
    assert set(written["strategy"]) == set(type(settings.strategy).model_fields)
    assert set(written["churn_cost"]) == set(type(settings.churn_cost).model_fields)
    for description in (
        about_key(key)["about"] for key, _ in described_fields() if key.count(".") < 1
    ):
        assert description.split(":")[0][:40] in " ".join(text.replace("#", "").split())


ANYTHING = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
SOME_KEYS = st.sampled_from(["name", "scale", "ideal", "survey", "labels", "zzz"])


@hypothesis.settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(SOME_KEYS, ANYTHING, max_size=4))
def test_whatever_is_written_is_taken_or_refused_in_words(tmp_path_factory, tree):
    path = tmp_path_factory.mktemp("any") / "client.yml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(tree, file)
    settings, problems = read_settings(path)
    assert isinstance(settings, Settings)
    assert all(str(problem).startswith(str(path)) for problem in problems)


def test_a_folded_text_is_one_line_without_marks(tmp_path):
    # YAML 1.2, 8.1.3: a single line break in a folded scalar is a space, and nothing else.
    (tmp_path / "client.yml").write_text(
        "name: Acme\ncautions:\n  - en: >-\n      one\n      two\n"
    )
    settings, problems = read_settings(tmp_path / "client.yml")
    assert not problems and settings.cautions == [{"en": "one two"}]


def test_a_label_in_one_language_can_be_said_for_this_run(tmp_path):
    text = "name: Acme\ndimensions: {product: Product}\n"
    settings, problems = read(tmp_path, text, '{"dimensions.product.en": "The goods"}')
    assert settings.dimensions == {"product": {"en": "The goods"}} and not problems


def test_a_value_that_cannot_be_read_is_one_problem_and_not_missing_as_well(tmp_path):
    cost = CONTRACT[CONTRACT.index("churn_cost") : CONTRACT.index("strategy")]
    assert only(read(tmp_path, f"name: A\nrevenue: much\n{cost}")[1]).rule == "must be a number"
    assert only(read(tmp_path, "name: A\nsynthetic: maybe\n")[1]).rule == "must be yes or no"


def test_two_dimensions_of_one_name_cannot_be_told_apart(tmp_path):
    text = "name: A\ndimensions: {a: Price, b: {en: Price, zh-Hans: 价格}, c: {en: X, zh-Hans: 价格}}\n"
    problem = only(read(tmp_path, text)[1])
    assert problem.column == "dimensions" and "Price (a, b), 价格 (b, c)" in problem.rule


def test_a_value_for_this_run_that_is_wrong_is_not_laid_to_a_line_of_the_file(tmp_path):
    text = "name: A\nrevenue: 5\nscale: [0, 10]\n"
    problem = only(read(tmp_path, text, '{"revenue": -1}')[1])
    assert str(problem).startswith(f"{tmp_path}/client.yml, as set for this run: 'revenue' must be")
    assert not problem.row
    problem = only(read(tmp_path, text, '{"ideal.product": 11}')[1])
    assert "as set for this run: 'ideal.product' is 11, off the scale" in str(problem)
    problem = only(read(tmp_path, text.replace("5", "x"), '{"small_base": 20}')[1])
    assert str(problem).startswith(f"{tmp_path}/client.yml: 'revenue'") and problem.row == "2"


def test_of_the_languages_those_of_no_whole_report_are_named_last_and_as_that():
    begun = [each for each in LANGUAGES if not_yet(each)]
    assert begun == ["de"] == [*LANGUAGES[-1:]]
    with pytest.raises(
        ClientError, match="en, zh-Hans or zh-Hant; de has words for the first screen"
    ):
        read_client("kiosk", DATA, language="ja")
