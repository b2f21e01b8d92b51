"""Pictures of cells, for people who doubt a figure.  Must never be needed for reading."""

from __future__ import annotations

import io

from pipelines.model import Place


def draw(data: bytes, place: Place, scale: float) -> bytes:
    """See `pipelines.read.pdf.picture`."""
    import pdfplumber

    if place.page is None:
        raise ValueError(f"A picture needs a place with a page, not “{place}”.")
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if not 1 <= place.page <= len(pdf.pages):
            raise ValueError(f"The document has {len(pdf.pages)} pages; there is no page {place.page}.")
        page = pdf.pages[place.page - 1]
        image = page.to_image(resolution=72 * scale)
        if place.box is not None:
            image.draw_rect(place.box, fill=(255, 220, 0, 60), stroke=(220, 0, 0, 255), stroke_width=2)
        out = io.BytesIO()
        image.annotated.convert("RGB").save(out, format="PNG")
        page.close()
        return out.getvalue()
