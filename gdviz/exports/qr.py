"""A link as a QR code, for a classroom's screen."""

from __future__ import annotations

import io

from gdviz.exports.errors import ExportError

LONGEST = 2300  # bytes: what a code takes that a telephone still reads from a screen
_SIDE = 260  # pixels


def qr_svg(address: str) -> str:
    """Return the QR code of ``address`` as an SVG of 260 pixels, dark on white, with its quiet zone.

    Raises ExportError for an address too long to be read from a screen.
    """
    import segno

    if len(address.encode()) > LONGEST:
        raise ExportError("The link is too long for a QR code: shorten the formula, or hand the link on as text.")
    code = segno.make(address, error="l" if len(address) > 400 else "m", micro=False)
    file = io.BytesIO()
    code.save(file, kind="svg", scale=_SIDE / code.symbol_size()[0], dark="#000000", light="#ffffff", xmldecl=False)
    return file.getvalue().decode()
