"""What a create and a commit call say."""

from __future__ import annotations

from typing import Any, cast

from dfdev.core.desired import File, Health, Mount, Port, Service
from dfdev.engine.protocol import AS_IS, ContainerSpec, ImageConfig
from dfdev.engine.spec import commit_body, create_body

FULL = Service(
    "www",
    "www:dev",
    command=("run",),
    entrypoint=("/entry",),
    env=(("A", "1"), ("B", "x=y")),
    mounts=(Mount("/df/www", "/var/www", "code", read_only=True), Mount("data", "/data", "data")),
    ports=(Port(8000, 80), Port(8001, 80), Port(53, 53, "0.0.0.0", "udp")),
    files=(File("/etc/secret", b"s3cret"),),
    user="1000:1000",
    working_dir="/var/www",
    extra_hosts=("host.docker.internal:host-gateway",),
    restart="unless-stopped",
    stop_seconds=3,
)


def body(service: Service, api: tuple[int, int] = (1, 45)) -> dict[str, Any]:
    spec = ContainerSpec("dramas-www", service, "dramas_default", {"dev.dfdev.workspace": "dramas"})
    return cast(dict[str, Any], create_body(spec, api))


def test_everything_of_a_service() -> None:
    made = body(FULL)
    host = made["HostConfig"]
    assert (made["Image"], made["Cmd"], made["Entrypoint"]) == ("www:dev", ["run"], ["/entry"])
    assert made["Env"] == ["A=1", "B=x=y"]
    assert (made["User"], made["WorkingDir"], made["StopTimeout"]) == ("1000:1000", "/var/www", 3)
    assert made["ExposedPorts"] == {"80/tcp": {}, "53/udp": {}}
    assert host["PortBindings"]["80/tcp"] == [
        {"HostIp": "127.0.0.1", "HostPort": "8000"},
        {"HostIp": "127.0.0.1", "HostPort": "8001"},
    ]
    assert host["PortBindings"]["53/udp"] == [{"HostIp": "0.0.0.0", "HostPort": "53"}]
    assert (host["Init"], host["RestartPolicy"]) == (True, {"Name": "unless-stopped"})
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}
    assert host["ExtraHosts"] == ["host.docker.internal:host-gateway"]
    assert made["NetworkingConfig"] == {"EndpointsConfig": {"dramas_default": {"Aliases": ["www"]}}}


def test_mounts_never_make_a_folder_of_their_own() -> None:
    bind, volume = body(FULL)["HostConfig"]["Mounts"]
    assert bind == {"Type": "bind", "Source": "/df/www", "Target": "/var/www", "ReadOnly": True}
    assert volume["Type"] == "volume"
    assert volume["VolumeOptions"] == {"Labels": {"dev.dfdev.workspace": "dramas"}}
    assert "Binds" not in body(FULL)["HostConfig"]


def test_an_empty_folder_has_no_source() -> None:
    service = Service("tools", "i:1", mounts=(Mount("", "/work", "empty", read_only=True),))
    [mount] = body(service)["HostConfig"]["Mounts"]
    assert mount == {"Type": "tmpfs", "Target": "/work", "ReadOnly": True, "TmpfsOptions": {"Mode": 0o755}}


def test_the_images_own_values_are_left_alone() -> None:
    made = body(Service("www", "www:dev"))
    assert not {"Cmd", "Entrypoint", "User", "WorkingDir", "Healthcheck"} & set(made)


def test_file_contents_stay_out_of_the_create_call() -> None:
    assert "s3cret" not in str(body(FULL))
    assert "s3cret" not in repr(FULL)


def test_health_checks_that_run_inside() -> None:
    inside = Service("db", "mysql", health=Health("mysql", command=("mysql", "-e", "select 1")))
    new, old = body(inside)["Healthcheck"], body(inside, (1, 41))["Healthcheck"]
    assert new["Test"] == ["CMD", "mysql", "-e", "select 1"]
    assert (new["Interval"], new["Retries"], new["StartInterval"]) == (5_000_000_000, 3, 1_000_000_000)
    assert "StartInterval" not in old


def test_health_checks_from_outside_are_none_of_the_engines() -> None:
    assert "Healthcheck" not in body(Service("www", "x", health=Health("http", "/healthz", 80)))


def test_a_commit_says_only_what_is_otherwise_than_in_the_container() -> None:
    assert commit_body({"a": "b"}, AS_IS) == {"Labels": {"a": "b"}}
    config = ImageConfig(("mysqld",), user="mysql", ports=(3306,), stop_signal="SIGTERM")
    assert commit_body({}, config) == {
        "Labels": {},
        "Entrypoint": ["mysqld"],
        "User": "mysql",
        "ExposedPorts": {"3306/tcp": {}},
        "StopSignal": "SIGTERM",
    }
