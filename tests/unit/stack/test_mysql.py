import pytest

from dfdev.stack.mysql import mysql_service
from dfdev.workspace.schema import MySQL


def option_file(user: str = "dev", password: str = "", database: str = "") -> str:
    (file,) = mysql_service(MySQL(image="m", user=user, password=password, database=database), (), 60).files
    assert file.mode == 0o600
    return file.content.decode()


def test_the_password_is_in_a_0600_file_and_not_in_the_command() -> None:
    service = mysql_service(MySQL(image="m", user="dev", password="hunter2"), (), 60)
    assert "hunter2" not in repr(service)
    assert "hunter2" in option_file(user="dev", password="hunter2")


def test_the_query_goes_over_tcp() -> None:
    assert "host=127.0.0.1\nprotocol=tcp\n" in option_file()


@pytest.mark.parametrize(
    ("password", "line"), [('a"b', 'password="a\\"b"'), ("a\\b", 'password="a\\\\b"'), ("#;", 'password="#;"')]
)
def test_special_characters_survive_the_option_file(password: str, line: str) -> None:
    assert line in option_file(password=password)


def test_the_database_is_for_the_client_only() -> None:
    assert option_file(database="dramas").endswith('[mysql]\nconnect-timeout=3\ndatabase="dramas"\n')
