"""The outcome of a run of faults as a Markdown table."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.run import Outcome


def table(outcome: Outcome) -> str:
    """Return the table, one row a kind, and what holds for the whole run."""
    by_kind: dict[str, list[tuple[float, float, float]]] = {}
    for one in outcome.struck:
        by_kind.setdefault(one.kind, []).append((one.lasted, one.recovered, one.ready))
    lines = [
        "| kind | times | lost | doubled | lasts, s | recovered, s | worst, s | all ready, worst, s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    # Pages of several faults are on their way at once: what was lost is told for the whole run.
    report = outcome.report
    lost, doubled = ("?" if count else "0" for count in (report.lost + report.lost_earlier, report.doubled))
    for kind, times in sorted(by_kind.items()):
        lasted, recovered, ready = zip(*times, strict=True)
        lines.append(
            f"| {kind} | {len(times)} | {lost} | {doubled} | {statistics.median(lasted):.1f} | "
            f"{statistics.median(recovered):.1f} | {max(recovered):.1f} | {max(ready):.1f} |"
        )
    lines += [
        "",
        (
            f"seed {outcome.seed}, {len(outcome.struck)} faults of {len(by_kind)} kinds in "
            f"{outcome.seconds:.0f} s; "
            f"{report.pages} pages, {report.documents} documents, {report.events} event ids, "
            f"{report.letters} dead letters"
        ),
        (
            f"processed {report.processed}, seen {report.seen}, dead-lettered {report.dead_lettered}, "
            f"waiting {report.waiting}, **lost {report.lost}, doubled {report.doubled}**; "
            f"confirmed pages the brokers no longer have: {len(outcome.gone)}"
        ),
        (
            f"records sent again: {report.repeats}; exits of workers: {outcome.exits}; "
            f"pages sent again by the load: {outcome.retries}"
        ),
    ]
    lines += [f"not done: {kind}: {why}" for kind, why in outcome.skipped.items()]
    lines += [f"lost: {loss}" for loss in report.losses[:10]]
    lines += [f"doubled: {double}" for double in report.doubles[:10]]
    return "\n".join(lines)
