from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from presgen.errors import BadInput, StoreUnavailable, TurnTaken
from presgen.model.base import Seconds
from presgen.model.media import Clip, StoredSection, WordTiming
from presgen.workspace import SectionStore, Workspace

KEY = "a" * 64


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def make_clip(frames: int = 16) -> Clip:
    return Clip(
        backend="test",
        format="landscape",
        frames=frames,
        duration=Seconds(frames / 30),
        words=(),
        cues=(),
        sentences=(),
    )


def keep(store: SectionStore, key: str = KEY, content: bytes = b"pictures") -> StoredSection:
    with store.draft(key) as draft:
        (draft.folder / "clip.mp4").write_bytes(content)
        (draft.folder / "narration.wav").write_bytes(b"sound")
        return draft.commit(make_clip())


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    path = [entry for entry in sys.path if entry]
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{script}", *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
    )


def files_under(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


class TestModels:
    WORD = WordTiming(text="word", start=Seconds(0.1), end=Seconds(0.5))

    def test_nothing_is_created_before_the_first_write(self, workspace):
        assert not workspace.has("scripts", "lesson-1")
        assert workspace.sections.get(KEY) is None
        assert workspace.sections.keys() == ()
        assert not workspace.root.exists()

    def test_a_value_comes_back_as_it_was(self, workspace):
        workspace.save("words", "first", self.WORD)

        assert workspace.has("words", "first")
        assert workspace.load("words", "first", WordTiming) == self.WORD

    def test_a_value_is_replaced(self, workspace):
        workspace.save("words", "first", self.WORD)
        workspace.save("words", "first", self.WORD.model_copy(update={"text": "other"}))

        assert workspace.load("words", "first", WordTiming).text == "other"
        assert files_under(workspace.root) == {"words", "words/first.json"}

    def test_an_absent_value_may_come_later(self, workspace):
        with pytest.raises(StoreUnavailable, match="no words/first"):
            workspace.load("words", "first", WordTiming)

    def test_a_damaged_value_is_named_and_not_repeated(self, workspace):
        workspace.folder("words", "x")
        (workspace.root / "words" / "first.json").write_text('{"text": "Ada Example", "start": "soon"}')

        with pytest.raises(BadInput, match="words/first in the workspace is no WordTiming") as caught:
            workspace.load("words", "first", WordTiming)

        assert "Ada" not in str(caught.value)

    @pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "../a", "A", "ü", "a b", "a\n", "a" + "\0"])
    def test_names_that_are_no_names_are_refused(self, workspace, name):
        for attempt in (
            lambda: workspace.save(name, "x", self.WORD),
            lambda: workspace.save("x", name, self.WORD),
            lambda: workspace.load("x", name, WordTiming),
            lambda: workspace.has(name, "x"),
            lambda: workspace.folder("x", name),
            lambda: workspace.sections.get(name),
            lambda: workspace.sections.draft(name).__enter__(),
        ):
            with pytest.raises(BadInput, match=r"use \[a-z0-9\._-\]"):
                attempt()
        assert not workspace.root.exists() or files_under(workspace.root) <= {"sections"}

    def test_a_folder_is_made_where_it_is_asked_for(self, workspace):
        folder = workspace.folder("lessons", "lesson-1")

        assert folder == workspace.root / "lessons" / "lesson-1"
        assert folder.is_dir()
        assert workspace.folder("lessons", "lesson-1") == folder


class TestPseudonymKey:
    def test_a_configured_secret_is_used_and_nothing_kept(self, workspace):
        assert workspace.pseudonym_key("s3cret") == b"s3cret"
        assert not workspace.root.exists()

    def test_without_one_a_secret_is_made_once(self, workspace):
        first = workspace.pseudonym_key("")

        assert len(first) == 32
        assert workspace.pseudonym_key("") == first
        assert Workspace(workspace.root).pseudonym_key("") == first
        assert files_under(workspace.root) == {"pseudonym.key"}

    def test_only_the_owner_may_read_the_secret(self, workspace):
        workspace.pseudonym_key("")

        assert stat.S_IMODE((workspace.root / "pseudonym.key").stat().st_mode) == 0o600

    def test_processes_that_ask_at_once_get_the_same_secret(self, workspace):
        script = (
            "import time; from pathlib import Path; from presgen.workspace import Workspace\n"
            "workspace = Workspace(Path(sys.argv[1])); time.sleep(max(0, float(sys.argv[2]) - time.time()))\n"
            "print(workspace.pseudonym_key('').hex())"
        )
        start = time.time() + 1.5

        processes = [run(script, workspace.root, start) for _ in range(4)]
        keys = {process.communicate()[0].strip() for process in processes}

        assert keys == {workspace.pseudonym_key("").hex()}

    def test_a_damaged_secret_is_not_replaced_by_a_new_one(self, workspace):
        workspace.pseudonym_key("")
        (workspace.root / "pseudonym.key").write_bytes(b"short")

        with pytest.raises(StoreUnavailable, match="5 bytes; a pseudonym key has 32"):
            workspace.pseudonym_key("")


class TestSections:
    def test_a_section_comes_back_whole(self, workspace):
        kept = keep(workspace.sections)

        found = workspace.sections.get(KEY)

        assert found == kept
        assert found is not None
        assert set(found.files) == {"clip.mp4", "narration.wav"}
        assert (found.folder / "clip.mp4").read_bytes() == b"pictures"
        assert workspace.sections.keys() == (KEY,)
        assert files_under(workspace.root / "sections") == {
            KEY,
            f"{KEY}/clip.mp4",
            f"{KEY}/narration.wav",
            f"{KEY}/section.json",
        }

    def test_files_in_folders_of_a_section_are_kept_too(self, workspace):
        with workspace.sections.draft(KEY) as draft:
            (draft.folder / "stills").mkdir()
            (draft.folder / "stills" / "1.png").write_bytes(b"still")
            draft.commit(make_clip())

        found = workspace.sections.get(KEY)

        assert found is not None
        assert set(found.files) == {"stills/1.png"}

    def test_a_store_may_be_moved(self, workspace):
        keep(workspace.sections)
        elsewhere = workspace.root.rename(workspace.root.with_name("elsewhere"))

        found = Workspace(elsewhere).sections.get(KEY)

        assert found is not None
        assert found.folder == elsewhere / "sections" / KEY

    def test_equal_sections_have_equal_manifests(self, workspace, tmp_path):
        first = keep(workspace.sections)
        second = keep(Workspace(tmp_path / "other").sections)

        assert (first.folder / "section.json").read_bytes() == (second.folder / "section.json").read_bytes()

    def test_a_draft_that_is_not_committed_leaves_nothing(self, workspace):
        with workspace.sections.draft(KEY) as draft:
            (draft.folder / "clip.mp4").write_bytes(b"half")
            assert workspace.sections.get(KEY) is None
            assert workspace.sections.keys() == ()

        assert files_under(workspace.root / "sections") == set()

    def test_a_failed_draft_leaves_nothing(self, workspace):
        def render() -> None:
            with workspace.sections.draft(KEY) as draft:
                (draft.folder / "clip.mp4").write_bytes(b"half")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            render()

        assert files_under(workspace.root / "sections") == set()

    @pytest.mark.parametrize(
        ("damage", "told"),
        [
            (lambda folder: (folder / "clip.mp4").write_bytes(b"Pictures"), "clip.mp4 has changed"),
            (lambda folder: (folder / "clip.mp4").unlink(), "clip.mp4 is missing"),
            (lambda folder: (folder / "section.json").write_text("{"), "section.json is missing or damaged"),
            (lambda folder: (folder / "section.json").unlink(), "section.json is missing or damaged"),
        ],
    )
    def test_a_corrupt_section_is_moved_aside_and_told(
        self, workspace: Workspace, damage: Callable[[Path], object], told: str
    ):
        damage(keep(workspace.sections).folder)

        with capture_logs() as logs:
            found = workspace.sections.get(KEY)

        assert found is None
        assert workspace.sections.keys() == ()
        [aside] = (workspace.root / "corrupt").iterdir()
        assert (aside / "narration.wav").read_bytes() == b"sound"
        [line] = logs
        assert (line["event"], line["section"], line["log_level"]) == ("section_corrupt", KEY, "warning")
        assert line["damage"] == told

    def test_whoever_opened_the_workspace_is_told_once_of_a_corrupt_section(self, workspace):
        told: list[tuple[str, str]] = []
        (keep(workspace.sections).folder / "clip.mp4").write_bytes(b"rotten")
        opened = Workspace(workspace.root, lambda key, damage: told.append((key, damage)))

        assert opened.sections.get(KEY) is None
        assert opened.sections.get(KEY) is None

        assert told == [(KEY, "clip.mp4 has changed")]

    def test_a_section_under_another_key_is_corrupt(self, workspace):
        keep(workspace.sections).folder.rename(workspace.root / "sections" / ("b" * 64))

        assert workspace.sections.get("b" * 64) is None

    def test_after_corruption_the_section_can_be_made_again(self, workspace):
        (keep(workspace.sections).folder / "clip.mp4").write_bytes(b"rotten")
        assert workspace.sections.get(KEY) is None

        keep(workspace.sections)

        found = workspace.sections.get(KEY)
        assert found is not None
        assert (found.folder / "clip.mp4").read_bytes() == b"pictures"

    def test_of_two_drafts_the_first_one_committed_is_kept(self, workspace):
        with workspace.sections.draft(KEY) as slow:
            (slow.folder / "clip.mp4").write_bytes(b"slow")
            keep(workspace.sections, content=b"fast")

            kept = slow.commit(make_clip())

        assert (kept.folder / "clip.mp4").read_bytes() == b"fast"
        assert kept == workspace.sections.get(KEY)

    def test_a_commit_replaces_a_corrupt_section(self, workspace):
        with workspace.sections.draft(KEY) as draft:
            (draft.folder / "clip.mp4").write_bytes(b"good")
            (keep(workspace.sections).folder / "clip.mp4").write_bytes(b"rotten")

            kept = draft.commit(make_clip())

        assert (kept.folder / "clip.mp4").read_bytes() == b"good"

    def test_processes_that_commit_the_same_key_agree(self, workspace):
        script = """
import time
from pathlib import Path
from presgen.model.media import Clip
from presgen.workspace import Workspace
sections = Workspace(Path(sys.argv[1])).sections
time.sleep(max(0, float(sys.argv[3]) - time.time()))
with sections.draft("a" * 64) as draft:
    for name in ("clip.mp4", "narration.wav", "poster.png"):
        (draft.folder / name).write_bytes(sys.argv[2].encode() * 100_000)
    clip = Clip(backend="test", format="f", frames=16, duration=16 / 30, words=(), cues=(), sentences=())
    print(draft.commit(clip).files["clip.mp4"])
"""
        start = time.time() + 1.5

        processes = [run(script, workspace.root, number, start) for number in range(4)]
        digests = {process.communicate()[0].strip() for process in processes}

        assert [process.returncode for process in processes] == [0, 0, 0, 0]
        found = workspace.sections.get(KEY)
        assert found is not None
        assert digests == {found.files["clip.mp4"]}
        assert len({(found.folder / name).read_bytes()[:1] for name in found.files}) == 1
        assert workspace.sections.keys() == (KEY,)
        assert [path.name for path in (workspace.root / "sections").iterdir()] == [KEY]


UNFINISHED = """
import time
from pathlib import Path
from presgen.workspace import Workspace
with Workspace(Path(sys.argv[1])).sections.draft("a" * 64) as draft:
    (draft.folder / "clip.mp4").write_bytes(b"half")
    print("ready", flush=True)
    time.sleep(60)
"""


def start_unfinished(root: Path) -> subprocess.Popen[str]:
    process = run(UNFINISHED, root)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


class TestKilledProcesses:
    def test_a_killed_process_leaves_no_section(self, workspace):
        process = start_unfinished(workspace.root)
        process.send_signal(signal.SIGKILL)
        process.communicate()

        assert workspace.sections.get(KEY) is None
        assert workspace.sections.keys() == ()

    def test_the_draft_of_a_killed_process_is_swept_by_the_next_one(self, workspace):
        process = start_unfinished(workspace.root)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert len(list((workspace.root / "sections").iterdir())) == 1

        keep(workspace.sections)

        assert [path.name for path in (workspace.root / "sections").iterdir()] == [KEY]

    def test_the_draft_of_a_living_process_is_left_alone(self, workspace):
        process = start_unfinished(workspace.root)
        try:
            keep(workspace.sections, key="b" * 64)

            [draft] = [path for path in (workspace.root / "sections").iterdir() if path.name != "b" * 64]
            assert (draft / "clip.mp4").read_bytes() == b"half"
        finally:
            process.kill()
            process.communicate()

    def test_another_machines_draft_is_swept_when_it_is_a_day_old(self, workspace):
        sections = workspace.root / "sections"
        young, old = sections / f".draft-0badcafe-1-aa-{KEY}", sections / f".draft-0badcafe-2-bb-{KEY}"
        for folder in (young, old):
            folder.mkdir(parents=True)
        os.utime(old, (time.time() - 25 * 3600,) * 2)

        keep(workspace.sections)

        assert young.exists()
        assert not old.exists()

    @pytest.mark.parametrize("moment", ["fsync", "rename"])
    def test_a_process_killed_while_saving_leaves_the_old_value(self, workspace, moment):
        script = f"""
import os, pathlib, signal
from presgen.model.media import WordTiming
from presgen.workspace import Workspace
workspace = Workspace(pathlib.Path(sys.argv[1]))
workspace.save("words", "first", WordTiming(text="old", start=0, end=1))
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
os.fsync = die
if {moment == "rename"}:
    os.fsync = lambda _: None
    pathlib.Path.rename = die
workspace.save("words", "first", WordTiming(text="new", start=0, end=1))
"""
        process = run(script, workspace.root)
        process.communicate()

        assert process.returncode == -signal.SIGKILL
        assert workspace.load("words", "first", WordTiming).text == "old"


class TestFullDisk:
    @pytest.fixture
    def full_disk(self, monkeypatch):
        """No byte can be made to stay."""

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", refuse)

    @pytest.mark.usefixtures("full_disk")
    def test_a_value_that_does_not_fit_leaves_nothing(self, workspace):
        with pytest.raises(StoreUnavailable, match="No space left on device"):
            workspace.save("words", "first", TestModels.WORD)

        assert not workspace.has("words", "first")
        assert files_under(workspace.root) == {"words"}

    @pytest.mark.usefixtures("full_disk")
    def test_a_section_that_does_not_fit_leaves_nothing(self, workspace):
        with pytest.raises(StoreUnavailable, match="No space left on device"):
            keep(workspace.sections)

        assert workspace.sections.get(KEY) is None
        assert files_under(workspace.root) == {"sections"}

    @pytest.mark.usefixtures("full_disk")
    def test_a_secret_that_does_not_fit_leaves_nothing(self, workspace):
        with pytest.raises(StoreUnavailable, match="No space left on device"):
            workspace.pseudonym_key("")

        assert files_under(workspace.root) == set()

    def test_a_renderer_that_fills_the_disk_may_try_again_later(self, workspace):
        with pytest.raises(StoreUnavailable, match="No space left"), workspace.sections.draft(KEY):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        assert files_under(workspace.root / "sections") == set()

    def test_other_errors_of_a_renderer_stay_what_they_are(self, workspace):
        with pytest.raises(FileNotFoundError), workspace.sections.draft(KEY) as draft:
            (draft.folder / "absent").read_bytes()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_without_permission_is_unavailable(self, workspace):
        workspace.root.mkdir()
        workspace.root.chmod(0o500)

        with pytest.raises(StoreUnavailable, match="Permission denied"):
            workspace.save("words", "first", TestModels.WORD)


def test_a_section_that_is_set_aside_is_made_again_and_is_not_lost(tmp_path):
    store = SectionStore(tmp_path / "sections", corrupt=tmp_path / "corrupt")
    with store.draft("key") as draft:
        (draft.folder / "clip.mp4").write_bytes(b"film")
        draft.commit(make_clip())

    store.set_aside("key", "somebody refused it")
    store.set_aside("key", "somebody refused it")

    assert store.get("key") is None
    [aside] = (tmp_path / "corrupt").iterdir()
    assert (aside / "clip.mp4").read_bytes() == b"film"


def test_a_key_is_found_by_its_first_letters_when_it_is_the_only_one(tmp_path):
    workspace = Workspace(tmp_path)
    for key in ("abc1", "abc2", "xyz"):
        workspace.save("planned", key, make_clip())

    assert workspace.only("planned", "x") == "xyz"
    for start, told in (("abc", "several do: abc1, abc2"), ("q", "none does"), ("../x", "cannot name")):
        with pytest.raises(BadInput, match=told):
            workspace.only("planned", start)


def test_runs_that_do_the_same_with_a_lesson_take_turns(tmp_path):
    workspace, told = Workspace(tmp_path), []

    def work(run_id: str) -> None:
        with workspace.in_turn("lesson-1", "publishing", run_id):
            told.append(f"{run_id} begins")
            assert workspace.at_work_on("lesson-1") == (run_id,)
            time.sleep(0.01)
            told.append(f"{run_id} ends")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, (f"run-{number}" for number in range(8))))

    begun = [words.split()[0] for words in told[::2]]
    assert told == [f"{run_id} {what}" for run_id in begun for what in ("begins", "ends")]
    assert sorted(begun) == [f"run-{number}" for number in range(8)]
    assert list(tmp_path.rglob("*.publishing")) == []


def test_runs_that_do_different_things_do_not_wait_for_each_other(tmp_path):
    workspace = Workspace(tmp_path)

    with (
        workspace.in_turn("lesson-1", "publishing", "run-1"),
        workspace.in_turn("lesson-2", "publishing", "run-2"),
        workspace.in_turn("lesson-1", "something-else", "run-3"),
    ):
        assert workspace.at_work_on("lesson-1") == ("run-1", "run-3")


def test_who_has_waited_too_long_for_a_turn_may_try_again(tmp_path):
    workspace = Workspace(tmp_path)

    with (
        workspace.in_turn("lesson-1", "publishing", "run-1"),
        capture_logs() as logged,
        pytest.raises(TurnTaken, match=r"Another run is still at lesson-1\.publishing"),
        workspace.in_turn("lesson-1", "publishing", "run-2", patience=0.2),
    ):
        pass

    assert [line["event"] for line in logged] == ["turn_awaited"]
    assert workspace.at_work_on("lesson-1") == ()
