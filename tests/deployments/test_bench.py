"""How the benchmarks read what programs say, and what they make of it."""

import sys
from xml.etree import ElementTree as ET

import pytest

from benchmarks import load, profile
from benchmarks.chart import drawn
from benchmarks.figures import Bar, Comparison, Figure, Report, markdown, times
from tests.deployments.test_docs import ROOT

WRK = """Running 2s test @ http://127.0.0.1:40001/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.08ms    2.05ms  31.20ms   96.01%
    Req/Sec    24.66k     3.02k   28.71k    75.00%
  49071 requests in 2.00s, 611.54MB read
Requests/sec:  24524.89
Transfer/sec:    305.63MB

{"requests": 49071, "seconds": 2.000866, "bytes": 641243812, "p50": 0.512, "p99": 9.373, "errors": 0}
"""


def test_what_wrk_measured_is_read():
    outcome = load.parsed(WRK)
    assert (outcome.requests, outcome.p50, outcome.p99) == (49071, 0.512, 9.373)
    assert outcome.rate == pytest.approx(24524.9, abs=0.1)


@pytest.mark.parametrize(
    "output",
    [
        WRK.replace('"errors": 0', '"errors": 3'),
        WRK.replace('"requests": 49071', '"requests": 0'),
        "unable to connect to 127.0.0.1:40001 Connection refused\n",
    ],
    ids=["errors", "no request", "nothing"],
)
def test_a_run_with_errors_is_no_measurement(output: str):
    with pytest.raises(load.LoadFailed):
        load.parsed(output)


def test_zipfs_first_page_is_asked_for_twice_as_often_as_the_second():
    targets = [(f"title{n}.test", "/") for n in range(100)]
    order = load.zipf(targets, 50_000)
    first, second, *_ = sorted((order.count(target) for target in targets), reverse=True)
    assert first / second == pytest.approx(2, rel=0.1)
    assert load.zipf(targets, 50_000) == order


def test_every_page_is_asked_for_as_often_as_any_other():
    targets = [(f"title{n}.test", "/") for n in range(100)]
    assert sorted(load.uniform(targets)) == sorted(targets)


def test_a_ratio_is_the_median_of_rounds_that_were_measured_side_by_side():
    # The second round ran on a machine half as fast for both.
    assert times("ours", [80, 40, 90], [100, 50, 100], least=0.8) == Figure(
        "ours", "0.8x (0.8–0.9)", "at least 0.8x", met=True
    )
    assert times("ours", [12, 30], [100, 100], most=0.15).met is False


def test_statements_are_summed_with_their_values_left_out():
    log = """2026-11-21 16:00:00.000 UTC [7] LOG:  duration: 0.200 ms  statement: SELECT a
\t  FROM t WHERE id = 17 AND name = 'it''s'
2026-11-21 16:00:00.001 UTC [7] LOG:  duration: 0.500 ms  statement: SELECT b
2026-11-21 16:00:00.002 UTC [8] LOG:  duration: 0.400 ms  execute _pg3_0: SELECT a
\t  FROM t WHERE id = $1 AND name = ''
2026-11-21 16:00:00.003 UTC [8] LOG:  checkpoint starting: time
"""
    first, second = profile.by_time(log.splitlines(keepends=True))
    assert first.text == "SELECT a FROM t WHERE id = ? AND name = ?"
    assert first.count == 2
    assert first.milliseconds == pytest.approx(0.6)
    assert (second.text, second.count) == ("SELECT b", 1)


def test_the_chart_is_an_svg_with_the_fastest_on_top():
    bars = [Bar("stock", 95, is_ours=False), Bar("Masthead & granian", 34_000.4, is_ours=True)]
    chart = ET.fromstring(drawn(bars))  # noqa: S314 -- ours
    texts = [element.text for element in chart.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.index("Masthead & granian") < texts.index("stock")
    assert "34,000" in texts


def test_a_page_shows_figures_and_tables():
    report = Report(
        [Figure("home", "0.9x", "at least 0.8x", met=True)], [Comparison("Direct", ["", "req/s"], [["nginx", "9"]])]
    )
    assert markdown(report) == (
        "| what | measured | goal | |\n| --- | --- | --- | --- |\n| home | 0.9x | at least 0.8x | met |\n\n"
        "Direct\n\n| | req/s |\n| --- | --- |\n| nginx | 9 |"
    )


@pytest.mark.parametrize("module", ["benchmarks", "benchmarks.profile"])
def test_help_teaches(module: str):
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert f"python -m {module} " in done.stdout


def test_a_machine_without_the_load_generator_is_told_what_to_install():
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--only", "serving"],
        cwd=ROOT, env={"PATH": "/nonexistent"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "apt-get install wrk nginx" in done.stderr
