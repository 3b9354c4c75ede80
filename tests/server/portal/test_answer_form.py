"""The form of an answer shares its fields among all who answer: nothing of one reaches another."""

from wellpost.server.portal.forms import AnswerWithCamera


def test_what_alice_wrote_wrongly_is_not_shown_to_carol():
    of_alice = AnswerWithCamera({"body": "", "client_key": "nonsense"})
    assert {"body", "client_key"} <= of_alice.errors.keys()
    of_carol = AnswerWithCamera()
    assert not of_carol.errors
    assert "field--error" not in str(of_carol)


def test_each_form_has_a_key_of_its_own():
    keys = {str(AnswerWithCamera()["client_key"].value()) for _ in range(3)}
    assert len(keys) == 3


def test_a_field_taken_away_is_missing_in_that_form_alone():
    of_alice = AnswerWithCamera()
    del of_alice.fields["photo"]
    assert "photo" in AnswerWithCamera().fields


def test_what_is_said_about_files_is_what_holds_when_it_is_shown(monkeypatch):
    form = AnswerWithCamera()
    monkeypatch.setattr("wellpost.server.messaging.forms.most_files", lambda: 3)
    assert "at most 3, " in str(form["attachments"].help_text)
