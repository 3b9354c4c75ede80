"""The names of everything that is put on record."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Deed(TextChoices):
    """What was done. A name, once used, keeps its meaning: rows outlive the code."""

    # Signing in
    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
    REFUSED = "refused", _("Asked for what one may not see or do")
    SESSION_TIMED_OUT = "session_timed_out", _("Session timed out")
    SIGN_ON_BOUND = "sign_on_bound", _("Signed in by the practice's own sign-in the first time")
    SIGN_INS_ENDED = "sign_ins_ended", _("Ended sign-ins on other devices")
    PASSWORD_CHANGED = "password_changed", _("Changed the password")
    PASSWORD_RESET = "password_reset", _("Reset the password")
    ADDRESS_CHANGED = "address_changed", _("Changed the email address one signs in with")
    SECOND_FACTOR_ADDED = "second_factor_added", _("Added a second factor")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("Removed a second factor")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Made recovery codes")

    # People
    PRACTICE_SET_UP = "practice_set_up", _("Set up the practice")
    PRACTICE_CHANGED = "practice_changed", _("Changed the practice's settings")
    PATIENT_ADDED = "patient_added", _("Added a patient")
    PATIENT_CHANGED = "patient_changed", _("Changed what is written of a patient")
    PATIENT_READ = "patient_read", _("Read a patient's record")
    PATIENTS_LISTED = "patients_listed", _("Listed patients")
    PATIENTS_MERGED = "patients_merged", _("Merged two records of one patient")
    REPRESENTATIVE_ADDED = "representative_added", _("Added a representative")
    AGE_RULE_SET = "age_rule_set", _("Set at which age of a child a right changes")
    REPRESENTATIVE_ENDED = "representative_ended", _("Ended a representative's authority")
    CLINICIAN_ADDED = "clinician_added", _("Added a clinician")
    STAFF_ADDED = "staff_added", _("Added a member of staff")
    MEMBERSHIP_ENDED = "membership_ended", _("Ended a membership")
    INVITATION_MADE = "invitation_made", _("Made an invitation")
    INVITATION_FAILED = "invitation_failed", _("Failed to take up an invitation")
    INVITATION_WITHDRAWN = "invitation_withdrawn", _("Withdrew an invitation")
    INVITATION_ACCEPTED = "invitation_accepted", _("Took up an invitation")
    ACCOUNT_OPENED = "account_opened", _("Opened an account")

    # Measures
    MEASURES_READ = "measures_read", _("Read the numbers of measures")
    WORKLIST_READ = "worklist_read", _("Read who is in a measure and who is not yet")
    EXPLANATION_READ = "explanation_read", _("Read why a patient counts")
    REPORTING_PERIOD_CHOSEN = "reporting_period_chosen", _("Chose the reporting period")

    # Reports
    REPORT_READ = "report_read", _("Read a report")
    REPORT_DOWNLOADED = "report_downloaded", _("Downloaded a report")
    ATTESTED = "attested", _("Attested a period")
    ATTESTATION_READ = "attestation_read", _("Read an attestation")
    PACKET_DOWNLOADED = "packet_downloaded", _("Downloaded an audit packet")
    NUMBER_OVERRIDDEN = "number_overridden", _("Changed a number by hand")
    OVERRIDE_WITHDRAWN = "override_withdrawn", _("Took back a number changed by hand")
    ANSWERS_GIVEN = "answers_given", _("Answered for what is not counted")

    BROADBAND_LOADED = "broadband_loaded", _("Brought in broadband by county")
    VIRTUAL_GROUP_NAMED = "virtual_group_named", _("Named a virtual group")
    VIRTUAL_GROUP_AGREED = "virtual_group_agreed", _("Agreed to be in a virtual group")
    VIRTUAL_GROUP_LEFT = "virtual_group_left", _("Left a virtual group")

    # Messages
    THREAD_STARTED = "thread_started", _("Started a conversation")
    THREADS_LISTED = "threads_listed", _("Listed conversations")
    THREAD_READ = "thread_read", _("Read a conversation")
    THREAD_RESOLVED = "thread_resolved", _("Marked a conversation resolved")
    THREAD_REOPENED = "thread_reopened", _("Opened a conversation again")
    THREAD_LOCKED = "thread_locked", _("Closed a conversation")
    PARTICIPANT_ADDED = "participant_added", _("Brought somebody into a conversation")
    MESSAGE_SENT = "message_sent", _("Sent a message")
    MESSAGE_RETRACTED = "message_retracted", _("Took a message back")
    MESSAGE_IMPORTED = "message_imported", _("Took in a message from another system")
    MESSAGES_MARKED_READ = "messages_marked_read", _("Marked messages read")
    ATTACHMENT_READ = "attachment_read", _("Opened an attached file")
    KEYS_GRANTED = "keys_granted", _("Shared the keys of conversations")
    KEY_REVOKED = "key_revoked", _("Revoked a key")
    EPOCH_BEGUN = "epoch_begun", _("Began a new key for a conversation")
    KEY_ROTATION_BEGUN = "key_rotation_begun", _("Began to wrap every key under a newer key")
    KEYS_ROTATED = "keys_rotated", _("Wrapped every key under a newer key")
    EPOCHS_RENEWED = "epochs_renewed", _("Began new keys for conversations")
    ACCOUNT_RECOVERED = "account_recovered", _("Took a lost account off a patient's record")
    RETENTION_SET = "retention_set", _("Set how long messages are kept")
    RETENTION_PLANNED = "retention_planned", _("Looked at what need not be kept any longer")
    LEGAL_HOLD_SET = "legal_hold_set", _("Put a legal hold on messages")
    LEGAL_HOLD_LIFTED = "legal_hold_lifted", _("Lifted a legal hold on messages")
    CONTENT_DESTROYED = "content_destroyed", _("Destroyed the keys of conversations for good")
    CORRESPONDENCE_EXPORTED = "correspondence_exported", _("Took conversations away as a file")
    MESSAGES_SEARCHED = "messages_searched", _("Searched messages")
    CHARTS_SEARCHED = "charts_searched", _("Searched the messages of many patients")
    FOUND_READ = "found_read", _("Read messages found by a search of many patients")
    COVERAGE_SET = "coverage_set", _("Said who answers while somebody is away")
    COVERAGE_ENDED = "coverage_ended", _("Ended that somebody answers for a colleague")
    TASK_CLAIMED = "task_claimed", _("Took a conversation on")
    TASK_RELEASED = "task_released", _("Gave a conversation back")
    TASK_REASSIGNED = "task_reassigned", _("Passed a conversation on")
    TASK_ARRANGED = "task_arranged", _("Set a conversation's topic, priority or follow-up day")
    TASK_ESCALATED = "task_escalated", _("Reminded of a conversation left unanswered")
    NOT_READ_TOLD = "not_read_told", _("Told a writer that a message was not read")
    ANSWERED_AUTOMATICALLY = "answered_automatically", _("Answered automatically")
    NOTE_WRITTEN = "note_written", _("Wrote a note for staff")
    NOTES_READ = "notes_read", _("Read notes for staff")
    THREAD_FORWARDED = "thread_forwarded", _("Forwarded a conversation within the practice")
    DRAFT_BEGUN = "draft_begun", _("Kept a draft")
    MAILING_MADE = "mailing_made", _("Prepared a message to a list of patients")
    MAILING_READ = "mailing_read", _("Looked at a message to a list of patients")
    MAILING_DISCARDED = "mailing_discarded", _("Deleted a message to a list before it was sent")
    MAILING_RELEASED = "mailing_released", _("Sent a message to a list of patients")
    MAILING_FINISHED = "mailing_finished", _("Finished sending to a list of patients")
    ROUTING_CHANGED = "routing_changed", _("Changed how messages are answered")
    WORDING_CHANGED = "wording_changed", _("Changed a template")
    SEAL_BROKEN = "seal_broken", _("ALARM: found something changed after it was sealed")

    # The record, what was taken from it, and what patients bring
    CLOSED_DAYS_CHANGED = "closed_days_changed", _("Changed on which days the practice is closed")
    RELEASE_HOLDS_CHANGED = "release_holds_changed", _("Changed when patients see their record")
    RECORD_KEPT = "record_kept", _("Added to the health record")
    RECORD_READ = "record_read", _("Read the health record")
    RECORD_DOWNLOADED = "record_downloaded", _("Downloaded the health record")
    RECORD_SENT = "record_sent", _("Sent the health record to somebody")
    RECORD_NOT_SENT = "record_not_sent", _("Tried to send the health record; it did not go out")
    RECORD_LINK_OPENED = "record_link_opened", _("Opened the health record that was sent by a link")
    RECORD_LINK_WITHDRAWN = "record_link_withdrawn", _("Took back a link to the health record")
    RECORD_LINK_SHUT = "record_link_shut", _("Typed a wrong code too often; the link was shut")
    RECORD_READ_BY_APP = "record_read_by_app", _("Read the health record through an app")

    # What comes from home
    HOME_DATA_ADDED = "home_data_added", _("Added data from home")
    HOME_DATA_READ = "home_data_read", _("Looked at data from home")
    HOME_DATA_TAKEN_BACK = "home_data_taken_back", _("Took data from home back")
    HOME_DATA_INCORPORATED = "home_data_incorporated", _("Added data from home to the record")
    HOME_DATA_ASKED_BACK = "home_data_asked_back", _("Asked about data from home")
    HOME_DATA_DECLINED = "home_data_declined", _("Did not take over data from home")
    HOME_FILE_READ = "home_file_read", _("Opened a file from home")
    HOME_FILE_IMPORTED = "home_file_imported", _("Read a device's file from home")
    HOME_LIMIT_SET = "home_limit_set", _("Set from when a reading from home is dangerous")

    # Apps of the patient's choice
    APP_REGISTERED = "app_registered", _("Registered an app")
    APP_APPROVED = "app_approved", _("Approved an app")
    APP_REFUSED = "app_refused", _("Refused an app")
    APP_WITHDRAWN = "app_withdrawn", _("Took an app's approval back")
    APP_CONNECTED = "app_connected", _("Connected an app to the health record")
    APP_DISCONNECTED = "app_disconnected", _("Ended an app's access to the health record")
    APP_MISUSED = "app_misused", _("ALARM: an app's code or token was used twice; its access ended")

    # Visits
    VISITS_IMPORTED = "visits_imported", _("Imported visits")
    VISIT_RECORDED = "visit_recorded", _("Recorded a visit")
    VISIT_TAKEN_BACK = "visit_taken_back", _("Took a visit back")
    VISITS_LISTED = "visits_listed", _("Listed visits")
    REGISTRATION_RECEIVED = "registration_received", _("Took in what registration said")

    # The record of deeds itself
    AUDIT_READ = "audit_read", _("Read the activity record")
    AUDIT_EXPORTED = "audit_exported", _("Took the activity record away as a file")
    PROOF_DOWNLOADED = "proof_downloaded", _("Took the proof of a row away")

    # How people are told
    NOTICES_CHOSEN = "notices_chosen", _("Chose how to be told that something waits")
    PHONE_SHOWN = "phone_shown", _("Showed that a telephone is theirs")
    PUSH_BEGUN = "push_begun", _("Asked for notices in a browser")
    PUSH_ENDED = "push_ended", _("Notices in a browser ended")
    THREAD_MUTED = "thread_muted", _("Asked not to be told of a conversation")
    THREAD_UNMUTED = "thread_unmuted", _("Asked to be told of a conversation again")
    NOTICE_HANDLED = "notice_handled", _("Handled a notice that could not be sent")

    # Running the server
    CONDITION_READ = "condition_read", _("Looked at the condition of the server")
    BACKED_UP = "backed_up", _("Made a backup")
    RESTORED = "restored", _("Restored a backup")

    # Emergencies
    EMERGENCY_BEGUN = "emergency_begun", _("Began emergency access")
    EMERGENCY_ENDED = "emergency_ended", _("Ended emergency access")
    EMERGENCIES_LISTED = "emergencies_listed", _("Read the list of emergency accesses")
    EMERGENCY_REVIEWED = "emergency_reviewed", _("Reviewed an emergency access")
