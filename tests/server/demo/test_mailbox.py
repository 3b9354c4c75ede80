"""The emails of the demo, read back from the files that Django's backend writes."""

from __future__ import annotations

from django.core.mail import EmailMessage, get_connection

from wellpost.server.demo.mailbox import letters


def test_each_letter_is_read_back_whole_and_the_newest_comes_first(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    with get_connection("django.core.mail.backends.filebased.EmailBackend") as connection:
        for number in (1, 2):
            text = f"A message is waiting – {number}.\n\nSign in to read it."
            to = [f"reader{number}@example.org"]
            EmailMessage("Something waits", text, to=to, connection=connection).send()
    newest, oldest = letters()
    assert (newest.to, oldest.to) == ("reader2@example.org", "reader1@example.org")
    assert newest.subject == "Something waits"
    assert newest.text == "A message is waiting – 2.\n\nSign in to read it."


def test_no_letters_are_an_empty_list(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "none"
    assert letters() == []
