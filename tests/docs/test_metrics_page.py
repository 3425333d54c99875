"""`docs/metrics.md` and the dashboard name what there is, and nothing else."""

from __future__ import annotations

import json
import re

import pytest

from presgen.metrics import METRICS, Kind, table
from presgen.stages import Stage
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8").partition("## OpenLineage")[0]
DASHBOARD = json.loads((ROOT / "docs" / "grafana" / "presgen.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

SERIES = {
    f"{metric.name}{suffix}": metric
    for metric in METRICS
    for suffix in (("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ("",))
}
UNITS = {"seconds": "s", "bytes": "bytes", "ratio": "percentunit"}


def names_in(panel):
    return {name for target in panel["targets"] for name in re.findall(r"presgen_\w+", target["expr"])}


def test_the_page_shows_the_table_as_it_is():
    assert table() in PAGE


def test_the_page_names_every_stage_and_no_metric_that_is_not_there():
    assert not [stage for stage in Stage if f"`{stage.value}`" not in PAGE]
    assert set(re.findall(r"\bpresgen_[a-z_]+", PAGE)) == {metric.name for metric in METRICS}
    pushed = {metric.pushed for metric in METRICS}
    named = {name.removesuffix(".json") for name in re.findall(r"presgen\.[a-z_.]+[a-z]", PAGE)}
    assert named - {"presgen"} <= pushed


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_asks_for_what_there_is_by_labels_that_it_has(panel):
    assert names_in(panel)
    for target in panel["targets"]:
        known = {"le"}
        for name in re.findall(r"presgen_\w+", target["expr"]):
            known |= set(SERIES[name].labels)
        grouped = re.findall(r"by \(([^)]*)\)", target["expr"])
        used = {label.strip() for labels in grouped for label in labels.split(",")}
        used |= set(re.findall(r"[{,]\s*(\w+)\s*(?:=~?|!=)", target["expr"]))
        used |= set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
        assert used <= known, target


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_has_a_unit_and_it_is_that_of_what_it_shows(panel):
    unit = panel["fieldConfig"]["defaults"]["unit"]

    assert unit
    # A rate of seconds is a number of processors, and a share of counts a ratio.
    if all(set(target["expr"]) <= set("abcdefghijklmnopqrstuvwxyz_") for target in panel["targets"]):
        assert {UNITS.get(SERIES[name].unit, "short") for name in names_in(panel)} == {unit}


def test_the_dashboard_leaves_no_metric_out():
    assert {SERIES[name] for panel in PANELS for name in names_in(panel)} == set(METRICS)


def test_no_panel_lies_on_another():
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
