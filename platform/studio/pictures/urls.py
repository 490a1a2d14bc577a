"""The tenant's pictures."""

from django.urls import path

from studio.pictures import changing, uploading, views

urlpatterns = [
    path("media/", views.library, name="media"),
    path("media/upload/", uploading.upload, name="media-upload"),
    path("media/choose/", views.choose, name="media-choose"),
    path("media/file/<str:picture_file>", views.file, name="media-file"),
    path("media/<int:image_id>/", changing.picture, name="media-image"),
    path("media/<int:image_id>/replace/", uploading.replace_file, name="media-replace"),
    path("media/<int:image_id>/forget/", changing.forget, name="media-forget"),
    path("media/<int:image_id>/delete/", changing.delete, name="media-delete"),
]
