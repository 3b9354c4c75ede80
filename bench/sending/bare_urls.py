"""The one address of the floor."""

from django.urls import path

from .bare import send

urlpatterns = [path("<uuid:thread_id>/", send)]
