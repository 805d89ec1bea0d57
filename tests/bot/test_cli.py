"""The command line as operators use it: one clear line, the right exit code, JSON that is JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import FIXES, Settings
from tests.bot.test_arrival import FOUR_VIDEOS

Run = Callable[..., subprocess.CompletedProcess[str]]
HISTORY = {
    "name": "Peak Lab", "type": "private_supergroup", "id": 1234567890,
    "messages": [
        {"id": 1, "type": "service", "date": "2026-10-01T10:00:00", "date_unixtime": "1790848800", "actor": "Ann",
         "actor_id": "user5001", "action": "join_group_by_link", "inviter": "Group", "text": ""},
        {"id": 2, "type": "message", "date": "2026-10-02T10:00:00", "date_unixtime": "1790935200", "from": "Ann",
         "from_id": "user5001", "text": "hello"},
        {"id": 3, "type": "message", "date": "2026-10-02T10:01:00", "date_unixtime": "1790935260", "from": "Bob 🌸",
         "from_id": "user5002", "text": "hi", "reply_to_message_id": 2},
    ],
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `peakdrop …` in an empty folder with the given settings in its environment."""

    def call(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.cli", *args]
        root = str(Path(__file__).parents[2])
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": root, "HOME": str(tmp_path)} | env
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    return call


def only_line(text: str) -> str:
    """The one line that was said."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    return lines[0]


def test_help_names_every_command(run: Run) -> None:
    shown = run("--help").stdout
    commands = ("run", "sandbox", "stats", "backtest", "import", "rebuild", "backup", "restore", "migrate", "doctor")
    for command in commands:
        assert command in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "not a token"),
        ("DATABASE_URL", "mysql://x"),
        ("TELEGRAM_API_URL", "https://host/path"),
        ("DEFAULT_TIMEZONE", "Peking"),
        ("DEFAULT_LANGUAGE", "fr"),
        ("WEB_PORT", "70000"),
        ("PUBLIC_URL", "nowhere"),
        ("MANAGER_IDS", "Ann"),
        ("LOG_LEVEL", "LOUD"),
        ("WEBHOOK_SECRET", "with space"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_line_that_names_it(run: Run, name: str, value: str) -> None:
    done = run("run", **{"BOT_TOKEN": "12345:abcdefghijklmnop", name: value})
    assert done.returncode == 1
    line = only_line(done.stderr)
    assert name in line
    assert FIXES[name] in line
    assert done.stdout == ""


def test_without_a_token_run_says_what_to_do(run: Run) -> None:
    done = run("run")
    assert done.returncode == 1
    assert "BOT_TOKEN" in only_line(done.stderr)


def test_a_webhook_without_an_address_is_refused(run: Run) -> None:
    done = run("run", BOT_TOKEN="12345:abcdefghijklmnop", WEBHOOK_SECRET="secret")
    assert done.returncode == 1
    assert "PUBLIC_URL" in only_line(done.stderr)


def test_an_unreachable_database_is_one_line(run: Run) -> None:
    done = run("stats", DATABASE_URL="sqlite:////proc/nowhere/peakdrop.db")
    assert done.returncode == 1
    assert "database" in only_line(done.stderr)


def test_history_metrics_and_stats_from_the_command_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(HISTORY, ensure_ascii=False))
    (tmp_path / "figures.csv").write_text(FOUR_VIDEOS)
    assert run("stats").returncode == 1  # no group yet
    imported = run("import", "history", "result.json")
    assert imported.returncode == 0, imported.stderr
    assert run("import", "metrics", "figures.csv").returncode == 0
    done = run("stats", "overview", "2026-10-01..2026-10-31", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["messages"], report["replies"], report["joins"], report["active_members"]) == (2, 1, 1, 2)
    assert report["chat"] == -1001234567890
    assert report["members"] is None
    videos = json.loads(run("stats", "videos", "all", "--json").stdout)["videos"]
    assert sorted(round(one["engagement"], 4) for one in videos) == [0.5667, 0.6375, 0.68, 0.7083]
    assert sorted(round(one["conversion"], 4) for one in videos) == [0.044, 0.045, 0.0467, 0.05]
    rows = run("stats", "videos", "all", "--csv").stdout.splitlines()
    assert rows[0].startswith("platform,video,date,watch_seconds")
    assert len(rows) == 5
    nothing = json.loads(run("stats", "drops", "all", "--json").stdout)
    assert nothing == {"drops": [], "median": {"answers": None, "members": None}}
    assert "No drop was posted" in run("stats", "drops").stdout
    assert run("rebuild", "--check").returncode == 0
    assert run("stats", "fortnight").returncode == 2


def test_several_groups_want_a_choice(run: Run, tmp_path: Path) -> None:
    for chat_id in (1, 2):
        (tmp_path / f"{chat_id}.json").write_text(json.dumps(HISTORY | {"id": chat_id}))
        assert run("import", "history", f"{chat_id}.json").returncode == 0
    done = run("stats")
    assert done.returncode == 2
    assert "--chat" in only_line(done.stderr)
    assert run("stats", "--chat", "-1001").returncode == 1
    assert run("stats", "--chat", "-1000000000001").returncode == 0


def test_bad_rows_store_nothing_unless_skipped(run: Run, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(HISTORY))
    (tmp_path / "bad.csv").write_text(FOUR_VIDEOS.replace("150", "many"))
    run("import", "history", "result.json")
    refused = run("import", "metrics", "bad.csv")
    assert refused.returncode == 1
    assert "many" in refused.stderr
    assert json.loads(run("stats", "videos", "all", "--json").stdout)["videos"] == []
    assert run("import", "metrics", "bad.csv", "--skip-bad").returncode == 0
    assert len(json.loads(run("stats", "videos", "all", "--json").stdout)["videos"]) == 3


def test_backup_and_restore(run: Run, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(HISTORY))
    run("import", "history", "result.json")
    assert run("backup", "copy.peakdrop").returncode == 0
    assert run("restore", "copy.peakdrop").returncode == 1  # would overwrite
    assert run("restore", "copy.peakdrop", "--overwrite").returncode == 0
    assert run("restore", "result.json", "--overwrite").returncode == 1
    assert json.loads(run("stats", "2026-10-01..2026-10-31", "--json").stdout)["messages"] == 2


def test_a_damaged_database_is_one_line_and_doctor_finds_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(HISTORY))
    assert run("import", "history", "result.json").returncode == 0
    file = tmp_path / "data" / "peakdrop.db"
    data = bytearray(file.read_bytes())
    data[len(data) // 3 : 2 * len(data) // 3] = b"\x5a" * (len(data) // 3)
    file.write_bytes(data)
    for command in (("rebuild",), ("rebuild", "--check"), ("backup", "copy.peakdrop")):
        done = run(*command)
        assert done.returncode == 1, command
        assert "Traceback" not in done.stderr
        assert "database" in done.stderr or "backup" in done.stderr
    examined = run("doctor", "--json")
    assert examined.returncode == 1
    assert {"database_damaged", "database_unreachable"} & {*json.loads(examined.stdout)["problems"]}


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").stdout.strip().count(".") == 2


def test_every_setting_is_explained() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    for name in Settings.model_fields:
        assert f"\n{name.upper()}=" in example, name
        assert name.upper() in FIXES


def test_the_wheel_carries_exactly_our_rooms(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(root)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(tmp_path / "in")], check=True)
    rooms = {path.name for path in (tmp_path / "in").iterdir() if not path.name.endswith(".dist-info")}
    assert rooms == {"bot", "handlers", "rendering", "peakdrop", "storage", "sandbox"}
    scripts = next((tmp_path / "in").glob("*.dist-info/entry_points.txt")).read_text()
    assert "peakdrop = bot.cli:main" in scripts
    command = [sys.executable, "-c", "import bot.cli; bot.cli.main()", "--help"]
    shown = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "in")}, capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 0, shown.stderr
    assert (tmp_path / "in" / "rendering" / "locales" / "zh_CN" / "LC_MESSAGES" / "peakdrop.po").exists()
    assert (tmp_path / "in" / "sandbox" / "static").is_dir()
    assert len(list((tmp_path / "in" / "sandbox" / "seeding" / "clips").glob("*.mp4"))) == 4
