"""HTML that is not the page's own: no script, nothing from elsewhere, in the house's looks."""

import re
from base64 import b64encode
from hashlib import sha256

from bs4 import BeautifulSoup

from cxlib.page.looks import LOOKS

ACTIVE, SHOWN, KEPT, STYLES = map(LOOKS["html"].get, ("active", "shown", "kept", "styles"))
PLAIN = re.compile(r"[#\w\s.,%-]+|rgba?\([\d\s.,%]+\)")  # a value that asks for nothing
NUMBER = re.compile(r"[-−+]?[\d.,\s]*\d%?|nan|NaN|–")
ADDRESS = re.compile(r"(#|https?://|mailto:)", re.I)  # a link is followed when somebody asks for it


def markdown_html(source: str) -> str:
    """Markdown as HTML, as a notebook shows it."""
    from nbconvert.filters import markdown2html

    return markdown2html(source)


def cleaned(html: str, name: str = "") -> tuple[str, list[str]]:
    """(the HTML without what runs or loads, what was odd: "script", "picture").

    name : of the cell, for the ids of a styled table, which are another at every run
    Colours and weights of a pandas Styler stay, in a <style> of their own; all other looks are the
    page's. "" where nothing is left to see.
    """
    import bleach

    html = re.sub(r"\bT_[0-9a-f]{5}(?=\W|_)", "T_" + re.sub(r"\W", "", name), html)
    soup, odd = BeautifulSoup(html, "html.parser"), []
    rules = _rules("".join(style.extract().get_text() for style in soup.find_all("style")))
    active = [tag.extract() for tag in soup.find_all(ACTIVE)]
    listening = any(name.startswith("on") for tag in soup.find_all(True) for name in tag.attrs)
    odd += ["script"] if active or listening else []
    for picture in soup.find_all("img"):
        if not picture.get("src", "").startswith("data:image/"):
            odd.append("picture")
            picture.decompose()
    for table in soup.find_all("table"):
        _in_house(soup, table)
    kept = {"tags": SHOWN, "attributes": _kept, "protocols": {"data", "http", "https", "mailto"}}
    safe = bleach.clean(str(soup), strip=True, **kept)
    seen = BeautifulSoup(safe, "html.parser")
    if not seen.get_text(strip=True) and not seen.find("img"):
        return "", list(dict.fromkeys(odd))
    return (f"<style>{rules}</style>" if rules else "") + safe, list(dict.fromkeys(odd))


def _kept(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and value.startswith("data:image/")
    return name in KEPT and (name != "href" or bool(ADDRESS.match(value)))


def _in_house(soup, table) -> None:
    """A table that scrolls on a phone, with numbers to the right."""
    if "table" not in (table.parent.get("class") or [] if table.parent else []):
        table.wrap(soup.new_tag("div", attrs={"class": "table"}))
    for cell in table.find_all("td"):
        if NUMBER.fullmatch(cell.get_text(strip=True)):
            cell["class"] = [*(cell.get("class") or []), "n"]


def _rules(css: str) -> str:
    """The rules of a Styler's own cells that say a colour or a weight; a colour beneath has ink on it."""
    found = []
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        parts = (part.partition(":") for part in body.split(";"))
        pairs = [(name.strip().lower(), value.strip()) for name, _, value in parts]
        looks = {name: value for name, value in pairs if name in STYLES and PLAIN.fullmatch(value)}
        if "background-color" in looks:
            looks.setdefault("color", "#1b2026")
        if looks and re.fullmatch(r"\s*#T_[\w\s.,:#()-]+", selector):
            said = ";".join(f"{name}:{value}" for name, value in looks.items())
            found.append(f"{' '.join(selector.split())}{{{said}}}")
    return "".join(found)


def policy(styles, scripts) -> str:
    """Content-Security-Policy: nothing from anywhere but what is in the page, by its hash."""
    script_src = " ".join(_hash(script) for script in scripts) or "'none'"
    style_src = " ".join(dict.fromkeys(map(_hash, styles)))
    return (
        f"default-src 'none'; img-src data:; style-src {style_src}; script-src {script_src}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
