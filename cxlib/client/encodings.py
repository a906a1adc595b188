"""A file whose encoding is not said, read in the likeliest one."""

from pathlib import Path

from cxlib.client.files import LOOKED_AT_BYTES, TEXTS, decoded
from cxlib.client.letters import likely_encoding
from cxlib.client.problems import ClientError


def opened(read, path: Path, encoding: str) -> tuple:
    """(what `read` makes of the file in an encoding, that encoding if it had to be guessed)."""
    try:
        return read(encoding), ""
    except ClientError as error:
        guess = "" if encoding or path.suffix.lower() not in TEXTS else encoding_of(path)
        if not guess:
            raise
        try:
            return read(guess), guess
        except ClientError:
            raise error from None


def encoding_of(path: Path) -> str:
    """The encoding that a text which is not UTF-8 is most likely in; "" where none is likely."""
    if not path.is_file():
        return ""
    data = path.read_bytes()
    try:
        decoded(data, str(path))
        return ""  # it is UTF-8, and something else is wrong with it
    except ClientError:
        return likely_encoding(data[:LOOKED_AT_BYTES])
