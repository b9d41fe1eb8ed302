"""The dashboard "Dateline operations": is it alive, does it keep up, what is thrown away, where time goes."""

# a table, one panel after another
# ruff: noqa: E501
from __future__ import annotations

from deploy.grafana.build import SELECTOR, Board, Panel, gauge, increase, quantile, rate

AGE, E2E = "dateline_record_age_seconds", "dateline_page_to_event_seconds"
RECORDS = rate("dateline_records_total")
DEAD = rate("dateline_records_total", where='outcome="dead_letter"')

DISK_FREE = gauge("dateline_disk_free_bytes", how="min", by="instance")
DISK_SIZE = gauge("dateline_disk_size_bytes", how="min", by="instance")

FIGURES = (
    Panel("Workers down", "none", "Workers that Prometheus cannot scrape.",
          (('count(up{job="dateline"} == 0) or vector(0)', ""),), alarm=1),
    Panel("Workers ready", "none", "Workers that take records, as /readyz says.",
          ((gauge("dateline_ready", how="sum"), ""),)),
    Panel("Pages", "reqps", "Pages that the parse stage finished.",
          ((rate("dateline_records_total", where='stage="parse"'), ""),)),
    Panel("Events", "cps", "Events that the broker has confirmed.", ((rate("dateline_events_total"), ""),)),
    Panel("Dead letters", "percentunit", "Share of all records that became dead letters.",
          ((f"{DEAD} / ({RECORDS} > 0) or vector(0)", ""),),
          warn=0.01, alarm=0.1),
    Panel("Page to event, p95", "s", "From a page's record timestamp to the confirmation of its event.",
          ((quantile(0.95, E2E), ""),), warn=30, alarm=300),
    Panel("Furthest behind", "s", "Lag in seconds of the slowest partition of any topic.",
          ((gauge("dateline_lag_seconds", how="max"), ""),), warn=60, alarm=600),
    Panel("Longest stall", "s", "Time since the committed offset last moved while records wait; 0 is well.",
          ((gauge("dateline_committed_offset_age_seconds", how="max"), ""),), warn=30, alarm=120),
)  # fmt: skip

ROWS = (
    ("Flow: what comes in and goes out", (
        Panel("Records by outcome", "cps", "Each record counts once, by what became of it.",
              ((rate("dateline_records_total", by="stage, outcome"), "{{stage}} {{outcome}}"),)),
        Panel("Documents", "cps", "Articles and teasers found; only new ones are emitted.",
              ((rate("dateline_documents_total", by="kind, status"), "{{kind}} {{status}}"),)),
        Panel("Events by class", "cps", "Events that the broker has confirmed.",
              ((rate("dateline_events_total", by="event_class"), "{{event_class}}"),)),
    )),
    ("Delay: how old is what we work on", (
        Panel("Age of records when taken", "s", "Rising without end: the stage is slower than its input.",
              ((quantile(0.95, AGE, by="stage"), "{{stage}} p95"),)),
        Panel("Page to event", "s", "From a page's record timestamp to the confirmation of its event.",
              tuple((quantile(q, E2E), f"p{q * 100:.0f}") for q in (0.5, 0.95, 0.99))),
        Panel("Lag in seconds", "s", "How far the slowest partition of each topic is behind.",
              ((gauge("dateline_lag_seconds", how="max", by="topic"), "{{topic}}"),)),
        Panel("Lag in records", "none", "Records that wait or are not committed yet.",
              ((gauge("dateline_lag_records", how="sum", by="topic"), "{{topic}}"),)),
        Panel("Stalled partitions", "s", "Time since the committed offset last moved while records wait.",
              ((gauge("dateline_committed_offset_age_seconds", how="max", by="topic"), "{{topic}}"),)),
    )),
    ("Trouble: what went wrong", (
        Panel("Dead letters by error", "cps", "Error classes of streams/errors.py.",
              ((f"{rate('dateline_dead_letters_total', by='stage, error')} > 0", "{{stage}} {{error}}"),)),
        Panel("Sends tried again", "cps", "The broker did not confirm at the first try.",
              ((rate("dateline_send_retries_total", by="stage"), "{{stage}}"),)),
        Panel("Compute processes replaced", "cps", "deadline and crash point to pages that break the stage.",
              ((rate("dateline_compute_restarts_total", by="reason"), "{{reason}}"),)),
    )),
    ("Sites: who sends, and who stopped", (
        Panel("Pages by site", "short", "The busiest sites in the time shown; the rest are other.",
              ((f"topk(15, {increase('dateline_site_pages_total', by='site')})", "{{site}}"),), kind="bars"),
        Panel("Sites by state", "none", "Silent: no readable page for far longer than usual. Eventless: far more "
              "documents without an event than usual.",
              ((gauge("dateline_sites", how="sum", by="state"), "{{state}}"),)),
        Panel("Silent sites", "s", "Time since their last readable page; empty is well.",
              ((f"topk(20, {gauge('dateline_silent_site_seconds', how='max', by='site')})", "{{site}}"),),
              kind="bars"),
    )),
    ("Work: where the time goes", (
        Panel("CPU by stage", "none", "Cores that the compute processes keep busy.",
              ((rate("dateline_compute_cpu_seconds_total", by="stage"), "{{stage}}"),)),
        Panel("Compute time of a record, p95", "s", "In the compute process, without waiting.",
              ((quantile(0.95, "dateline_stage_duration_seconds", by="stage"), "{{stage}}"),)),
        Panel("Batch, p95", "s", "From taking a batch to the confirmation of everything it gave.",
              ((quantile(0.95, "dateline_batch_duration_seconds", by="stage"), "{{stage}}"),)),
        Panel("Records in flight", "none", "Taken and not finished.",
              ((gauge("dateline_in_flight_records", how="sum", by="stage"), "{{stage}}"),)),
        Panel("Event loop lag, p99", "s", "Above 0.1 s something computes in the event loop.",
              ((quantile(0.99, "dateline_event_loop_lag_seconds", by="instance"), "{{instance}}"),)),
        Panel("Documents remembered", "none", "Entries of the seen tables.",
              ((gauge("dateline_seen_entries", how="sum", by="instance"), "{{instance}}"),)),
        Panel("Memory of the main processes", "bytes", "Without their compute processes.",
              ((gauge("process_resident_memory_bytes", how="sum", by="instance"), "{{instance}}"),)),
        Panel("Disk in use", "percentunit", "Of the file system that holds the tables.",
              ((f"1 - {DISK_FREE} / {DISK_SIZE}", "{{instance}}"),)),
        Panel("Time to ready", "s", "From the start of a worker's process until it took records.",
              ((gauge("dateline_start_seconds", how="max", by="instance"), "{{instance}}"),)),
        Panel("What runs", "none", "Workers by version; two lines while a release rolls out.",
              ((f"count by (version, coder_version) (dateline_build_info{{{SELECTOR}}})",
                "{{version}} coder {{coder_version}}"),)),
    )),
)  # fmt: skip

BOARD = Board("dateline-operations", "Dateline operations", FIGURES, ROWS)
