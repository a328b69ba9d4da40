"""Without a Docker engine: the image's recipe and the compose files are sound and run the demo's processes."""

import re
import shutil
import stat
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import pytest
import yaml

from deploy.local import postgres, programs

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose"
DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
SCRIPTS = Path(sysconfig.get_path("scripts"))
SERVERS = {"postgres", "cache", "broker"}
PROGRAMS = {path.name for path in postgres.bin_dir().iterdir()}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((COMPOSE / "compose.yaml").read_text())


def run(program, *arguments):
    return subprocess.run(
        [SCRIPTS / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_hadolint_finds_nothing_in_the_dockerfile():
    checked = run("hadolint", "--no-color", DOCKERFILE)
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("name", ["compose.yaml", "compose.prod.yaml"])
def test_the_compose_files_follow_their_specification(name):
    checked = run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE / name)
    assert checked.returncode == 0, checked.stdout


def test_the_image_holds_every_room_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = {room.partition("/")[0] for room in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE.read_text(), re.MULTILINE))
    ignored = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().splitlines()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert copied == rooms
    assert allowed == rooms | {"manage.py", "requirements.lock"}
    assert "*" in ignored


def test_the_image_is_run_by_an_unprivileged_user():
    users = re.findall(r"^USER (.+)$", DOCKERFILE.read_text(), re.MULTILINE)
    assert users == ["10001:10001"]


def test_compose_runs_the_processes_of_the_demo(compose):
    services = programs.Programs(ROOT / "var", environment={}).services(port=1, metrics_port=2)
    ours = set(compose["services"]) - SERVERS - {"migrate", "backup"}
    assert ours == {service.process.name for service in services}


def test_the_image_holds_the_programs_that_the_platform_runs():
    kept = set(re.findall(r"! -name (\w+)", DOCKERFILE.read_text()))
    used = {"psql"}
    for path in (ROOT / "tenants").rglob("*.py"):
        used |= set(re.findall(r'"(pg_[a-z]+)"', path.read_text())) & PROGRAMS
    assert kept - {"postgres"} == used  # which pg_ctl starts


def test_the_cluster_is_copied_all_the_time_by_a_role_that_may_do_nothing_else(compose):
    assert compose["services"]["backup"]["command"] == ["python", "manage.py", "backup", "watch"]
    assert "wal_level=replica" in compose["services"]["postgres"]["command"]
    assert "backups:/backups" in compose["services"]["backup"]["volumes"]


def test_compose_moves_the_shared_tables_and_then_every_school_before_anything_starts(compose):
    command = compose["services"]["migrate"]["command"][-1]
    assert command.split("python manage.py ") == ["", "migrate_shared && exec ", "fleet migrate"]
    waiting = set(compose["services"]) - SERVERS - {"migrate"}
    for name in waiting:
        needs = compose["services"][name]["depends_on"]["migrate"]
        assert needs == {"condition": "service_completed_successfully"}, name


def test_every_queue_has_a_worker(compose):
    commands = [service.get("command", []) for name, service in compose["services"].items() if "worker" in name]
    queues = [queue for command in commands for queue in command[command.index("-Q") + 1].split(",")]
    assert sorted(queues) == ["bulk", "default", "interactive"]


def test_every_container_is_checked_and_gains_no_rights(compose):
    for name, service in compose["services"].items():
        if name != "migrate":
            assert service["healthcheck"]["test"], name
        if name != "postgres":
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            assert service["security_opt"] == ["no-new-privileges:true"], name
        assert re.search(r":[\w.-]+(\})?$", service["image"]), f"{name} names no version"
        assert not any(key.endswith(("PASSWORD", "_KEY", "_URL")) for key in service.get("environment", {})), name


def test_only_loopback_is_published_and_the_servers_are_out_of_reach(compose):
    published = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert compose["networks"]["inside"] == {"internal": True}
    assert all(compose["services"][name]["networks"] == ["inside"] for name in SERVERS)


def test_cache_and_broker_are_apart(compose):
    cache, broker = (" ".join(compose["services"][name]["command"]) for name in ("cache", "broker"))
    assert "allkeys-lru" in cache and "--appendonly no" in cache
    assert "noeviction" in broker and "--appendonly yes" in broker


def test_production_asks_for_what_it_needs(compose):
    production = yaml.safe_load((COMPOSE / "compose.prod.yaml").read_text())
    assert set(production["services"]) == set(compose["services"])
    for name in set(compose["services"]) - SERVERS:
        environment = production["services"][name]["environment"]
        assert environment["ENVIRONMENT"] == "production"
        assert environment["PLATFORM_DOMAIN"].startswith("${PLATFORM_DOMAIN:?")


def test_new_secrets_are_written_once_and_fit_together(compose, tmp_path):
    script = shutil.copy(COMPOSE / "new-secrets", tmp_path)
    assert Path(script).stat().st_mode & stat.S_IXUSR
    subprocess.run([script], check=True, capture_output=True)
    written = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(written) == set(compose["secrets"])
    assert len(written["secret_key"]) == 64
    assert written["redis_url"] == f"redis://:{written['cache_password']}@cache:6379/0"
    assert written["broker_url"] == f"redis://:{written['broker_password']}@broker:6379/0"
    assert re.fullmatch(r"postgresql://shule:[0-9a-f]{64}@postgres:5432/shule", written["database_url"])
    assert re.fullmatch(r"postgresql://shule_backup:[0-9a-f]{64}@postgres:5432/shule", written["backup_database_url"])
    assert len(set(written.values())) == len(written)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700

    again = subprocess.run([script], check=True, capture_output=True, text=True)
    assert again.stdout == ""
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == written
