"""What a scrape says, as a test reads it."""

from collections.abc import Iterable

from prometheus_client import Metric

type Samples = dict[tuple[str, ...], float]


def samples_of(metrics: Iterable[Metric]) -> Samples:
    """Return {(name, label values …): value}; a series that is told twice fails."""
    found: Samples = {}
    for metric in metrics:
        for sample in metric.samples:
            labels = sample.name, *sample.labels.values()
            assert labels not in found, f"{labels} is told twice"
            found[labels] = sample.value
    return found
