"""Which compression a client takes, and the compressing itself."""

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard

# A page of a few hundred bytes travels in one packet either way.
SHORTEST = 500
# The best in a millisecond: a page is compressed once and sent many times.
_BROTLI_QUALITY, _ZSTD_LEVEL, _GZIP_LEVEL = 5, 9, 6

# In the order of preference where a client takes several alike: by size.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=_BROTLI_QUALITY),
    "zstd": lambda body: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body),
    "gzip": lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
}


def compressed(body: bytes, encoding: str) -> bytes:
    """A copy of its own length: libraries answer in the memory that they had set aside for the worst case."""
    return bytes(memoryview(COMPRESSORS[encoding](body)))


def chosen(accepted: str) -> str:
    """The name of the compression for an Accept-Encoding header (RFC 9110, 12.5.3), "" for none."""
    # Cut before it is remembered: what clients write must not fill the memory.
    return _chosen(accepted[:200])


@lru_cache(maxsize=256)
def _chosen(accepted: str) -> str:
    weights: dict[str, float] = {}
    for choice in accepted.lower().split(","):
        name, _, weight = choice.partition(";")
        weights[name.strip()] = _weight(weight)
    rest = weights.get("*", 0.0)
    best = max(COMPRESSORS, key=lambda name: weights.get(name, rest))
    return best if weights.get(best, rest) > 0 else ""


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
