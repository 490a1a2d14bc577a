"""The same sites and articles as Django's documentation would have one write them: contrib.sites, a many-to-many field,
generic views, templates with {% url %}. What Masthead is measured against.

It uses Masthead's own django_site, and tables of its own in the same database.
"""
