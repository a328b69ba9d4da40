import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from deploy.local import ports, postgres, process
from deploy.local.failure import StartError


def start(home, **kwargs):
    return postgres.start(
        home / "postgres", log=home / "log" / "postgres.log", port=ports.any_free(), durable=False, **kwargs
    )


def ask(server, sql):
    with psycopg.connect(server.url) as connection:
        return connection.execute(sql).fetchone()


def test_data_outlive_a_stop_and_nothing_listens_after_it(home):
    server = start(home)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('habari')")
    server.stop()
    assert not ports.answers(server.port)
    again = start(home)
    try:
        assert ask(again, "SELECT word FROM kept") == ("habari",)
        assert again.password == server.password
    finally:
        again.stop()
    assert not again.process.alive()


def test_the_server_is_set_up_for_many_schools_and_the_application_is_no_superuser(home):
    server = start(home, max_connections=77)
    try:
        shown = {
            name: ask(server, f"SHOW {name}")[0]
            for name in ("server_version_num", "max_locks_per_transaction", "max_connections", "TimeZone", "fsync")
        }
        rights = ask(server, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
    finally:
        server.stop()
    assert shown.pop("server_version_num").startswith("18")
    assert shown == {"max_locks_per_transaction": "256", "max_connections": "77", "TimeZone": "UTC", "fsync": "off"}
    assert rights == (False, True)


def test_a_demo_keeps_its_data_safe_unless_told_otherwise(home):
    server = postgres.start(home / "postgres", log=home / "postgres.log", port=ports.any_free())
    try:
        assert ask(server, "SHOW fsync") == ("on",)
        assert ask(server, "SHOW listen_addresses") == ("127.0.0.1",)
    finally:
        server.stop()


def test_a_wrong_password_is_refused(home):
    server = start(home)
    try:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url.replace(server.password, "guessed"))
    finally:
        server.stop()


def test_data_of_another_version_are_named_and_left_alone(home):
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartError) as refusal:
        start(home)
    assert str(refusal.value) == (
        f"{home / 'postgres'} holds data of PostgreSQL 16 and this is PostgreSQL 18: move that folder away."
    )
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_taken_port_is_one_line_and_starts_nothing(home):
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"^Port {port} on 127\.0\.0\.1 is taken by another program\.$"):
            postgres.start(home / "postgres", log=home / "postgres.log", port=port)
    assert not (home / "postgres.log").exists()


def test_a_full_disk_is_one_line(home):
    with pytest.raises(StartError, match=r"^No space: \S+ has \d+ MB free and \d+ MB are needed\.$"):
        postgres.require_space(home / "not" / "there" / "yet", 1 << 60)


def test_a_server_that_cannot_start_gives_its_reason_and_its_log(home):
    start(home).stop()
    (home / "postgres" / "data" / "postgresql.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(StartError, match=r"^PostgreSQL did not start \(.+\): see .+/log/postgres\.log$") as refusal:
        start(home)
    assert "\n" not in str(refusal.value)


def test_a_server_left_by_a_killed_supervisor_makes_way(home):
    script = (
        "import os, sys; from pathlib import Path; from deploy.local import postgres, process; process.LIBC = None\n"
        "home = Path(sys.argv[1])\n"
        "postgres.start(home / 'postgres', log=home / 'postgres.log', port=int(sys.argv[2]), durable=False)\n"
        "os.kill(os.getpid(), 9)"
    )
    port = ports.any_free()
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", script, str(home), str(port)], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = int((home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(left, 0)
    server = start(home)
    try:
        assert ask(server, "SELECT 1") == (1,)
        assert server.process.pid != left
        assert process.wait_for(lambda: not ports.answers(port), 1)
    finally:
        server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_server_ends_with_a_killed_supervisor(home):
    script = (
        "import os, sys; from pathlib import Path; from deploy.local import postgres\n"
        "home = Path(sys.argv[1])\n"
        "postgres.start(home / 'postgres', log=home / 'postgres.log', port=int(sys.argv[2]), durable=False)\n"
        "os.kill(os.getpid(), 9)"
    )
    port = ports.any_free()
    subprocess.run([sys.executable, "-c", script, str(home), str(port)], cwd=Path(__file__).parents[2], check=False)
    assert process.wait_for(lambda: not (home / "postgres" / "data" / "postmaster.pid").exists(), 10)
    assert not ports.answers(port)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_closed_folder_lets_the_servers_user_pass_but_not_look(home, capsys):
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    start(closed).stop()
    assert closed.stat().st_mode & 0o777 == 0o701
    assert capsys.readouterr().err == f"Let the database's user pass through {closed} (chmod o+x).\n"
