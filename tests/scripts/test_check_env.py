"""A secret in `.env` that Compose would shorten is named before anything starts."""

from pathlib import Path

import pytest

from scripts.check_env import main


@pytest.mark.parametrize(
    "line",
    [
        "POSTGRES_PASSWORD=ab$cd",
        "POSTGRES_PASSWORD=ab${cd}ef",
        'POSTGRES_PASSWORD="ab$cd"',
        "POSTGRES_PASSWORD=ab #cd",
        "POSTGRES_PASSWORD=ab\t# cd",
        "export SECRET_KEY=ab$",
        "ENCRYPTION_KEYS: first:$1",
        "EMAIL_URL=smtps://user:pa$ss@mail.example.com",
        "POSTGRES_PASSWORD='ab'cd",
        "POSTGRES_PASSWORD='ab'#cd",
        'POSTGRES_PASSWORD="ab\\ncd"',
    ],
)
def test_it_names_a_secret_that_would_be_shortened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    (tmp_path / ".env").write_text(f"ALLOWED_HOSTS=raxdash.example.com\n{line}\n")
    assert main(tmp_path / ".env") == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(
        f"raxdash: {line.removeprefix('export ').split('=')[0].split(':')[0]} in .env holds a"
    )
    assert "single quotes" in told
    assert "cd" not in told


@pytest.mark.parametrize(
    "line",
    [
        "POSTGRES_PASSWORD='ab$cd #ef'",
        "POSTGRES_PASSWORD='ab' # of the old server",
        r"POSTGRES_PASSWORD='ab\'cd'",
        r"POSTGRES_PASSWORD='ab\cd'",
        'POSTGRES_PASSWORD="ab #cd"',
        "POSTGRES_PASSWORD=ab#cd/?%@:",
        "POLL_INTERVAL_SECONDS=60 # a minute",
        "# SECRET_KEY=$x",
        "",
    ],
)
def test_it_is_silent_about_what_arrives_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    assert main(tmp_path / ".env") == 0
    assert capsys.readouterr() == ("", "")


def test_a_file_that_cannot_be_read_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path) == 0
    assert "not checked" in capsys.readouterr().out


def test_the_example_passes() -> None:
    assert main(Path(__file__).parents[2] / ".env.example") == 0
