"""Read settings from the environment, and stop with one clear line where a value is wrong."""

import base64
import os
import secrets
import tempfile
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

# A token that is shorter might be guessed.
TOKEN_CHARS = 24


def stop(name: str, problem: str) -> NoReturn:
    """End the program with one line that names the setting; never repeat a value that may be a secret."""
    raise SystemExit(f"raxdash: {name} {problem}")


def envtext(name: str, default: str = "") -> str:
    """Return the variable without surrounding space, or the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def envtoken(name: str) -> str:
    """Return a secret that programs send in a header; empty where it is unset."""
    text = envtext(name)
    if text and (len(text) < TOKEN_CHARS or not text.isascii() or not text.isprintable() or " " in text):
        stop(name, f"must be {TOKEN_CHARS} characters or more, without spaces (openssl rand -hex 32)")
    return text


def envint(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number between `least` and `most`, both allowed."""
    text = envtext(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        stop(name, f"is {text!r}: write a whole number")
    if not least <= number <= most:
        stop(name, f"is {number}: it must be between {least} and {most}")
    return number


def envbool(name: str) -> bool:
    """Return whether the variable says yes; unset or empty it says no."""
    text = envtext(name, "no").lower()
    if text not in {"yes", "true", "on", "1", "no", "false", "off", "0"}:
        stop(name, f"is {text!r}: write yes or no")
    return text in {"yes", "true", "on", "1"}


def envlist(name: str, default: str = "") -> list[str]:
    """Return a comma-separated setting as a list, without empty parts."""
    return [part.strip() for part in envtext(name, default).split(",") if part.strip()]


def envchoice(name: str, choices: tuple[str, ...]) -> str:
    """Return one of `choices`; the first is the default."""
    text = envtext(name, choices[0])
    if text not in choices:
        stop(name, f"is {text!r}: it must be one of {', '.join(choices)}")
    return text


def envaddress(name: str, default: str) -> str:
    """Return an http(s) base address without a trailing slash."""
    text = envtext(name, default).rstrip("/")
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        stop(name, f"is {text!r}: write an address such as https://example.com/api/v1")
    return text


def envproxy(name: str) -> str:
    """Return the address of an HTTP proxy, perhaps with a user and a password; empty where it is unset."""
    text = envtext(name)
    try:
        parts = urlsplit(text)
        valid = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0 and text.isascii()
    except ValueError:
        valid = False
    if text and (not valid or parts.path.strip("/") or parts.query or parts.fragment):
        stop(name, "is no proxy: write an address such as http://user:password@proxy.example.com:3128")
    return text


def envfile(name: str) -> str:
    """Return the path of a file that can be read; empty where it is unset."""
    text = envtext(name)
    if text and not os.access(text, os.R_OK):
        stop(name, f"is {text!r}: there is no such file, or it cannot be read")
    return text


def envsecret(name: str, data_dir: Path, *, production: bool) -> str:
    """Return a secret from the environment; locally, create it once under `data_dir`.

    In production a missing secret stops the start.
    """
    if text := envtext(name):
        return text
    if production:
        stop(name, "is not set: production needs it (see docs/settings.md)")
    return stored_secret(data_dir / name.lower())


def data_folder(default: Path) -> Path:
    """Return the folder of `DATA_DIR`, created for its owner alone: prompts and sessions are in it."""
    folder = Path(envtext("DATA_DIR", str(default))).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        stop_at_folder(folder, error)
    return folder


def stop_at_folder(folder: Path, error: OSError) -> NoReturn:
    """End the program where the folder of data cannot be used."""
    why = "it is not a folder" if isinstance(error, FileExistsError) else error.strerror
    stop("DATA_DIR", f"is {folder}, which cannot be used: {why}")


def stored_secret(path: Path) -> str:
    """Return the secret kept at `path`, creating it readable by its owner only."""
    try:
        if not path.exists():
            store_secret(path)
        return path.read_text().strip()
    except OSError as error:
        stop_at_folder(path.parent, error)


def store_secret(path: Path) -> None:
    """Make a secret. Of several processes that start at once each writes a file; the first link wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        path.hardlink_to(name)
    except FileExistsError:
        pass  # another process was first; its secret is the one
    finally:
        Path(name).unlink()


def encryption_keys(data_dir: Path, *, production: bool) -> dict[str, bytes]:
    """Return the AES-256 keys by id, the one to encrypt with first.

    `ENCRYPTION_KEYS` reads `id:base64,older-id:base64`, each value 32 bytes.
    """
    name = "ENCRYPTION_KEYS"
    if not envtext(name) and not production:
        text = stored_secret(data_dir / "encryption_keys")
        return {"local": base64.urlsafe_b64decode(text)[:32]}
    keys: dict[str, bytes] = {}
    for part in envsecret(name, data_dir, production=production).split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(
                encoded, altchars=b"-_" if set("-_") & set(encoded) else None, validate=True
            )
        except ValueError:
            key = b""
        if not key_id or len(key) != 32 or key_id in keys:
            stop(name, "must read id:base64[,id:base64 …] with different ids and 32 bytes behind each")
        keys[key_id] = key
    return keys
