"""A survey file whose encoding is not said: the likeliest one, and the file read in it."""

from pathlib import Path

from cxlib.client.exports import Export, read_export
from cxlib.client.files import TEXTS, decoded
from cxlib.client.letters import likely_encoding
from cxlib.client.problems import ClientError


def opened(
    path: Path, tool: str, encoding: str, sheet: str = "", long: tuple = ()
) -> tuple[Export, str]:
    """(export, the encoding if it had to be guessed) of a survey file."""
    try:
        return read_export(path, tool, sheet, encoding, long=long), ""
    except ClientError as error:
        if encoding or path.suffix.lower() not in TEXTS or not path.is_file():
            raise
        guess = encoding_of(path)
        if not guess:
            raise
        try:
            return read_export(path, tool, sheet, guess, long=long), guess
        except ClientError:
            raise error from None


def encoding_of(path: Path) -> str:
    """The encoding that a text which is not UTF-8 is most likely in; "" where none is likely."""
    data = path.read_bytes()[: 256 * 1024]
    try:
        decoded(path.read_bytes(), str(path))
        return ""  # it is UTF-8, and something else is wrong with it
    except ClientError:
        return likely_encoding(data)
