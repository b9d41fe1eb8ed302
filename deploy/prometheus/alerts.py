"""The alerts that name a cause. Each has a page in docs/runbooks and its cases in tests/deploy/rules."""

# a table, one alert after another
# ruff: noqa: E501
from __future__ import annotations

from deploy.prometheus.model import Alert

DEAD = 'dateline_records_total{outcome="dead_letter"}'
CODED = "dateline_coded_documents_total"
SURE = "dateline_event_confidence_ratio"
FREE = "min by (instance) (dateline_disk_free_bytes / dateline_disk_size_bytes)"


def _share(over: str) -> str:
    return f"sum by (stage) (rate({DEAD}[{over}])) / sum by (stage) (rate(dateline_records_total[{over}]))"


def _pages(over: str, at: str = "") -> str:
    """Return how many pages came, without those that a replay sent."""
    return (
        f'(sum(increase(dateline_records_total{{stage="parse"}}[{over}]{at})) '
        f'- (sum(increase(dateline_records_again_total{{stage="parse", origin="replay"}}[{over}]{at})) or vector(0)))'
    )


def _mean(over: str) -> str:
    return (
        f"sum by (event_class) (rate({SURE}_sum[{over}])) / sum by (event_class) (rate({SURE}_count[{over}]))"
    )


ALERTS = (
    Alert("DatelineWorkerDown", 'up{job="dateline"} == 0', "5m", "page",
          "Worker {{ $labels.instance }} cannot be scraped",
          "Its partitions go to other workers, if there are any, after the session timeout."),
    Alert("DatelineGone", 'absent(up{job="dateline"})', "5m", "page",
          "Prometheus knows no Dateline worker", "Nothing is measured, so no other alert can fire."),
    Alert("DatelineNotReady", 'dateline_ready{job="dateline"} == 0', "10m", "page",
          "Worker {{ $labels.instance }} takes no records", "It runs and answers, but /readyz says no."),
    Alert("DatelineRestarts", 'changes(process_start_time_seconds{job="dateline"}[30m]) > 3', "0s", "page",
          "Worker {{ $labels.instance }} keeps restarting",
          "{{ $value }} starts in half an hour. Exit status 3: the breaker; 1: it could not go on."),
    Alert("DatelineStalled", "max by (instance, topic) (dateline_committed_offset_age_seconds) > 120", "1m", "page",
          "{{ $labels.topic }} stands still on {{ $labels.instance }}",
          "Records wait and none was committed for {{ $value | humanizeDuration }}."),
    Alert("DatelineBehind", "max by (topic) (dateline_lag_seconds) > 600", "15m", "page",
          "{{ $labels.topic }} is {{ $value | humanizeDuration }} behind", "Input is faster than the workers."),
    Alert("DatelineNoPages",
          f"{_pages('1h')} < 1 and {_pages('1d', ' offset 1h')} >= 1",
          "30m", "page", "No page came for an hour", "The day before had pages: the crawler or its connection stopped."),
    Alert("DatelineDeadLetters", f"{_share('15m')} > 0.01 and sum by (stage) (increase({DEAD}[15m])) > 10", "10m", "ticket",
          "{{ $value | humanizePercentage }} of the records of {{ $labels.stage }} become dead letters",
          "They keep the original bytes and can be sent back once the cause is gone."),
    Alert("DatelineBreakerNear", f"{_share('5m')} > 0.3 and sum by (stage) (increase({DEAD}[5m])) > 50", "1m", "page",
          "{{ $labels.stage }} is about to be stopped by its breaker",
          "{{ $value | humanizePercentage }} of its records become dead letters; at DATELINE_DEAD_LETTER_SHARE the worker stops with status 3."),
    Alert("DatelineComputeDies", "sum by (instance, reason) (increase(dateline_compute_restarts_total[15m])) > 10", "5m", "ticket",
          "Compute processes of {{ $labels.instance }} are replaced again and again: {{ $labels.reason }}",
          "Pages that run into the deadline or end their process; each costs a dead letter."),
    Alert("DatelineSendsFail", "sum by (instance) (rate(dateline_send_retries_total[5m])) > 0", "10m", "page",
          "The broker does not confirm what {{ $labels.instance }} sends",
          "After DATELINE_SEND_ATTEMPTS tries the worker stops; nothing is lost."),
    Alert("DatelineLoopLate", "histogram_quantile(0.99, sum by (instance, le) (rate(dateline_event_loop_lag_seconds_bucket[10m]))) > 1",
          "10m", "ticket", "The event loop of {{ $labels.instance }} is late",
          "p99 {{ $value | humanizeDuration }}: heartbeats and health checks suffer."),
    Alert("DatelineDiskFilling",
          f"{FREE} < 0.1 or (min by (instance) (predict_linear(dateline_disk_free_bytes[6h], 86400)) < 0 and {FREE} < 0.5)",
          "15m", "ticket", "The disk of {{ $labels.instance }} fills up", "A full disk ends the worker."),
    Alert("DatelineDiskFull", f"{FREE} < 0.03", "5m", "page",
          "The disk of {{ $labels.instance }} is nearly full", "{{ $value | humanizePercentage }} is free."),
    Alert("DatelineSitesSilent",
          'sum(dateline_sites{state="silent"}) / sum(dateline_sites{state=~"active|silent"}) > 0.1 and sum(dateline_sites{state="silent"}) >= 3',
          "30m", "ticket", "{{ $value | humanizePercentage }} of the sites went silent",
          "No readable page for far longer than usual; dateline_silent_site_seconds names the largest."),
    Alert("DatelineSiteEventless", "max by (site) (dateline_eventless_site_documents) > 0", "1h", "ticket",
          "{{ $labels.site }} gives no events any more",
          "{{ $value }} documents without one. Its pages may have changed, or the parser reads them wrongly."),
    Alert("DatelineLanguageEventless",
          f'sum by (language) (increase({CODED}{{result="event"}}[6h])) == 0 and sum by (language) (increase({CODED}[6h])) > 100 '
          f'and sum by (language) (increase({CODED}{{result="event"}}[7d] offset 6h)) / sum by (language) (increase({CODED}[7d] offset 6h)) > 0.05',
          "30m", "ticket", "Documents in {{ $labels.language }} give no events any more", "In the week before, more than 5% did."),
    Alert("DatelineConfidenceDrifts",
          f"abs({_mean('6h')} - {_mean('7d')}) > 0.1 and sum by (event_class) (increase({SURE}_count[6h])) > 200",
          "1h", "ticket", "The confidence of {{ $labels.event_class }} events drifts",
          "The mean of six hours is {{ $value | humanizePercentage }} from that of the week: other pages, or another coder."),
)  # fmt: skip
