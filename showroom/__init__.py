"""Every kind of page that a reader can meet, in every theme, served by the real program for whoever looks at them.

`catalogue` lists the pages; `house` serves them; `browser` opens them in Chromium. tests/reading/browser judges them,
`python -m showroom.screenshots` makes docs' pictures of them, and `python -m showroom.lighthouse` measures them.
"""
