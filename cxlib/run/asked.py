"""What the command line may say, and what is said to somebody who mistypes it."""

import argparse
import os
from difflib import get_close_matches

from cxlib.run.worker import Job

COMMANDS = {
    "new": "make data/NAME with a commented client.yml and a workbook to fill in",
    "check": "read and validate everything, run nothing, list every problem",
    "run": "run the notebooks and make the reports",
    "codebook": "draft codebook.csv from a survey file, and say what is unsure",
    "map": "draft TABLE.map.csv from a file of customers, invoices or cases with other headers",
    "compare": "two runs of a client, or two clients: what moved, and what came of what was foreseen",
    "next": "make the folder of a client's next cycle, from where the last one ended",
    "lab": "open the workbook's start page in JupyterLab",
    "validate": "compute every published number anew: reports/validation.html",
}


class Usage(Exception):
    """The command line asks for what is not there; the text says what to type instead."""


class NotYet(Exception):
    """What is asked for cannot be done as things stand; the text says why."""


class Parser(argparse.ArgumentParser):
    """Says what was probably meant."""

    def error(self, message):
        """argparse would print its usage and exit."""
        raise Usage(f"{message}. See `{self.prog} --help`.")


def parsed(argv):
    """The command line as typed, or Usage with what was probably meant."""
    parser = Parser(prog="cx", description="From a client's files to a report.", allow_abbrev=False)
    commands = parser.add_subparsers(
        dest="command", metavar="{" + ",".join(COMMANDS) + "}", parser_class=Parser
    )
    common = argparse.ArgumentParser(add_help=False)
    # fmt: off
    common.add_argument("--data", metavar="DIR", default="data", help="the clients' folders (data/)")
    common.add_argument("--reports", metavar="DIR", default="reports", help="the reports (reports/)")
    common.add_argument("--debug", action="store_true", help="show where in the code an error arose")
    # fmt: on
    each = {
        name: commands.add_parser(
            name, parents=[common], help=text, description=text, allow_abbrev=False
        )
        for name, text in COMMANDS.items()
    }
    each["new"].add_argument("clients", metavar="NAME", nargs="+")
    for name in "check", "run":
        each[name].add_argument("clients", metavar="NAME", nargs="*")
        each[name].add_argument(
            "--all", action="store_true", help="every client in the data folder"
        )
    _run_options(each["run"])
    _codebook_options(each["codebook"])
    _map_options(each["map"])
    _compare_options(each["compare"])
    each["next"].add_argument("client", metavar="NAME")
    each["next"].add_argument("new", metavar="NEW", nargs="?", default="", help="its name (NAME-2)")
    _validate_options(each["validate"])
    _refuse_strange(argv, each)
    asked = parser.parse_args(argv)
    if not asked.command:
        raise Usage(
            "what to do? cx new NAME, cx check NAME…, cx run NAME… | --all. See `cx --help`"
        )
    if asked.command in ("check", "run") and bool(asked.clients) == asked.all:
        raise Usage(f"name the clients, or say --all: cx {asked.command} NAME… | --all")
    return asked


# fmt: off
def _run_options(run):
    add = run.add_argument
    add("--jobs", metavar="N", type=int, default=os.cpu_count(), help="clients at once (all cores)")
    add("--force", action="store_true", help="also run clients of which nothing has changed")
    add("--from", dest="first_step", metavar="STEP", default="", help="only from this notebook on: 05")
    add("--set", dest="settings", metavar="KEY=VALUE", action="append", default=[],
        help="a client.yml value for this run only, or scenario=NAME for one that was saved")
    add("--pdf", action="store_true", help="print report.pdf as well")
    add("--deck", action="store_true", help="make slides (deck.pptx) and the tables' workbook as well")
    add("--quiet", action="store_true", help="dated lines for a log, nothing that moves")
    add("--timing", action="store_true", help="show the seconds of each stage")
    add("--engine", choices=("warm", "jupyter"), default=Job.engine, help="jupyter: stock kernels")
    add("--cell-timeout", metavar="S", type=float, default=Job.cell_timeout, help="seconds for a cell")
    add("--client-timeout", metavar="S", type=float, default=Job.client_timeout,
        help="seconds for a client")
    add("--memory", metavar="MB", type=int, default=0, help="for a client (its share of what there is)")
    add("--scheduler", metavar="ADDRESS", help="run on the Dask cluster at this address")
    add("--shard", metavar="I/N", help="only the I-th of N parts of the clients, for job arrays")
    add("--notebooks", metavar="DIR", default="", help="where the notebooks are (notebooks/)")


def _codebook_options(codebook):
    add = codebook.add_argument
    add("file", metavar="FILE", help="the survey file as the tool exported it")
    add("--out", metavar="CSV", default="", help="where to write it (codebook.csv beside FILE)")
    add("--tool", default="", help="the survey tool that wrote FILE (found out)")
    add("--encoding", default="", help="its encoding (found out)")
    add("--sheet", default="", help="sheet of a workbook (the only one that holds a table)")
    add("--long", metavar="WHO,WHAT,SCORE", default="",
        help="one row per answer: the columns that say who answered, what, and how")


def _map_options(map):
    add = map.add_argument
    add("file", metavar="FILE", help="customers, invoice lines or cases, as a system exported them")
    add("--out", metavar="CSV", default="", help="where to write it (TABLE.map.csv beside FILE)")
    add("--table", default="", help="customers, transactions or complaints (found out)")
    add("--sheet", default="", help="sheet of a workbook (the only one that holds a table)")
    add("--encoding", default="", help="its encoding (found out)")


def _compare_options(compare):
    add = compare.add_argument
    add("client", metavar="NAME")
    add("runs", metavar="RUN", nargs="*",
        help="number or day of a kept run, last, previous (previous last); or another client")
    add("--with", dest="other", metavar="OTHER", default="", help="another client, to compare with")


def _validate_options(validate):
    add = validate.add_argument
    add("--language", choices=("en", "zh-Hans", "zh-Hant"), default="en", help="of the page (en)")
    add("--replications", metavar="N", type=int, help="of each simulated survey")
# fmt: on


def _refuse_strange(argv, commands):
    """argparse names what it does not know; this says what is nearest to it."""
    command = next((word for word in argv if not word.startswith("-")), None)
    if command and command not in commands:
        raise Usage(f"there is no command '{command}'. {nearest(command, commands)}")
    known = commands[command]._option_string_actions if command else {"--help": None, "-h": None}
    for word in argv:
        option = word.split("=")[0]
        if option.startswith("--") and option not in known:
            raise Usage(f"there is no option '{option}'. {nearest(option, known)}")


def nearest(word, known):
    near = get_close_matches(word, known, 1, cutoff=0.5)
    return f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(sorted(known))}."
