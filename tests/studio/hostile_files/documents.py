"""Documents that browsers would run, and programs that others would: none of them is a raster picture."""

import io
import zipfile
from collections.abc import Iterator

from tests.studio.hostile_files.sent import Sent, picture

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" %s</svg>'
SVG = {
    "script": _SVG % b"><script>alert(1)</script>",
    "onload": _SVG % b'onload="alert(1)"/>',
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + _SVG % b"><text>&b;</text>",
    "external entity": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _SVG % b"><text>&x;</text>",
    "foreignObject": _SVG
    % b'><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="//x.test"/></foreignObject>',
    "use": _SVG % b'><use href="data:image/svg+xml;base64,PHN2Zy8+#x"/>',
    "animate": _SVG % b'><a href="#"><animate attributeName="href" values="javascript:alert(1)"/></a>',
    "with a declaration": b'<?xml version="1.0"?>' + _SVG % b"><script href='data:,alert(1)'/>",
    "after a comment": b"<!-- GIF89a -->" + _SVG % b"><set/>",
    "UTF-16": (_SVG % b"><script>alert(1)</script>").decode().encode("utf-16"),
}
DOCUMENTS = {
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "HTML without a doctype": b"<body onload=alert(1)>",
    "XHTML": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "XML with a style sheet": b'<?xml version="1.0"?><?xml-stylesheet href="data:text/xsl,x" type="text/xsl"?><x/>',
    "billion laughs": b'<!DOCTYPE l [<!ENTITY a "l"><!ENTITY b "&a;&a;">]><l>&b;</l>',
    "MathML": b'<math href="javascript:alert(1)">x</math>',
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "JavaScript": b"alert(document.domain)//",
    "CSS": b"*{background:url(//x.test)}",
    "PHP": b"<?php system($_GET['c']); ?>",
    "shell": b"#!/bin/sh\nid\n",
    "executable": b"\x7fELF" + bytes(200),
    "Windows program": b"MZ" + bytes(200),
    "Flash": b"FWS\x09" + bytes(100),
    "font": b"wOF2" + bytes(100),
    "video": b"\0\0\0\x18ftypmp42" + bytes(100),
    "gzip": b"\x1f\x8b\x08" + bytes(40),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\nshowpage\n%%EOF\n",
    "PostScript that runs": b"%!PS\nmark /OutputFile (%pipe%id) currentdevice putdeviceprops\n",
    "EPS with a binary header": b"\xc5\xd0\xd3\xc6" + bytes(26) + b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "MVG": b"push graphic-context\nimage over 0,0 0,0 'https://x.test/\"|id\"'\npop graphic-context",
    "MSL": b'<?xml version="1.0"?><image><read filename="/etc/passwd"/></image>',
    "text": b"nothing but words",
    "NUL bytes": bytes(500),
    "XBM": b"#define x_width 8\n#define x_height 8\nstatic char x_bits[] = { 0x00 };",
}  # fmt: skip
# What Pillow could read and nobody needs: each format is a decoder more that strangers could try.
OTHERS = ("BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "SGI", "DDS", "JPEG2000", "ICNS", "MSP", "XBM", "PDF", "EPS")


def files() -> Iterator[Sent]:
    for about, data in SVG.items():
        yield Sent(f"SVG: {about}", data, name="drawing.svg", content_type="image/svg+xml")
        yield Sent(f"SVG called PNG: {about}", data, name="drawing.png")
    for about, data in DOCUMENTS.items():
        yield Sent(about, data, name="photo.jpg", content_type="image/jpeg")
    for kind in OTHERS:
        size = (16, 16) if kind in ("ICO", "ICNS") else (48, 32)
        mode = "1" if kind in ("MSP", "XBM") else "RGB"
        yield Sent(f"{kind} called PNG", picture(kind, size, mode))
    yield Sent("zip of a picture", _zipped(), name="picture.png")


def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("picture.png", picture())
    return out.getvalue()
