"""A client made up for one test: its files as text, in a folder of its own."""

import pytest

from cxlib.client.case import check_client, read_client

SETTINGS = """\
name: Acme
language: en
currency: EUR
revenue: 1_000_000
scale: [0, 10]
importance_scale: [0, 10]
dimensions: {product: Product, service: Service, price: Price}
"""
SCORES = """\
dimension,experience,expectation,importance,from
product,6,7,8,management
service,5,8,9,management
price,7,7,,management
"""


class Client:
    def __init__(self, data):
        self.data, self.folder = data, data / "acme"
        self.folder.mkdir()
        self.write("client.yml", SETTINGS)

    def write(self, name, content, encoding="utf-8"):
        path = self.folder / name
        if callable(content):
            content(path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_bytes(content.encode(encoding))
        return self

    def settings(self, more, without=""):
        kept = [
            line for line in SETTINGS.splitlines() if not (without and line.startswith(without))
        ]
        return self.write("client.yml", "\n".join([*kept, more, ""]))

    def read(self, **options):
        return read_client("acme", self.data, **options)

    def problems(self):
        return check_client("acme", self.data)

    def problem(self):
        """The only problem there is."""
        found = self.problems()
        assert len(found) == 1, "\n\n".join(map(str, found))
        return found[0]


@pytest.fixture
def acme(tmp_path):
    return Client(tmp_path)


@pytest.fixture
def scored(acme):
    """A client with scores and nothing wrong."""
    return acme.write("scores.csv", SCORES)


@pytest.fixture
def surveyed(acme):
    """A client with a raw survey of four people: two items of one dimension, and groups."""
    acme.settings("survey: {file: answers.csv, segment: kind}")
    acme.write(
        "codebook.csv",
        "column,measure,item,dimension,low,high,missing,codes\n"
        "e1,experience,speed,service,,,99,\n"
        "x1,expectation,speed,service,,,99,\n"
        "i1,importance,speed,service,,,,none=0;some=5;much=10\n"
        "happy,overall,,,1,5,,\n"
        "kind,group,,,,,,n=new;o=old\n",
    )
    return acme.write(
        "answers.csv",
        "e1,x1,i1,happy,kind,spare\n4,6,much,5,n,a\n6,8,some,4,o,b\n99,7,much,3,n,c\n5,,none,2,o,d\n",
    )
