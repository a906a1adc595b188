"""Which files of a client's folder hold which table, and which nothing reads."""

import hashlib
import re
from pathlib import Path

from cxlib.client.cells import is_blank
from cxlib.client.contract import TABLES
from cxlib.client.files import ENDINGS, OLD_ENDINGS, read_file, shown_name, wrong_ending
from cxlib.client.mapping import ENDING as MAPS
from cxlib.client.mapping import map_path, mapped_sources
from cxlib.client.problems import ClientError, Problem, did_you_mean, first_few, nearest, problem
from cxlib.client.settings import Settings
from cxlib.client.tables import EXAMPLE
from cxlib.client.workbooks import WORKBOOKS, read_sheet_rows, sheet_names

WORKBOOK = "tables.xlsx"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
ALIKE = 0.75  # how near a file's name must be to a table's to be taken for a slip


class Sources:
    """Files by table, as they are come upon, and what is wrong with their names."""

    def __init__(self):
        self.files, self.problems, self.warnings, self.rejected = {}, [], [], []

    def add(self, table: str, path: Path, sheet: str = "") -> None:
        """One more place that a table could come from."""
        self.files.setdefault(table, []).append((path, sheet))


def wrong_characters(client: str) -> list[Problem]:
    """A name is a folder, a web address and a word of a command: few characters serve for all."""
    known = NAME.fullmatch(str(client))
    return [] if known else [problem("client", "not_a_name", value=repr(client))]


def new_folder(data_dir, name: str, hint: str) -> Path:
    """Where a client's new folder goes. Raises ClientError where the name is not one, or is taken."""
    folder, problems = Path(data_dir, name), wrong_characters(name)
    if not problems and folder.exists():
        problems = [problem(folder, "there_already", hint=hint)]
    if problems:
        raise ClientError(problems)
    return folder


def wrong_name(client: str, data_dir) -> list[Problem]:
    """What is wrong with a client's name, or with there being no such folder."""
    data = Path(data_dir)
    if problems := wrong_characters(client):
        return problems
    if not (data / client).is_dir():
        known = sorted(path.parent.name for path in data.glob("*/client.yml"))
        hint = did_you_mean(client, known) if known else f"{data} holds no clients."
        return [problem(data / client, "no_client", hint=hint)]
    return []


def apart(settings: Settings) -> set[str]:
    """Files that client.yml names: no tables, and read in their own way."""
    if settings.survey is None:
        return set()
    keep = settings.survey.keep
    return {settings.survey.file} | ({keep.file} if keep else set())


def table_sources(folder: Path, settings: Settings, refused=()) -> tuple[dict, Sources]:
    """{table: (file, sheet)} of a client's folder, and what was found besides; `refused` is passed over."""
    found, other = Sources(), {"client.yml", *apart(settings), *refused}
    maps, found.problems = mapped_sources(folder)
    for table, place in maps.items():
        found.add(table, *place)
    other |= {path.name for path, _ in maps.values()}
    other |= {path.name for path in folder.glob(f"*{MAPS}")}
    for path in sorted(folder.iterdir()):
        if path.name in other or path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if path.name == WORKBOOK:
            add_sheets(path, found)
        elif path.stem in TABLES and path.suffix in ENDINGS:
            found.add(path.stem, path, own_sheet(path))
        elif path.suffix.lower() in (*ENDINGS, *OLD_ENDINGS, ".yaml", ".yml"):
            unread(path, found, settings.encoding or "")
    for name, places in found.files.items():
        if len(places) > 1:
            places[:] = [each for each in places if not untouched(*each)] or places[:1]
        if len(places) > 1:
            others = first_few(shown_name(path.name, sheet) for path, sheet in places[:-1])
            last = places[-1][0]
            found.problems.append(problem(last, "given_twice", table=name, others=others))
    return {name: places[0] for name, places in found.files.items()}, found


def own_sheet(path: Path) -> str:
    """The sheet of TABLE.xlsx that is named for the table; '' for the first."""
    if path.suffix.lower() not in WORKBOOKS:
        return ""
    try:
        return path.stem if path.stem in sheet_names(path) else ""
    except ClientError:
        return ""  # reading it will say why


def add_sheets(path: Path, found: Sources) -> None:
    """The tables of the workbook; a sheet with a slip in its name is refused."""
    try:
        sheets = sheet_names(path)
    except ClientError as error:
        found.problems += error.problems
        return
    for sheet in sheets:
        shown, near = f"{path}#{sheet}", nearest(sheet, TABLES, ALIKE)
        if sheet in TABLES:
            found.add(sheet, path, sheet)
        elif near and has_columns_of(near, path, sheet):
            found.problems.append(problem(shown, "slip_of_sheet", near=near))
        elif not sheet.startswith("_"):
            found.warnings.append(problem(shown, "own_sheet", name=sheet))


def untouched(path: Path, sheet: str) -> bool:
    """Whether a sheet of the workbook is still as `cx new` made it: a header, and the example."""
    if path.name != WORKBOOK:
        return False
    try:
        rows = read_sheet_rows(path, shown_name(path, sheet), sheet).rows[1:]
    except ClientError:
        return False  # reading it will say why
    cells = [cell for row in rows for cell in row[:1] if not is_blank(cell)]
    return all(str(cell).startswith(EXAMPLE) for cell in cells)


def has_columns_of(table: str, path: Path, sheet: str = "", encoding: str = "") -> bool:
    """Whether a file, or a sheet, whose name is nearly a table's is that table by its header: stores
    are not scores."""
    try:
        header = {str(name).casefold() for name in read_file(path, sheet, encoding).frame}
    except ClientError:  # who asks for it will be told
        return False
    return any(column.required and column.name in header for column in TABLES[table].columns)


def unread(path: Path, found: Sources, encoding: str = "") -> None:
    """A data file that nothing reads: a slip of the name is refused, anything else announced."""
    near = nearest(path.stem, [*TABLES, "tables", "client"], ALIKE)
    if near in TABLES and path.suffix in OLD_ENDINGS:
        found.problems.append(wrong_ending(path, str(path)))
    elif near and (near not in TABLES or has_columns_of(near, path, encoding=encoding)):
        ending = {"tables": ".xlsx", "client": ".yml"}.get(near, path.suffix)
        found.problems.append(problem(path, "slip_of_file", near=near + ending))
    elif path.suffix in ENDINGS and path.suffix != ".txt":  # which may be anybody's notes
        about = {"name": path.stem, "tables": first_few(TABLES, 30)}
        found.warnings.append(problem(path, "own_file", **about))


def hashes(folder: Path, settings: Settings, sources: dict, used=()) -> dict:
    """{file in the client's folder: SHA-256} of everything that was read; `used` besides tables."""
    names = {"client.yml", *apart(settings), *used, *(path.name for path, _ in sources.values())}
    names |= {path.name for path in (map_path(folder, n) for n in sources) if path.is_file()}
    names |= {settings.logo, settings.deck} - {None}
    found = {}
    for name in sorted(names):
        with (folder / name).open("rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
