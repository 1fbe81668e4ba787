"""The registry on a folder and on S3 (moto), pushed to and pulled from by a real engine."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.e2e.lab import Lab

pytestmark = pytest.mark.engine

SECRET = "s3-secret-of-this-test"


@pytest.fixture
def moto(lab: Lab, free_port: Callable[[], int]) -> Iterator[str]:
    """An S3 on the engine's own bridge, so that a container reaches it; gives its port."""
    gateway = lab.docker("network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}").strip()
    port = free_port()
    server = ThreadedMotoServer(ip_address=gateway, port=port, verbose=False)
    server.start()
    s3 = boto3.client(
        "s3",
        endpoint_url=f"http://{gateway}:{port}",
        region_name="us-east-1",
        aws_access_key_id="AKIATEST",
        aws_secret_access_key=SECRET,
    )
    s3.create_bucket(Bucket="images")
    yield f"{gateway}:{port}"
    server.stop()


def push_and_pull(lab: Lab, port: int) -> None:
    ref = f"127.0.0.1:{port}/small:dev"
    lab.docker("tag", "dfdev/small:1", ref)
    lab.docker("push", "-q", ref)
    lab.docker("rmi", ref)
    lab.docker("pull", "-q", ref)
    lab.docker("rmi", ref)


def test_images_survive_down_and_up_on_a_folder(lab: Lab, free_port: Callable[[], int]) -> None:
    port = free_port()
    lab.workspace(f'[registry]\nimage = "dfdev/registry:2"\nport = {port}\n')
    lab.up().ok()
    push_and_pull(lab, port)
    lab.dfdev("down").ok()
    lab.up().ok()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/small/tags/list", timeout=10) as answer:
        assert b'"dev"' in answer.read()


def test_the_registry_on_s3_and_its_credentials_nowhere_to_be_seen(
    lab: Lab, moto: str, free_port: Callable[[], int]
) -> None:
    port = free_port()
    gateway_port = moto.rpartition(":")[2]
    lab.workspace(
        f"""[registry]
image = "dfdev/registry:2"
port = {port}
storage = "s3"
bucket = "images"
region = "us-east-1"
endpoint = "http://host.docker.internal:{gateway_port}"
secure = false
access_key = "${{AWS_ACCESS_KEY_ID}}"
secret_key = "${{AWS_SECRET_ACCESS_KEY}}"
"""
    )
    lab.write(f"AWS_ACCESS_KEY_ID=AKIATEST\nAWS_SECRET_ACCESS_KEY={SECRET}\n", ".env.local")
    up = lab.up("--json", "--verbose").ok()
    push_and_pull(lab, port)
    s3 = boto3.client(
        "s3",
        endpoint_url=f"http://{moto}",
        region_name="us-east-1",
        aws_access_key_id="AKIATEST",
        aws_secret_access_key=SECRET,
    )
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="images")["Contents"]]
    assert any("repositories/small/_manifests/tags/dev" in key for key in keys)
    container = lab.containers()["registry"]
    seen = lab.docker("inspect", container) + up.out + up.err + lab.dfdev("config", "show").ok().out
    assert SECRET not in seen
    mode = lab.docker("exec", container, "stat", "-c", "%a %u", "/etc/dfdev/aws-credentials").split()
    assert mode == ["600", "0"]


def test_the_teams_own_file_is_used_as_it_is(lab: Lab, free_port: Callable[[], int]) -> None:
    own = "version: 0.1\nstorage:\n  inmemory: {}\nhttp:\n  addr: :5000\n  headers:\n    X-Team: [dramas]\n"
    port = free_port()
    lab.write(own, "config/registry.yml")
    lab.workspace(f'[registry]\nimage = "dfdev/registry:2"\nport = {port}\nconfig = "config/registry.yml"\n')
    lab.up().ok()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/", timeout=10) as answer:
        assert answer.headers["X-Team"] == "dramas"
