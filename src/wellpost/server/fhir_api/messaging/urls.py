"""Addresses of messages and their people, in front of those of the record."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from . import (
    named,  # noqa: F401 - joins the record's makers
    views,
)


class Person(StringConverter):
    """The kinds of people."""

    regex = "Patient|RelatedPerson|Practitioner"


register_converter(Person, "person")

PEOPLE = "<person:person_kind>"
urlpatterns: list[URLPattern] = [
    path("Communication", views.several_communications, name="communications"),
    path("Communication/_search", views.communications_by_form, name="communications_by_form"),
    path("Communication/$options", views.message_options, name="message_options"),
    path("Communication/<str:message_id>", views.one_communication, name="communication"),
    path("Task", views.several_tasks, name="tasks"),
    path("Task/_search", views.tasks_by_form, name="tasks_by_form"),
    path("Task/<str:thread_id>", views.one_task, name="task"),
    path("AuditEvent", views.several_events, name="events"),
    path("AuditEvent/_search", views.events_by_form, name="events_by_form"),
    path("AuditEvent/<str:event_id>", views.one_event, name="event"),
    path("Binary/<str:attachment_id>", views.binary, name="binary"),
    path(PEOPLE, views.several_people, name="people"),
    path(f"{PEOPLE}/_search", views.people_by_form, name="people_by_form"),
    path(f"{PEOPLE}/<str:person_id>", views.one_person, name="person"),
]
