"""Spark gives what the other engines give: random facts, some of the stories, the commands.

Every test for which `make test` starts Spark stands in this file, so that one Spark is enough.
`make nightly` tells every story on it (tests/spec/conftest.py) and takes many more examples here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative import test_engines_agree as agree
from tests.generative import test_metamorphic as metamorphic
from tests.generative import test_periods_agree as sweeps
from tests.generative import test_together as together
from tests.generative.engines import Engines
from tests.generative.facts import ASKED_POLICIES, KNOWN_BY, WINDOWS, facts
from tests.spark.folders import FACTS, practice
from tests.spec import test_denominator as denominator
from tests.spec import test_evidence as evidence
from tests.spec import test_exclusions as exclusions
from tests.spec import test_patient_access as access
from tests.spec import test_secure_messaging as messaging
from tests.worlds.world import World
from wellpost.cli.main import main
from wellpost.engine.periods import periods
from wellpost.engine.waiting import Wanted, waiting
from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.checks import check
from wellpost.facts.sources import open_source
from wellpost.terms import Level

pytestmark = pytest.mark.timeout(3600)  # 100 examples in the nightly profile, on a busy machine

HERE = "local[1]"
FEW = settings(max_examples=settings.default.max_examples // 5 - 1)
"""3 in make test, 99 in the nightly profile: an example takes seconds."""

NIGHTLY = pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "nightly", reason="takes minutes; make nightly runs it"
)
STORIES = (
    denominator.test_a_patient_counts_once_however_often_seen_or_written_to,
    messaging.test_a_message_counts_from_the_day_it_can_be_opened,
    exclusions.test_half_of_the_encounters_in_a_county_without_broadband,
    evidence.test_each_encounter_and_message_has_its_reason,
    access.test_a_clinician_over_all_tins_needs_every_encounter,
)


@pytest.fixture(scope="module")
def engines(postgresql: str, spark: Any) -> Iterator[Engines]:
    """All four engines, open for all examples."""
    opened = Engines(postgresql, spark)
    yield opened
    opened.close()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
def test_a_story(engines: Engines, story: Callable[[World], None]) -> None:
    story(World(engines.spark.hold))


@FEW
@given(
    told=facts(),
    policies=ASKED_POLICIES,
    window=WINDOWS,
    known_by=KNOWN_BY,
    measure=st.sampled_from(agree.MEASURES),
)
def test_counts_at_every_level(engines: Engines, **example: Any) -> None:
    _of(agree.test_counts_at_every_level)(engines, **example)


@FEW
@given(
    told=facts(),
    policies=ASKED_POLICIES,
    window=WINDOWS,
    measure=st.sampled_from(agree.MEASURES),
    level=st.sampled_from(list(Level)),
)
def test_membership(engines: Engines, **example: Any) -> None:
    _of(agree.test_membership_and_the_day_of_the_first_act)(engines, **example)


@NIGHTLY
@FEW
@given(data=st.data(), policies=ASKED_POLICIES, measure=st.sampled_from(agree.MEASURES[:3]))
def test_every_period_and_who_waits(
    engines: Engines, data: st.DataObject, policies: dict[str, str], measure: Any
) -> None:
    engines.fill(data.draw(sweeps.around_the_year(2021)))
    level, moves = data.draw(st.sampled_from(list(Level))), data.draw(st.booleans())
    swept = sweeps.sweep(measure, level, 2021, 90, policies, moves)
    curves = {name: list(periods(one, swept)) for name, one in engines.sources.items()}
    place = data.draw(st.integers(0, 275))
    wanted = [
        Wanted(one.reporter, sweeps.period(swept, place), sweeps.window(swept, place))
        for one in curves["duckdb"]
    ]
    due = {name: set(waiting(one, swept.question, wanted)) for name, one in engines.sources.items()}
    assert curves["spark"] == curves["duckdb"]
    assert due["spark"] == due["duckdb"]


NPI = ("--npi", "1043218118")
MEASURE = ("measure", "--measure", "secure-messaging", "--level", "group", "--format", "json")
COMMANDS = (
    MEASURE,
    pytest.param(("worklist", *NPI, "--as-of", "2021-09-01"), marks=NIGHTLY),
    pytest.param(("explain", *NPI, "--patient", "p17"), marks=NIGHTLY),
    pytest.param(("periods", "--days", "90"), marks=NIGHTLY),
)
ASKED = ("--program", "stage-3", "--year", "2021")
SUMMER = ("--period", "2021-06-01..2021-08-31")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_command_says_the_same(
    spark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    name, *options = command
    words = [name, str(practice(tmp_path)), *ASKED, *options]
    words += [] if name == "periods" else SUMMER
    said = []
    for where in ([], ["--spark", HERE]):
        assert main([*words, *where]) == 0
        said.append(capsys.readouterr())
    assert said[0].out == said[1].out
    assert said[0].out


def test_bad_rows_are_refused_with_the_same_words(spark: Any, tmp_path: Path) -> None:
    folder = practice(
        tmp_path,
        "UPDATE clinicians SET npi = '1043218119'",
        "UPDATE encounters SET seen_on = '2021-02-30' WHERE patient_id < 'p2'",
        "INSERT INTO messages SELECT * REPLACE ('2021-06-09' AS sent_on) FROM messages",
    )
    found = []
    for where in ("", HERE):
        with open_source(folder, spark=where) as source:
            with pytest.raises(DataRefusedError) as refused:
                check(source, ["messages"])
            left_out = check(source, ["messages"], skip_bad_rows=True).left_out
        sentences = (f"{one.rows} {one.sentence}" for one in left_out)
        found.append((*refused.value.faults, *sentences))
    assert found[0] == found[1]
    assert len(found[0]) > 4


def test_tables_of_the_catalog(spark: Any, tmp_path: Path) -> None:
    folder = practice(tmp_path)
    spark.sql(f"CREATE DATABASE lake LOCATION '{tmp_path}/lake'")
    for name in ("clinicians.parquet", "encounters", "messages.parquet"):
        told = f"lake.{name.partition('.')[0]} AS SELECT * FROM parquet.`{folder}/{name}`"
        spark.sql(f"CREATE VIEW {told}")
    with open_source(f"{HERE}#lake") as source, open_source(folder) as same:
        assert check(source, ["messages"]).rows == check(same, ["messages"]).rows
        assert source.label == HERE
        assert source.found == ["clinicians", "encounters", "messages"]
    with pytest.raises(RequestError, match="Spark knows no database nowhere"):
        open_source(f"{HERE}#nowhere")


def test_a_folder_that_spark_does_not_read(spark: Any, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"clinicians.csv; on Spark facts are read from Parquet"):
        open_source(FACTS, spark=HERE)
    with (
        open_source(tmp_path, spark=HERE) as source,
        pytest.raises(DataRefusedError, match="clinicians is missing; it holds nothing"),
    ):
        check(source)
    folder = practice(tmp_path)
    messages = folder / "messages.parquet"
    messages.write_bytes(messages.read_bytes()[:-40])
    with pytest.raises(DataRefusedError, match=r"^messages.parquet cannot be read as Parquet"):
        open_source(folder, spark=HERE)


@NIGHTLY
@settings(max_examples=20)
@given(
    told=facts(),
    policies=ASKED_POLICIES,
    windows=st.tuples(*[WINDOWS] * len(agree.MEASURES)),
    known_by=KNOWN_BY,
)
def test_one_pass_gives_the_same_counts(engines: Engines, **example: Any) -> None:
    _of(together.test_one_pass_gives_the_same_counts_in_the_same_order)(engines, **example)


@NIGHTLY
@FEW
@given(
    told=facts(), policies=ASKED_POLICIES, window=WINDOWS, measure=st.sampled_from(agree.MEASURES)
)
def test_what_is_considered_explains_membership(engines: Engines, **example: Any) -> None:
    _of(agree.test_what_is_considered_explains_membership)(engines, **example)


@NIGHTLY
@settings(max_examples=10)
@given(data=st.data(), ground=st.sampled_from(list(sweeps.GROUNDS)))
def test_a_ground_holds_in_every_period(engines: Engines, **example: Any) -> None:
    _of(sweeps.test_a_ground_holds_in_every_period_as_in_that_period_alone)(engines, **example)


TOLD_OTHERWISE = (
    metamorphic.test_every_row_said_twice_changes_nothing,
    metamorphic.test_patients_with_other_names_count_the_same,
    metamorphic.test_a_year_with_a_leap_day_counts_the_same,
    metamorphic.test_the_time_zone_of_process_and_engine_changes_nothing,
)


@NIGHTLY
@pytest.mark.parametrize(
    "test", TOLD_OTHERWISE, ids=lambda test: test.__name__.removeprefix("test_")
)
@settings(max_examples=8)
@given(told=facts(), asked=metamorphic.ASKED, data=st.data())
def test_facts_told_otherwise(engines: Engines, test: Any, data: Any, **example: Any) -> None:
    inner = _of(test)
    if "zone" in inner.__annotations__:
        example["zone"] = data.draw(st.sampled_from(["Asia/Tokyo", "Pacific/Apia"]))
    inner(engines, **example)


def _of(test: Any) -> Callable[..., None]:
    """What a test of random facts does with one example."""
    inner: Callable[..., None] = test.hypothesis.inner_test
    return inner
