"""The last run and the state of the mirror as an OpenMetrics text file, for node_exporter and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

_RESULTS = ("new", "updated", "unchanged", "refused", "failed", "absent", "gone", "skipped")
_HELP = {
    "mirror_last_run_timestamp_seconds": "When the last run ended.",
    "mirror_last_run_status": "Its exit status, see docs/exits.md.",
    "mirror_last_run_duration_seconds": "How long it took.",
    "mirror_last_run_articles": "Articles it dealt with, by result.",
    "mirror_last_run_requests": "Requests it made.",
    "mirror_last_run_received_bytes": "Bytes it received.",
    "mirror_articles": "Articles known, by section and state.",
    "mirror_pages": "Pages in the tree, by section.",
    "mirror_due": "Addresses due now, by what for.",
}


def write_metrics(file: Path, outcome: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Write the file, whole or not at all. Raises OSError.

    `outcome` is that of a crawl as JSON, `known` has what is known of the `sections` and what is `due`.
    """
    temporary = file.with_name(f"{file.name}.tmp")
    temporary.write_text("\n".join(_lines(outcome, known)) + "\n", "utf-8")
    temporary.replace(file)


def _lines(outcome: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for name, labels, value in [*_run(outcome), *_state(known)]:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        found.setdefault(name, []).append(
            f"{name}{{{shown}}} {value}" if shown else f"{name} {value}"
        )
    for name, samples in found.items():
        yield f"# HELP {name} {_HELP[name]}"
        yield f"# TYPE {name} gauge"
        yield from samples
    yield "# EOF"


def _run(outcome: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str], float]]:
    ended = datetime.fromisoformat(outcome["ended"]).timestamp()
    yield "mirror_last_run_timestamp_seconds", {}, ended
    yield "mirror_last_run_status", {}, outcome["status"]
    figures = outcome["figures"] or {}
    if not figures:
        return
    yield "mirror_last_run_duration_seconds", {}, figures["seconds"]
    for result in _RESULTS:
        yield "mirror_last_run_articles", {"result": result}, figures[result]
    yield "mirror_last_run_requests", {}, figures["requests"]
    yield "mirror_last_run_received_bytes", {}, figures["bytes"]


def _state(known: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str], float]]:
    for section in known.get("sections", ()):
        for state, count in sorted(section.states.items()):
            yield "mirror_articles", {"section": section.id, "state": state}, count
        yield "mirror_pages", {"section": section.id}, section.pages
    for why, count in known.get("due", {}).items():
        if isinstance(count, int):
            yield "mirror_due", {"what": why}, count


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
