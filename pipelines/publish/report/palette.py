"""The colours of the report, once for light and once for dark, as CSS variables.

What belongs here: colours and the contrast between them.  What never: a colour that alone carries a meaning (verdicts
have shapes, the second and third series of a chart have hatching).

Marks and bars are of the colour-blind-safe set of Okabe and Ito (https://jfly.uni-koeln.de/color/); texts keep to the
contrast of 4.5 : 1, graphics to 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11), which a test computes.
"""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff",
    "panel": "#f4f6f8",
    "ink": "#1b1f23",
    "quiet": "#545d66",
    "rule": "#d5dae0",
    "link": "#00568a",
    "bar1": "#0072b2",
    "bar2": "#d55e00",
    "bar3": "#00805d",
    "rest": "#747d86",
    "good": "#005a3c",
    "fair": "#7a4a00",
    "weak": "#8f2d00",
}
DARK: Mapping[str, str] = {
    "ground": "#14181c",
    "panel": "#1e242a",
    "ink": "#e8ecf0",
    "quiet": "#a9b4bf",
    "rule": "#3a444e",
    "link": "#7cc7f5",
    "bar1": "#56b4e9",
    "bar2": "#e69f00",
    "bar3": "#35c79b",
    "rest": "#8e99a4",
    "good": "#55d6a8",
    "fair": "#f0c35a",
    "weak": "#ff9d73",
}
#: What is read as text, and what is drawn.
TEXTS = ("ink", "quiet", "link", "good", "fair", "weak")
DRAWN = ("bar1", "bar2", "bar3", "rest")
GROUNDS = ("ground", "panel")


def variables(colours: Mapping[str, str]) -> str:
    """The colours as CSS declarations."""
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours "#rrggbb", 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
