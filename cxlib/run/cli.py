"""`cx`: the command line. 0 all well, 1 a client failed (the others still ran), 2 wrong usage.

Imports little: a run of clients of which none has changed should be over before pandas is loaded.
"""

import json
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from cxlib.client.problems import ClientError
from cxlib.run import batch, changes, folder, index, machine
from cxlib.run.asked import TOLD, NotYet, Usage, nearest, parsed
from cxlib.run.worker import Job

UNTOLD = "a file or folder has a name that is none in this system's encoding: set PYTHONUTF8=1"


def main(argv=None) -> int:
    """Do what the command line asks; the exit status."""
    argv = sys.argv[1:] if argv is None else list(argv)
    for stream in sys.stdout, sys.stderr:  # a console that has not every letter shows what it has
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    machine.private()
    try:
        asked = parsed(argv)
        return does(asked.command)(asked)
    except (Usage, batch.Unavailable) as error:
        print(f"cx: {error}", file=sys.stderr)
        return 2
    except (ClientError, NotYet) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        stopped = "\nStopped. Reports that are done stay; run the same command again to go on."
        print(stopped, file=sys.stderr, flush=True)
        os._exit(1)  # at once: the running clients' processes end with this one
    except Exception as error:
        if "--debug" in argv:
            raise
        said = UNTOLD if isinstance(error, UnicodeEncodeError) else error or type(error).__name__
        print(f"cx: {said} (--debug shows where)", file=sys.stderr)
        return 1


def new(asked) -> int:
    """`cx new`: 1 where a folder could not be made."""
    from cxlib.client.template import new_client

    status = 0
    for name in asked.clients:
        try:
            new_client(name, asked.data)
            then = f"fill in client.yml and tables.xlsx, then `cx check {name}`."
            print(f"{Path(asked.data, name)}: {then}")
        except (ClientError, OSError) as error:
            print(error, file=sys.stderr)
            status = 1
    return status


CHECKED_IN = 1150  # MB beside the program's own, which are up to 340


def check(asked) -> int:
    """`cx check`: every problem of every client, or how much was understood; 1 where there is one."""
    from cxlib.analysis.client_brief import unread, what_was_read
    from cxlib.client.case import check_client, read_client
    from cxlib.page.language import not_yet

    status = 0
    for name in asked.clients or _all_clients(asked.data):
        try:
            machine.limit_memory(CHECKED_IN)
            problems = check_client(name, asked.data) + _commentary_problems(Path(asked.data, name))
        except MemoryError:
            problems = [f"{name}: needs more than {CHECKED_IN:,} MB to be read: send less of it."]
        except OSError as error:  # the other clients are checked all the same
            problems = [f"{name}: {error}"]
        machine.limit_memory(0)
        status |= bool(problems)
        if problems:
            print("\n\n".join(map(str, problems)))
            continue
        case = read_client(name, asked.data)
        if refused := not_yet(case.language):
            status = 1
            print(f"{name}: {refused}")
            continue
        said = what_was_read(case)
        n = sum(line.startswith("Look at: ") for line in said)
        look = f"can be run, and there {'are' if n > 1 else 'is'} {n} to look at."
        well = "can be run; some of it is used for nothing." if len(unread(case)) else "all well."
        print(f"{name}: {look if n else well}")
        for line in said:
            print(f"  {line}")
    return status


def _commentary_problems(folder):
    """What is wrong with a client's comments; the page, which knows what they may be about, is loaded
    only where there are any."""
    from cxlib.client.looks import leads_out

    if any(not leads_out(folder, each.name) for each in folder.glob("[Cc][Oo][Mm][Mm]*.[Yy]*")):
        from cxlib.page.commentary import read_commentary

        try:
            read_commentary(folder)
        except ClientError as error:
            return error.problems
    return []


def codebook(asked) -> int:
    """`cx codebook`: writes the draft and says what is unsure."""
    from cxlib.client.draft import client_lines, draft_codebook, draft_summary, write_codebook
    from cxlib.client.draft_map import no_survey
    from cxlib.client.template import written_into

    asked.file.encode()  # a name that client.yml can tell, or nothing is written
    out = _free(asked.out or Path(asked.file).with_name("codebook.csv"))
    long = tuple(filter(None, asked.long.split(",")))
    draft = draft_codebook(asked.file, asked.tool, asked.encoding, asked.sheet, long)
    write_codebook(draft, out)
    print(draft_summary(draft))
    if other := no_survey(asked.file, draft, asked.sheet):
        print(other)
    measured = not other and not draft["measure"].isin(("", "group")).all()
    fresh = measured and written_into(Path(asked.file).parent, client_lines(draft))
    print(TOLD["said"]["codebook_written"][bool(fresh)].format(out=out))
    return 0


def map_table(asked) -> int:
    """`cx map`: writes the draft and says what is unsure."""
    from cxlib.client.draft_map import draft_map, map_lines, map_summary
    from cxlib.client.template import written_into

    asked.file.encode()  # a name that client.yml can tell, or nothing is written
    draft = draft_map(asked.file, asked.table, asked.sheet, asked.encoding)
    out = _free(asked.out or Path(asked.file).with_name(f"{draft.attrs['table']}.map.csv"))
    draft.to_csv(out, index=False, encoding="utf-8-sig")
    print(map_summary(draft))
    fresh = written_into(Path(asked.file).parent, map_lines(draft))
    print(TOLD["said"]["map_written"][fresh].format(out=out))
    return 0


def _free(path) -> Path:
    """A path at which nothing stands."""
    if Path(path).exists():
        raise Usage(f"{path} is there already: say --out, so that nothing is lost")
    return Path(path)


def run(asked) -> int:
    """`cx run`: 1 where a client failed; the others ran."""
    started = datetime.now(UTC)
    names = list(dict.fromkeys(asked.clients)) or _all_clients(asked.data)
    jobs = [job_for(asked, name) for name in names]
    if asked.settings and jobs:
        _refuse_unknown_keys(jobs[0])
    progress = batch.Progress(len(jobs), quiet=asked.quiet)
    here = batch.here(max(1, asked.jobs), progress)
    executor = batch.on_cluster(asked.scheduler) if asked.scheduler else here
    results = batch.run_batch(jobs, executor, progress)
    folder.clear_all(asked.reports)
    index.write_summary(asked.reports, results, started)
    index.write_index(asked.reports, asked.data, results)
    _say(asked, results)
    return int(any(result.status == "failed" for result in results))


def _say(asked, results):
    """The end of a run: where the reports are, what failed, where the time went."""
    if asked.timing:
        for result in results:
            _say_timing(result)
    if asked.debug:
        print(*(result.trace for result in results if result.trace), sep="\n", file=sys.stderr)
    warned = [result for result in results if result.warnings]
    for result in warned[:10] if not asked.quiet else []:
        for warning in result.warnings:
            print(f"{result.client}: to know: {warning}")
    if len(warned) > 10 or (warned and asked.quiet):
        have = "client has" if len(warned) == 1 else "clients have"
        print(f"{len(warned)} {have} warnings: `cx check NAME` and the report tell them")
    good = [result for result in results if result.status != "failed"]
    for result in good[:10] if not asked.quiet else []:
        print(Path(asked.reports, result.client, "report.html"))
    failed = len(results) - len(good)
    if len(results) > 1 or failed:
        done = f"{len(good)} of {len(results)} reports up to date, {failed} failed"
        print(f"{done}: {Path(asked.reports, 'index.html')}")


def _say_timing(result):
    print(f"{result.client}: seconds per stage, {result.seconds:.2f} in all, {result.memory_mb} MB at most")  # fmt: skip
    ran = {name: (stage["run"], stage.get("render", 0)) for name, stage in result.timing.items()}
    rest = result.seconds - sum(map(sum, ran.values()))
    for name, (run, render) in {**ran, "start, hash, write": (rest, 0)}.items():
        print(f"  {name:28} {run:7.2f}" + f"   rendered in {render:5.2f}" * bool(render))


def job_for(asked, client):
    """The job of one client, as the command line asks for it."""
    notebooks = _notebooks_dir(asked.notebooks)
    # MB for one of so many clients at once, most of the machine's memory being theirs.
    share = max(1024, int(machine.total_memory_mb() * 0.9 / max(1, asked.jobs)))
    return Job(client=client, data_dir=os.path.abspath(asked.data),
        data_shown=asked.data.rstrip("/"), code=changes.code(),
        reports_dir=os.path.abspath(asked.reports), notebooks_dir=notebooks,
        settings=_settings(asked.settings), date=datetime.now().date().isoformat(),
        first_step=_first_step(asked.first_step, notebooks), engine=asked.engine,
        force=asked.force, deck=asked.deck, cell_timeout=asked.cell_timeout,
        client_timeout=asked.client_timeout, memory=asked.memory or share)  # fmt: skip


def _all_clients(data_dir):
    found = index.client_names(data_dir)
    if not found:
        why = "no folder in it has a client.yml. `cx new NAME` makes one"
        raise Usage(f"there is no client in {data_dir}: {why}")
    return found


def _settings(pairs):
    """KEY=VALUE… as the JSON object that notebooks take; a value that is not JSON is text."""
    found = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise Usage(f"--set {pair}: write KEY=VALUE, such as --set small_base=20")
        try:
            found[key.strip()] = json.loads(value)
        except ValueError:
            found[key.strip()] = value
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else ""


def _refuse_unknown_keys(job):
    """A misspelt key of --set is wrong usage, not a fault of each client."""
    from cxlib.client.client_yml import read_settings
    from cxlib.client.scenario import KEY, with_scenario

    folder, keys = Path(job.data_dir, job.client), json.loads(job.settings)
    others = json.dumps({key: value for key, value in keys.items() if key != KEY})
    _, problems = read_settings(folder / "client.yml", others)
    wrong = [each for each in problems if each.rule.startswith("is not a key")]
    wrong = [each for each in wrong if each.column in keys]
    wrong += with_scenario(folder, job.settings)[2] if folder.is_dir() else []
    if wrong:
        said = (
            f"--set {each.column}: {each.rule}. {each.remedy}" if each.column in keys else str(each)
            for each in wrong
        )
        raise Usage("\n    ".join(said))


def _first_step(wish, notebooks_dir):
    names = list(changes.notebooks(notebooks_dir))
    found = [name for name in names if name == wish or name.split("_")[0] == wish.zfill(2)]
    if wish and not found:
        raise Usage(f"--from {wish}: there is no such step. {nearest(wish, names)}")
    return found[0] if wish else ""


def _notebooks_dir(wish):
    """notebooks/ here, or else the package's own."""
    place = Path(wish or "notebooks")
    if not wish and not place.is_dir():
        place = changes.own_notebooks()
    if not changes.notebooks(str(place.resolve())):
        raise Usage(f"there are no notebooks in {place}")
    return str(place.resolve())


DOES = {"new": new, "check": check, "run": run, "codebook": codebook, "map": map_table}
BESIDE = {each: each for each in ("compare", "lab", "validate")} | {"next": "next_cycle"}


def does(command: str):
    """The function of a command: one of these, or of `commands`, which loads more."""
    return DOES.get(command) or getattr(import_module("cxlib.run.commands"), BESIDE[command])


if __name__ == "__main__":
    sys.exit(main())
