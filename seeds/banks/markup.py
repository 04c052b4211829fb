"""Write XML elements for the exports of the banks; what is empty is left out."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr


def mark_text(tag: str, text: str) -> str:
    """Return an element that holds a text, or nothing where the text is empty."""
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""


def mark_values(values: Mapping[str, str]) -> str:
    """Return an element for each value that is not empty, in their order."""
    return "".join(mark_text(tag, text) for tag, text in values.items())


def mark_element(
    tag: str, inner: Iterable[str], attributes: Mapping[str, str] | None = None
) -> str:
    """Return an element that holds elements; attributes with an empty value are left out."""
    words = "".join(f" {k}={quoteattr(v)}" for k, v in (attributes or {}).items() if v)
    content = "".join(inner)
    return f"<{tag}{words}>{content}</{tag}>" if content else f"<{tag}{words}/>"
