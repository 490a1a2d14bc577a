"""Reviews and comments of an article."""

from django.urls import include, path

from studio.reviewing import views

urlpatterns = [
    path(
        "articles/<int:article_id>/",
        include(
            [
                path("review/", views.review, name="article-review"),
                path("review/ask/", views.ask, name="review-ask"),
                path("review/<int:review_id>/answer/", views.answer, name="review-answer"),
                path("review/<int:review_id>/withdraw/", views.withdraw, name="review-withdraw"),
                path("comments/", views.comment, name="comment-new"),
                path("comments/<int:comment_id>/answer/", views.answer_comment, name="comment-answer"),
                path("comments/<int:comment_id>/edit/", views.edit_comment, name="comment-edit"),
                path("comments/<int:comment_id>/delete/", views.delete_comment, name="comment-delete"),
                path("comments/<int:comment_id>/resolve/", views.resolve_comment, name="comment-resolve"),
            ]
        ),
    ),
]
