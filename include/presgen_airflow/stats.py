"""Our metrics go where Airflow sends its own: by OpenTelemetry or StatsD, as ``[metrics]`` configures it."""

from __future__ import annotations

from collections.abc import Mapping

from airflow.sdk.observability import stats


class AirflowStats:
    """Sends on by Airflow's own means, which does nothing where no metrics are configured."""

    def count(self, name: str, number: int, tags: Mapping[str, str]) -> None:
        """Add to a counter."""
        stats.incr(name, number, tags=dict(tags))

    def timing(self, name: str, milliseconds: float, tags: Mapping[str, str]) -> None:
        """Tell of one duration."""
        stats.timing(name, milliseconds, tags=dict(tags))

    def gauge(self, name: str, value: float, tags: Mapping[str, str]) -> None:
        """Tell a gauge's new value."""
        stats.gauge(name, value, tags=dict(tags))
