"""Two cycles of a client, the second beginning where the first ended."""

import pandas as pd
import pytest

import cxlib as cx
from cxlib.run.cli import main
from tests.run.conftest import PARAMETERS
from tests.run.test_history import numbers

OPEN = "import cxlib as cx\ncase = cx.read_client(client, data_dir, settings=settings)\npage = cx.open_page(case, reports_dir)"
CODES = """column,measure,dimension
p,experience,product
ep,expectation,product
ip,importance,product
s,experience,service
es,expectation,service
is,importance,service
"""
YML = """name: {en: Acme, zh-Hans: 艾克米}  # a remark that stays
language: en
currency: HKD
ideal: {service: 8}
survey:
  file: s.csv
  respondent: id
  wave: wave   # years
"""
SHOWN = """earlier = cx.last_release(case, reports_dir)
moved = cx.moved_since(case, earlier)
page.publish("gap", cx.gaps(case)); page.screen(cx.verdict(case))
page.publish("since", moved); page.publish("foreseen", cx.predictions_beside(case, cx.who_foresaw(case, reports_dir)))
page.publish("next_cycle", cx.the_next_cycle(case, moved))"""


def answers(product, service, wave, first):
    """60 people who rate about (half a point more, half less) as told, expect 7 and call it 9 or 6."""
    return [
        f"{n},{wave},{product + (n % 2) - 0.5},7,9,{service + (n % 2) - 0.5},{7 + n % 2},6"
        for n in range(first, first + 60)
    ]


def survey(folder, *waves):
    (folder / "codebook.csv").write_text(CODES)
    lines = [line for wave in waves for line in answers(*wave)]
    (folder / "s.csv").write_text("\n".join(["id,wave,p,ep,ip,s,es,is", *lines]))


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """A first cycle: service rose from 5 to 7, product stayed at 5 where 7 is expected."""
    from tests.run.conftest import House

    house = House(tmp_path_factory.mktemp("cycles"))
    folder = house.data / "acme"
    folder.mkdir(parents=True)
    (folder / "client.yml").write_text(f"{YML}logo: acme.svg\n")
    (folder / "acme.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    survey(folder, (5, 5, 2024, 1), (5, 7, 2025, 101))
    (folder / "brand_values.csv").write_text(
        "reason,label,label_zh-Hans,mentions\nnear,Nearby,就近,40\n"
    )
    (folder / "actions.csv").write_text(
        "finding,owner,owner_zh-Hant,due,status,dimension\n"
        "Counter,Mo,,2025-01-31,done,service\nQueue,Li,李,2025-06-30,open,\n"
    )
    for name in ("00_brief", "05_results"):
        house.notebook(name, f"#md # {name}", PARAMETERS, "1")
    house.notebook("09_executive_report", "#md # Report", PARAMETERS, OPEN, SHOWN)
    assert main(house.command("next", "acme")) == 1  # it has not run
    assert house.cx("run", "acme")[0] == 0
    return house


def test_the_second_cycle_begins_where_the_first_ended(acme, capsys):
    capsys.readouterr()
    assert main(acme.command("next", "acme")) == 0
    said = capsys.readouterr().out
    assert "acme-2 begins where acme ended (run 1 of" in said
    assert "the brand value (service)" in said and "open actions: 1" in said
    assert "To be brought: the survey and its codebook" in said
    folder = acme.data / "acme-2"
    assert {path.name for path in folder.iterdir()} == {
        "client.yml", "brand_values.csv", "actions.csv", "predictions.csv", "acme.svg",
    }  # fmt: skip
    yml = (folder / "client.yml").read_text()
    assert "# a remark that stays" in yml and "ideal: {service: 8}" in yml
    assert "# survey:\n#   file: s.csv" in yml and "\nsurvey:" not in yml
    values = pd.read_csv(folder / "brand_values.csv")
    assert values["reason"].tolist() == ["service", "near"] and "mentions" not in values
    named = ["label", "label_zh-Hans"]  # in each language that the client has it in
    assert values[named].values.tolist() == [["Service", "服务"], ["Nearby", "就近"]]
    left = pd.read_csv(folder / "actions.csv")
    assert left[["finding", "owner", "owner_zh-Hant"]].values.tolist() == [["Queue", "Li", "李"]]
    told = pd.read_csv(folder / "predictions.csv")
    assert told[["prediction", "dimension", "value"]].values.tolist() == [
        ["key_experience", "product", -2.0]
    ]

    # Before any data have come, the new cycle can be checked, and its first step begins there.
    assert main(acme.command("check", "acme-2")) == 0
    case = cx.read_client("acme-2", acme.data)
    page = cx.open_page(case)
    said = page.sentence("carried_over", cx.carried_over(case))
    assert (
        said
        == "This cycle begins where “acme” ended: Service, repaired and proved, is the brand value."
    )

    # The second cycle's own data: product put right, service as it was.
    survey(folder, (7.6, 7, 2026, 201))  # 60 people are told in fifths of a point
    (folder / "client.yml").write_text(
        yml.replace("\n# ", "\n").replace("\nThe survey of", "\n# The survey of")
    )
    assert acme.cx("run", "acme-2")[0] == 0
    results = acme.reports / "acme-2" / "results"
    foreseen = pd.read_csv(results / "foreseen.csv")
    assert foreseen[["dimension", "mean_before", "mean", "came"]].values.tolist() == [
        ["product", -2.0, 0.6, "put_right"]
    ]
    moved = pd.read_csv(results / "since.csv").set_index(["score_of", "dimension"])
    assert moved.loc[("experience", "product"), "difference"] == 2.6
    assert moved.loc[("experience", "product"), "different"]
    assert moved.loc[("experience", "service"), "difference"] == 0
    following = pd.read_csv(results / "next_cycle.csv")
    assert "product" in set(following.loc[following["next"].eq("brand_value"), "dimension"])
    assert numbers(acme, "acme-2") == [0, 1]

    # Run again on other files, what the first cycle foresaw is still set against the first cycle.
    (folder / "actions.csv").write_text("finding,owner,due,status\nQueue,Li,2025-06-30,done\n")
    assert acme.cx("run", "acme-2")[0] == 0
    assert numbers(acme, "acme-2") == [0, 1, 2]
    assert pd.read_csv(results / "foreseen.csv").equals(foreseen)


@pytest.mark.parametrize(
    "words, said",
    [
        (["nobody"], "is not there"),
        (["acme", "acme"], "is there already"),
        (["acme", "Not A Name"], "Not A Name"),
        (["acme", "../x"], "../x"),
    ],
)
def test_what_cannot_begin_is_refused(acme, words, said, capsys):
    before = sorted(acme.data.iterdir())
    assert main(acme.command("next", *words)) == 1
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert sorted(acme.data.iterdir()) == before


def test_a_third_follows_the_second():
    from cxlib.client.following import next_name

    assert [next_name(name) for name in ("vendor", "vendor-2", "a-9", "x2")] == [
        "vendor-2", "vendor-3", "a-10", "x2-2",
    ]  # fmt: skip
