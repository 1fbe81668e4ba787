import json

import pytest

from dfdev.stack.registry import registry_service, render, to_yaml
from dfdev.workspace.schema import Registry

S3 = Registry(storage="s3", bucket="images", region="us-east-1", access_key="AK", secret_key="SK")


def test_filesystem_storage_is_a_volume_of_the_workspace() -> None:
    service = registry_service(Registry(), "dramas", None)
    assert [(m.source, m.target, m.role) for m in service.mounts] == [("dramas_registry", "/var/lib/registry", "data")]
    assert "filesystem" in render(Registry())


def test_yaml_is_block_style_with_json_leaves() -> None:
    assert to_yaml({"a": {"b": 1, "c": {"d": ["x"]}}, "e": "f: g"}) == 'a:\n  b: 1\n  c:\n    d: ["x"]\ne: "f: g"\n'


def test_s3_has_one_storage_driver_and_no_secret_in_the_file() -> None:
    text = render(S3)
    assert '  s3:\n    region: "us-east-1"\n    bucket: "images"\n' in text
    assert "filesystem" not in text
    assert "SK" not in text and "AK" not in text


def test_credentials_are_a_0600_file_and_nowhere_else() -> None:
    service = registry_service(S3, "dramas", None)
    (credentials,) = [f for f in service.files if b"SK" in f.content]
    assert credentials.mode == 0o600
    assert ("AWS_SHARED_CREDENTIALS_FILE", credentials.path) in service.env
    assert "SK" not in json.dumps(service.env) and "SK" not in repr(service)


def test_an_endpoint_of_ones_own_forces_path_style() -> None:
    text = render(Registry(storage="s3", bucket="b", region="r", endpoint="http://s3.test", secure=False))
    assert "forcepathstyle: true" in text and 'regionendpoint: "http://s3.test"' in text


@pytest.mark.parametrize(("redirect", "line"), [(True, "disable: false"), (False, "disable: true")])
def test_redirects_are_off_unless_asked_for(redirect: bool, line: str) -> None:
    assert line in render(Registry(redirect=redirect))


def test_the_teams_own_file_replaces_the_rendered_one() -> None:
    service = registry_service(Registry(), "dramas", b"version: 0.1\n")
    assert {f.content for f in service.files} == {b"version: 0.1\n"}
