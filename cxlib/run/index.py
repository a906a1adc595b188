"""reports/index.html and reports/summary.json: all clients side by side, and how the run went."""

import json
from datetime import UTC, datetime
from pathlib import Path

from cxlib.run import folder

RESULT = ("client", "status", "reason", "notebook", "cell", "seconds", "memory_mb")


def write_summary(reports_dir, results, started):
    """summary.json for machines: this run's clients, each with what became of it."""
    ended = [result.status for result in results]
    summary = {
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **{status: ended.count(status) for status in ("done", "unchanged", "failed")},
        "clients": [{key: getattr(result, key) for key in RESULT} for result in results],
    }
    text = json.dumps(summary, ensure_ascii=False, indent=1)
    folder.write_whole(Path(reports_dir, "summary.json"), text)


def write_index(reports_dir, data_dir, results):
    """index.html for people: every client that was ever run; left as it is where nothing ran."""
    index = Path(reports_dir, "index.html")
    if index.exists() and all(result.status == "unchanged" for result in results):
        return
    from cxlib.page.render import index_page

    rows = index_rows(reports_dir, sorted({*client_names(data_dir), *(r.client for r in results)}))
    today = datetime.now().date().isoformat()
    spoken = [row["language"] for row in rows if row.get("language")]
    language = max(spoken, key=spoken.count, default="en")  # of most of the clients
    folder.write_whole(index, index_page(rows, language, date=today))


def index_rows(reports_dir, clients) -> list[dict]:
    """One row per client that has a report, or has failed, as page.index_page takes them."""
    rows = []
    for client in clients:
        last = folder.read_json(Path(reports_dir, client, "run.json"))
        failure = folder.failure(reports_dir, client)
        if last or failure:
            row = {
                "client": client,
                "status": "failed" if failure else "complete",
                "reason": failure.get("reason", ""),
                "link": f"{client}/report.html" if last else "",
                "date": last.get("started", "")[:10],
            }
            told = folder.read_json(Path(reports_dir, client, "results", "verdict.json"))
            rows.append(row | last.get("headline", {}) | {"verdict": told})
    return rows


def client_names(data_dir) -> list[str]:
    """Names of the folders of data_dir that hold a client.yml, in order."""
    return sorted(path.parent.name for path in Path(data_dir).glob("*/client.yml"))
