"""What can be held of the image without a container engine: its Dockerfile, and the list of what it holds."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
STAGES = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


@pytest.fixture(scope="module")
def bill() -> str:
    return subprocess.run(
        [sys.executable, ROOT / "deploy" / "sbom.py"], capture_output=True, text=True, check=True
    ).stdout


def hadolint(dockerfile: Path) -> subprocess.CompletedProcess[str]:
    """Let hadolint read a Dockerfile; skip without it."""
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists() and os.environ.get("DATELINE_REQUIRE_DEPLOY") != "1":
        pytest.skip("needs `make setup-deploy`")
    command = [str(program), "--failure-threshold", "style", str(dockerfile)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_hadolint_finds_nothing_to_mend() -> None:
    done = hadolint(ROOT / "deploy" / "Dockerfile")
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_an_image_without_a_version(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:latest\n")
    assert "DL3007" in hadolint(tmp_path / "Dockerfile").stdout


def test_the_bill_is_cyclonedx(bill: str) -> None:
    if os.environ.get("DATELINE_REQUIRE_DEPLOY") != "1":
        pytest.importorskip("cyclonedx", reason="needs `make setup-deploy`")
    schema: Any = importlib.import_module("cyclonedx.schema")
    validation: Any = importlib.import_module("cyclonedx.validation.json")
    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str(bill) is None
    assert validator.validate_str(bill.replace('"purl"', '"url"')) is not None


def test_the_bill_names_what_is_locked(bill: str) -> None:
    components = {c["name"]: c["version"] for c in json.loads(bill)["components"]}
    locked = re.findall(
        r"^([a-z0-9-]+)==(\S+) \\$", (ROOT / "requirements" / "image.txt").read_text(), re.MULTILINE
    )
    assert len(locked) > 20
    assert {name: version for name, version in locked if components.get(name) != version} == {}


def test_the_bill_knows_what_needs_what(bill: str) -> None:
    needs = {d["ref"].split("@")[0]: d["dependsOn"] for d in json.loads(bill)["dependencies"]}
    names = {ref.split("@")[0] for ref in needs["pkg:pypi/dateline"]}
    assert {"pkg:pypi/aiokafka", "pkg:pypi/faust-streaming", "pkg:pypi/orjson"} <= names
    assert "pkg:pypi/noida-db" not in names


def test_the_image_is_built_in_two_stages_and_keeps_only_the_result() -> None:
    build, final = STAGES
    assert build.split("\n")[0].endswith(" AS build")
    assert re.findall(r"^COPY (.+)$", final, re.MULTILINE) == ["--from=build /app /app"]
    assert "pip install" not in final
    assert "--require-hashes" in build
    assert "sbom.py" in build


def test_the_image_ends_as_another_user_than_root() -> None:
    (user,) = re.findall(r"^USER (\S+)$", STAGES[-1], re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert STAGES[-1].index("USER ") < STAGES[-1].index("ENTRYPOINT")


def test_the_image_can_be_read_only() -> None:
    """Nothing is written but under /data and /tmp: bytecode is made at build time, and a home is there."""
    assert "PYTHONDONTWRITEBYTECODE=1" in STAGES[-1]
    assert "HOME=/tmp" in STAGES[-1]
    assert "compileall" in STAGES[0]


def test_the_image_says_where_it_is_from() -> None:
    labels = re.findall(r"org\.opencontainers\.image\.([a-z]+)=", STAGES[-1])
    assert {"title", "licenses", "version"} <= set(labels)


# A namespace in which everything but two folders can only be read, and the user is the image's: it may read
# what others own, because here the programs lie in some developer's home.
READ_ONLY = """
set -e
mount --make-rprivate /
mount --bind / "$1" && mount -o remount,ro,bind "$1"
for folder in "$2" "$3"; do mount --bind "$folder" "$1$folder"; done
mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev"
[ -x "$1$4" ] || exit 77
exec chroot "$1" setpriv --reuid 10001 --regid 10001 --clear-groups \
  --inh-caps=+dac_read_search --ambient-caps=+dac_read_search \
  env -i PATH="$PATH" HOME="$3" TMPDIR="$3" PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$5" DATELINE_DATA_DIR="$2" \
  sh -c 'cd "$HOME" && ! touch "$PYTHONPATH/written" 2>/dev/null && exec "$0" -m streams up --once' "$4"
"""


@pytest.fixture
def short_path() -> Iterator[Path]:
    """Return a new folder with a short path: a socket is made below it, as in the image's /tmp."""
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_dateline_runs_on_a_read_only_file_system_as_the_images_user(short_path: Path) -> None:
    if subprocess.run(["unshare", "-m", "mount", "--make-rprivate", "/"], capture_output=True).returncode:  # noqa: PLW1510
        pytest.skip("needs root, and a kernel that gives mount namespaces")
    root, data, home = (short_path / name for name in ("root", "data", "tmp"))
    for folder in (root, data, home):
        folder.mkdir()
        folder.chmod(0o777)
    arguments = [root, data, home, sys.executable, ROOT]
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", READ_ONLY, "bash", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("the programs are on a file system of their own")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^dead letters +0$", done.stderr, re.MULTILINE)
    assert not (ROOT / "written").exists()
