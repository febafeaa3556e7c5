"""JSON that anybody may have written: of bounded depth and digits, each name once."""

from __future__ import annotations

import json
import re
from typing import Any

from dino_names.errors import ModelFileError

MAX_DEPTH = 8
MAX_DIGITS = 24
STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
BRACKETS = re.compile(r"[\[\]{}]")
LONG_NUMBER = re.compile(rf"[-+.0-9eE]{{{MAX_DIGITS + 1}}}")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def strict_json(text: str) -> Any:
    """JSON without anything that two readers may understand differently.

    Arguments:
        text: at most MAX_HEADER_BYTES of it.

    Raises:
        ModelFileError: no JSON; a key twice in one object; NaN or Infinity; nested deeper than
            MAX_DEPTH; a number of more than MAX_DIGITS characters or beyond a float's range; half
            a surrogate pair, which is no character.
    """
    bare = STRINGS.sub("", text)
    depth = 0
    for bracket in BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            raise ModelFileError(f"JSON: expected at most {MAX_DEPTH} levels, received more.")
    if LONG_NUMBER.search(bare):
        raise ModelFileError(
            f"JSON: expected numbers of at most {MAX_DIGITS} digits, received a longer one."
        )
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite
        )
        if SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ModelFileError("JSON: expected characters, received half a pair of one.") from None
    except ValueError as error:
        raise ModelFileError(f"JSON: expected it well formed, received: {error}.") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ModelFileError("JSON: expected each key once in an object, received one again.")
    return result


def _constant(word: str) -> Any:
    raise ModelFileError(f"JSON: expected finite numbers, received {word}.")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ModelFileError(f"JSON: expected finite numbers, received {digits}.")
    return number
