"""Tiny notebooks, and what it takes to run them both ways."""

import nbformat
import pytest


def written(path, *cells):
    """A notebook file: a text starting with '#md ' is Markdown, the first code cell has the parameters."""
    nodes, tagged = [], False
    for text in cells:
        if text.startswith("#md "):
            nodes.append(nbformat.v4.new_markdown_cell(text[4:]))
            continue
        nodes.append(nbformat.v4.new_code_cell(text))
        if not tagged:
            nodes[-1].metadata["tags"], tagged = ["parameters"], True
    nodes = [{**node, "id": f"c{n}"} for n, node in enumerate(nodes)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(cells=nodes, metadata={"kernelspec": kernel})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.from_dict(book), path)
    return path


@pytest.fixture
def notebook(tmp_path):
    return lambda name, *cells: written(tmp_path / "notebooks" / f"{name}.ipynb", *cells)
