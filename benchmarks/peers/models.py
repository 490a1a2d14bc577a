from typing import ClassVar

from django.contrib.sites.models import Site
from django.db import models
from django.urls import reverse


class Tag(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=100, unique=True)

    objects: ClassVar[models.Manager["Tag"]] = models.Manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tag", kwargs={"slug": self.slug})


class Article(models.Model):
    title = models.CharField(max_length=300)
    slug = models.SlugField(max_length=200, unique=True)
    author = models.CharField(max_length=120)
    summary = models.TextField()
    body = models.TextField()
    published_at = models.DateTimeField(db_index=True)
    sites = models.ManyToManyField(Site)
    tags = models.ManyToManyField(Tag)

    objects: ClassVar[models.Manager["Article"]] = models.Manager()

    class Meta:
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", kwargs={"slug": self.slug})
