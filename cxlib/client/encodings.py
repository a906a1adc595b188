"""A survey file whose encoding is not said: the likeliest one, and the file read in it."""

from pathlib import Path

import numpy as np

from cxlib.client.exports import Export, read_export
from cxlib.client.files import TEXTS, decoded
from cxlib.client.problems import ClientError

MOST = 0.8  # share of characters that must be common ones


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
    from charset_normalizer import from_bytes

    data = path.read_bytes()[: 256 * 1024]
    try:
        decoded(path.read_bytes(), str(path))
        return ""  # it is UTF-8, and something else is wrong with it
    except ClientError:
        best = from_bytes(data).best()
        return best.encoding.replace("_", "-") if best else east_asian(data)


COMMON = {  # where an encoding keeps its common characters: the first of their two bytes
    "cp949": range(0xB0, 0xC9),
    "big5": range(0xA4, 0xC7),
    "gb18030": range(0xB0, 0xD8),
}


def east_asian(data: bytes) -> str:
    """The encoding under which most characters of a short text are common ones; "" if under none."""
    shares = {}
    for name, common in COMMON.items():
        text = data.decode(name, errors="ignore")
        first = [each.encode(name)[0] for each in text if each.isalpha() and not each.isascii()]
        shares[name] = np.mean([byte in common for byte in first]) if first else 0
    best = max(shares, key=shares.get)
    return best if shares[best] > MOST else ""
