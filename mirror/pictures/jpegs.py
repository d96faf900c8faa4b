"""Kept pictures as JPEG, for readers of books on old phones, which know no WebP."""

from __future__ import annotations

from io import BytesIO

_QUALITY = 60  # about half as large again as the WebP of quality 50


def as_jpeg(webp: bytes) -> bytes:
    """Return a kept picture as JPEG, what is transparent in white; the same bytes for the same picture."""
    from PIL import Image

    with Image.open(BytesIO(webp), formats=("WEBP",)) as picture:
        if picture.mode == "RGBA":
            plain = Image.new("RGB", picture.size, "white")
            plain.paste(picture, mask=picture.getchannel("A"))
        else:
            plain = picture.convert("RGB")
    packed = BytesIO()
    plain.save(packed, "JPEG", quality=_QUALITY, optimize=True)
    return packed.getvalue()
