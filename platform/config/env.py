"""Typed readers of the environment: a missing or wrong value refuses to start and says which."""

import os
from pathlib import Path


class WrongEnvironment(SystemExit):
    """The process may not start like this."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")


def text(name: str, default: str | None = None) -> str:
    """The value of NAME, or the content of the file that NAME_FILE names; without a default it must be there."""
    value = os.environ.get(name, "")
    file = os.environ.get(f"{name}_FILE", "")
    if not value and file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise WrongEnvironment(f"{name}_FILE", f"{file} cannot be read ({error.strerror})") from None
    if not value:
        if default is None:
            raise WrongEnvironment(name, "is not set")
        return default
    return value


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    value = text(name, default)
    if value not in allowed:
        raise WrongEnvironment(name, f"is {value!r}, and must be one of {', '.join(allowed)}")
    return value


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise WrongEnvironment(name, f"is {value!r}, and must be a whole number") from None


def url(name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
    """An address with one of these schemes."""
    value = text(name, default)
    if value.partition("://")[0] not in schemes:
        raise WrongEnvironment(name, f"must be an address that starts with {' or '.join(s + '://' for s in schemes)}")
    return value
