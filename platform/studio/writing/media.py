"""The editor's style sheets and modules, and the map by which its modules find each other."""

from js_asset import ImportMap, Media, Script

MODULES = (
    "asking", "blocks", "body", "comparing", "device", "embedding", "fields", "figures", "footnotes", "kept", "marks",
    "pasting", "rich", "source", "toolbar",
)  # fmt: skip
"""Those beside main.js, by the names under which they import each other."""


def editor_media(nonce: str) -> Media:
    """Everything that a page with the editor loads. `nonce` is the page's own, for the import map is a script in it."""
    names = {
        "django-prose-editor/editor": "django_prose_editor/editor.js",
        "studio/choosing": "studio/choosing.js",
        "studio/studio": "studio/studio.js",
        **{f"studio/writing/{name}": f"studio/writing/{name}.js" for name in MODULES},
    }
    main = Script("studio/writing/main.js", type="module")
    return Media(importmap=ImportMap(names), css={"all": ["studio/writing.css"]}, js=[main], nonce=nonce)
