"""Bytes → characters, although pages declare what they are not.

What belongs here: choosing the encoding.  What must never happen here: mending text whose bytes are wrong; it is
decoded as well as it can be and the share of undecodable characters is told.

Release pages to 2005 declare iso-8859-1 but were written on Big5 machines (0xA1 0x40, an ideographic space, stands
inside columns of numbers); those to 2016 declare BIG5, in English too; later ones are UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HIGH = re.compile(rb"[\x80-\xff]+")
_CJK_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]{2,}")
_DOUBLED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is Python's name; `declared` what the bytes say of themselves, or "".

    lost     characters that could not be decoded (each stands as U+FFFD in `text`)
    foreign  characters beyond ASCII in all
    doubled  the text seems to have been encoded twice (UTF-8 read as Windows-1252 and encoded again)
    """

    text: str
    encoding: str
    declared: str = ""
    lost: int = 0
    foreign: int = 0
    doubled: bool = False

    @property
    def undecodable(self) -> bool:
        """More than a few characters, and more than one in fifty of those beyond ASCII, could not be decoded."""
        return self.lost > 3 and self.lost * 50 > self.foreign


def decode(data: bytes) -> Decoded:
    """Decode `data`; the declared encoding is heard, not obeyed.  Never raises."""
    for bom, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(bom):
            return _told(data, name, "bom")
    head = data[:8192]
    if head[1:200:2].count(0) > 80:
        return _told(data, "utf-16-le", "")
    if head[0:200:2].count(0) > 80:
        return _told(data, "utf-16-be", "")
    said = _DECLARED.search(head) or _XML_DECLARED.search(head)
    declared = said.group(1).decode("ascii").lower() if said else ""
    if data.isascii():
        return Decoded(data.decode("ascii"), "ascii", declared)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _best(data, declared)
    return Decoded(text, "utf-8", declared, 0, _foreign(text), _is_doubled(text))


def _best(data: bytes, declared: str) -> Decoded:
    """The candidate with the fewest undecodable characters; among equals the likelier one comes first."""
    eastern = "gb18030" if declared.startswith(("gb", "hz")) else "big5hkscs"
    western = "cp1252"
    tried = [_told(data, "utf-8", declared), _told(data, eastern, declared)]
    for told in tried:
        # a few bad bytes in an otherwise plainly multi-byte page (a cut file, a stray byte)
        if told.foreign and told.lost * 50 <= told.foreign - told.lost and _is_eastern(told, data, declared):
            return told
    best = min(tried, key=lambda t: t.lost / max(1, t.foreign))
    if declared.startswith(("big5", "gb", "utf")) and best.lost * 20 <= best.foreign:
        return best
    west = _told(data, western, declared)
    return west if _is_western(west.text) else best


def _is_eastern(told: Decoded, data: bytes, declared: str) -> bool:
    if told.encoding == "utf-8" or declared.startswith(("big5", "gb")):
        return True
    # declared western or not at all: Big5 symbols only (stray ideographic spaces), or runs of ideographs
    runs = _HIGH.findall(data)
    symbols = sum(run[0] in (0xA1, 0xA2, 0xA3) for run in runs)
    ideographs = sum(len(run) for run in _CJK_RUN.findall(told.text))
    return symbols * 10 >= len(runs) * 9 or ideographs * 2 >= told.foreign


def _is_western(text: str) -> bool:
    """Letters with accents stand alone among ASCII letters; bytes of another encoding come in runs."""
    high = [c for c in text if ord(c) > 127]
    odd = sum("\x80" <= c <= "\x9f" or c == "\ufffd" for c in high)
    runs = sum(len(run) for run in re.findall("[\u0080-\u024f]{3,}", text))
    return odd * 10 <= len(high) and runs * 5 <= len(high) + 4


def _told(data: bytes, encoding: str, declared: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, declared, text.count("\ufffd"), _foreign(text), _is_doubled(text))


def _foreign(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _is_doubled(text: str) -> bool:
    hits = _DOUBLED.findall(text[:200_000])
    return len(hits) >= 3 and len(hits) * 4 >= _foreign(text[:200_000])
