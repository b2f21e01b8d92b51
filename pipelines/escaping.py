"""Text of documents and of names, made harmless where a terminal or a page of Markdown shows it.

What belongs here: pure functions from text to text.  They must never drop a character: what is escaped can be read.
"""

from __future__ import annotations

import io
import re
from typing import TextIO

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-.!|~<>&:@=$^\"]")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", ":": "&#58;", "@": "&#64;", "=": "&#61;",
             "$": "&#36;", "^": "&#94;"}  # fmt: skip


def escape_controls(text: str) -> str:
    r"""The text with every control character as its escape, but for line ends and tabs.

    Controls of writing direction, separators of lines and lone surrogates count, as they change what a reader sees or
    cannot be written.

    >>> escape_controls("a\x1b[2Jb\rc")
    'a\\x1b[2Jb\\x0dc'
    """
    return _CONTROL.sub(_escape, text)


def _escape(hit: re.Match[str]) -> str:
    code = ord(hit[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def escape_markdown(text: str) -> str:
    r"""The text on one line, with nothing in it that Markdown or HTML takes for more than a character.

    >>> escape_markdown("![x](http://a)")
    '\\!\\[x\\]\\(http&#58;//a\\)'
    """
    line = " ".join(escape_controls(text).split())
    return _MARKDOWN.sub(lambda hit: _ENTITIES.get(hit[0], "\\" + hit[0]), line)


def as_code_block(text: str) -> str:
    r"""The text as a fenced block that nothing in it can close.

    >>> as_code_block("a\n```\nb").splitlines()[0]
    '````'
    """
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{escape_controls(text)}\n{fence}"


class EscapingStream(io.TextIOBase):
    """A stream of text that escapes control characters and passes everything on."""

    def __init__(self, inner: TextIO) -> None:
        self._inner = inner

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._inner.encoding or "utf-8"

    def write(self, text: str) -> int:
        safe = escape_controls(text)
        encoding = self.encoding
        self._inner.write(safe.encode(encoding, "backslashreplace").decode(encoding))
        return len(text)

    def flush(self) -> None:
        self._inner.flush()

    def isatty(self) -> bool:
        return self._inner.isatty()

    def fileno(self) -> int:
        return self._inner.fileno()

    def writable(self) -> bool:
        return True
