"""What a site's admins settle: brand, menus, static pages, redirects, sections."""

from django.urls import include, path

from studio.sites import branding, menus, redirects, sections, static_pages, views

of_site = [
    path("brand/", branding.brand, name="site-brand"),
    path("brand/preview/", branding.preview, name="site-brand-preview"),
    path("menus/", menus.menus, name="site-menus"),
    path("menus/<int:menu_item_id>/", menus.item, name="site-menu-item"),
    path("sections/", sections.sections, name="site-sections"),
    path("sections/<int:section_id>/", sections.section, name="site-section"),
    path("pages/", static_pages.pages, name="site-pages"),
    path("pages/<int:static_page_id>/", static_pages.page, name="site-page"),
    path("redirects/", redirects.redirects, name="site-redirects"),
    path("redirects/import/", redirects.import_lines, name="site-redirects-import"),
    path("redirects/<int:redirect_id>/", redirects.one, name="site-redirect"),
]

urlpatterns = [
    path("sites/", views.sites, name="sites"),
    path("sites/<int:site_id>/", include(of_site)),
]
