"""Who gets what at every address. Written from the policy, not from what the code does.

The policy: a page for everybody is 200. Any other asks a visitor to sign in. Somebody else's object is 404, whoever
asks; a page that is one's own kind but beyond one's rights is 403. A participant's own progress is 404 for everybody
else, staff included. Staff of another cohort are to this one what another organisation's coordinator is: 404.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.world import EVERYBODY, PEOPLE, STAFF, TEAM, VISITORS, World

SIGN_IN = "sign in"  # 302 to the sign-in page
Answer = int | str
Args = Callable[[World], list[Any]]

SIGNED_IN = [*PEOPLE, *STAFF]
LEADERS = "lead manager"
# What a pair's lead or a circle's mentor may do, and what every member may.
IN_IT, LEADS_IT = "mentee mentor", "mentor"
HAS_SEAT = "mentee other_mentee mentor partner"  # in any circle
HAS_MEETINGS = f"{HAS_SEAT} stand_in"


@dataclass(frozen=True)
class Row:
    """One address, one method, and the answer to every role."""

    name: str
    args: Args
    answers: dict[str, Answer]
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    link: Args | None = None  # arguments for the nominee, who alone holds the link
    path: str = ""  # the address itself, where the pattern has no name; `name` is then the pattern


def nothing(w: World) -> list[Any]:
    return []


def _row(name: str, args: Args, answers: dict[str, Answer], others: dict[str, Any], **options: Any) -> Row:
    """`others` are answers to single roles: `answer_404="mentee mentor"`, and options of the row."""
    for key in [key for key in others if key.startswith("answer_")]:
        answers |= dict.fromkeys(others.pop(key).split(), _answer(key))
    return Row(name, args, answers, **options, **others)


def _answer(key: str) -> Answer:
    words = key.removeprefix("answer_")
    return int(words) if words.isdigit() else SIGN_IN


def everybody(name: str, args: Args = nothing, status: int = 200, **others: Any) -> Row:
    return _row(name, args, dict.fromkeys(EVERYBODY, status), others)


def own(name: str, args: Args, ok: str, status: int = 200, **others: Any) -> Row:
    """Of those who are named; for every other person it does not exist."""
    answers = dict.fromkeys(EVERYBODY, 404) | dict.fromkeys(VISITORS, SIGN_IN) | dict.fromkeys(ok.split(), status)
    return _row(name, args, answers, others)


def signed_in(name: str, args: Args = nothing, status: int = 200, **others: Any) -> Row:
    return _row(name, args, dict.fromkeys(EVERYBODY, status) | dict.fromkeys(VISITORS, SIGN_IN), others)


def visitors(name: str, args: Args = nothing, **others: Any) -> Row:
    """Pages on the way to being signed in: whoever already is, is sent on."""
    return _row(name, args, dict.fromkeys(SIGNED_IN, 302) | dict.fromkeys(VISITORS, 200), others)


def by_link(name: str, token: Args, status: int = 200, **others: Any) -> Row:
    """For whoever holds the link; a forged one leads nowhere, whoever is signed in."""
    answers = dict.fromkeys(EVERYBODY, 404) | {"nominee": status}
    return _row(name, lambda w: [w.forged], answers, others, link=token)


def staff(name: str, args: Args, ok: str = LEADERS, status: int = 200, **others: Any) -> Row:
    """A page of the team about a row of one cohort: refused to colleagues without the right, unknown elsewhere."""
    answers: dict[str, Answer] = dict.fromkeys(EVERYBODY, 403) | dict.fromkeys(VISITORS, SIGN_IN)
    answers |= dict.fromkeys(ok.split(), status) | {"manager_elsewhere": 404}
    return _row(name, args, answers, others)


# --- for everybody --------------------------------------------------------------------------------

PUBLIC = [
    everybody("portal:public_home"),
    everybody("portal:cohorts"),
    everybody("portal:questions"),
    everybody("portal:robots"),
    everybody("portal:sitemap"),
    everybody("portal:interest"),
    everybody("portal:interest_question"),
    everybody("portal:interest_registration"),
    everybody("portal:interest_thanks"),
    everybody("portal:individuals"),
    everybody("portal:individuals_taking_part"),
    everybody("portal:individuals_words"),
    everybody("portal:individuals_counted"),
    everybody("portal:privacy"),
    everybody("portal:complaint"),
    everybody("portal:complaint_thanks"),
    everybody("portal:cookies"),
    everybody("portal:accessibility"),
    everybody("portal:contact"),
    everybody("portal:health"),
    everybody("portal:certificate_check", lambda w: [w.certificate.code]),
    everybody("portal:certificate_check", lambda w: ["no-such-code"], 404),
    # The demonstration's own pages; production does not have these addresses.
    everybody("demo:people"),
    everybody("demo:sign_in", lambda w: [w.people["mentee"].pk]),
    everybody("demo:sign_in", lambda w: [w.missing], 404),
    everybody("demo:mail"),
    everybody("demo:letter", lambda w: [w.letter]),
    everybody("demo:letter", lambda w: ["1-1"], 404),
    everybody("demo:letter_html", lambda w: [w.letter]),
    everybody("demo:clock"),
    everybody("ui:gallery"),
]

LINKS = [
    by_link("portal:invitation", lambda w: [w.invitation]),
    by_link("portal:invitation_accept", lambda w: [w.invitation], 302, method="post"),
    by_link("portal:invitation_decline", lambda w: [w.invitation]),
    by_link("portal:coordinating", lambda w: [w.coordinating_link]),
    by_link("portal:apply", lambda w: [w.application]),
    by_link("portal:apply_thanks", lambda w: [w.application]),
    by_link("portal:reply_by_link", lambda w: [w.session_link]),
    by_link("portal:stand_in_by_link", lambda w: [w.asked_link]),
    by_link("portal:check_in_by_link", lambda w: [w.session_link]),
    by_link("portal:attendance_by_link", lambda w: [w.session_link]),
    by_link("portal:unsubscribe", lambda w: [w.no_more_nudges]),
    by_link("portal:join_session", lambda w: [w.session_link]),
    by_link("portal:event_by_link", lambda w: [w.event_link]),
    by_link("portal:calendar_feed", lambda w: [w.calendar_token]),
    by_link("portal:poll_by_link", lambda w: [w.poll_link]),
    by_link("portal:asked_again", lambda w: [w.again_link]),
    # A link that was passed on shows what it is about, and acts for nobody who is signed in as somebody else.
    everybody("portal:invitation", lambda w: [w.invitation]),
    everybody("portal:invitation_accept", lambda w: [w.invitation], 302, method="post"),
    # One kind of link opens nothing of another kind.
    everybody("portal:reply_by_link", lambda w: [w.event_link], 404),
    everybody("portal:stand_in_by_link", lambda w: [w.session_link], 404),
    everybody("portal:event_by_link", lambda w: [w.session_link], 404),
    everybody("portal:poll_by_link", lambda w: [w.session_link], 404),
    everybody("portal:apply", lambda w: [w.invitation], 404),
    everybody("portal:invitation", lambda w: [w.application], 404),
]

# --- signing in, one's own account ----------------------------------------------------------------

ACCOUNT = [
    visitors("account_login"),
    visitors("account_request_login_code"),
    visitors("account_confirm_login_code", answer_sign_in=" ".join(VISITORS)),  # no code has been asked for
    visitors("account_signup"),  # says that nobody signs up alone
    everybody("account_inactive"),
    everybody("account_reset_password"),
    everybody("account_reset_password_done"),
    everybody("account_reset_password_from_key", lambda w: ["1", "no-such-key"]),  # says that the link is dead
    everybody("account_reset_password_from_key_done"),
    signed_in("account_logout", answer_302=" ".join(VISITORS)),  # nothing to end: to the front page
    signed_in("account_reauthenticate", status=403),  # there is nothing to do it with: nobody here has a password
    signed_in("account_change_password", status=302),  # nobody here has one: to `set_password`
    signed_in("account_set_password"),
    signed_in("mfa_index"),
    signed_in("mfa_activate_totp"),
    signed_in("account/2fa/totp/activate/", path="/account/2fa/totp/activate/"),  # ours, before allauth's
    # Nobody here has a second factor yet.
    everybody("mfa_authenticate", status=302, answer_sign_in=" ".join(VISITORS)),
    signed_in("mfa_reauthenticate", status=403),
    signed_in("mfa_generate_recovery_codes"),
    signed_in("mfa_deactivate_totp", status=404),
    signed_in("mfa_view_recovery_codes", status=404),
    signed_in("mfa_download_recovery_codes", status=404),
    signed_in("portal:home"),
    signed_in("portal:account"),
    signed_in("portal:ask_erasure"),
    signed_in("portal:address"),
    signed_in("portal:employer"),
    signed_in("portal:held"),
    signed_in("portal:held_file"),
    signed_in("portal:set_mail", lambda w: ["digests"], 302, method="post"),
    signed_in("portal:set_mail", lambda w: ["essential"], 404, method="post"),
    signed_in("portal:set_consent", lambda w: ["evaluation"], 302, method="post"),
    signed_in("portal:set_consent", lambda w: ["no-such-purpose"], 404, method="post"),
]

# --- a participant's own --------------------------------------------------------------------------

STEPS = ["name", "eligibility", "job", "place", "slots", "goals", "access", "manager", "agreement", "consents"]

PARTICIPANT = [
    own("portal:enrolment", lambda w: [w.started.pk], "enrolling"),
    *[own("portal:enrolment_step", lambda w, step=step: [w.started.pk, step], "enrolling") for step in STEPS],
    own("portal:enrolment_step", lambda w: [w.started.pk, "side"], ""),  # asked of partners only
    own("portal:enrolment_dates", lambda w: [w.started.pk], "enrolling"),
    own("portal:enrolment_check", lambda w: [w.started.pk], "enrolling", 302),
    own("portal:enrolment_check", lambda w: [w.answered.pk], "enrolling"),
    own("portal:enrolment_not_eligible", lambda w: [w.started.pk], "enrolling"),
    own("portal:enrolment_leave", lambda w: [w.started.pk], "enrolling"),
    own("portal:enrolment", lambda w: [w.mentee.pk], "mentee"),
    own("portal:enrolment_done", lambda w: [w.mentee.pk], "mentee"),
    own("portal:enrolment_leave", lambda w: [w.mentee.pk], "mentee"),
    own("portal:enrolment_leave", lambda w: [w.mentor.pk], "mentor"),
    own("portal:access_needs", lambda w: [w.mentee.pk], "mentee"),
    own("portal:change_goals", lambda w: [w.mentee.pk], "mentee"),
    own("portal:onboarding", lambda w: [w.mentee.pk], "mentee"),
    own("portal:onboarding", lambda w: [w.started.pk], ""),  # not before they have finished enrolling
    own("portal:guide", lambda w: [w.mentee.pk, w.resource.pk], "mentee"),
    own("portal:mark_onboarding", lambda w: [w.mentee.pk, w.onboarding_item.pk], "mentee", 302, method="post"),
    own("portal:circle", lambda w: [w.circle.pk], IN_IT),
    own("portal:circle", lambda w: [w.pair.pk], "partner"),
    own("portal:add_agenda_item", lambda w: [w.circle.pk], IN_IT, method="post"),
    own("portal:tick_agenda_item", lambda w: [w.agenda_item.pk], IN_IT, 302, method="post"),
    own("portal:vote_agenda_item", lambda w: [w.agenda_item.pk], IN_IT, 302, method="post"),
    own("portal:notices", lambda w: [w.circle.pk], IN_IT),
    own("portal:notices", lambda w: [w.pair.pk], "partner"),
    # Corrected by who wrote it alone; taken away by them and by who leads.
    own("portal:change_entry", lambda w: ["agenda", w.agenda_item.pk], "mentee"),
    own("portal:change_entry", lambda w: ["goal", w.shared_goal.pk], "mentor"),
    own("portal:change_entry", lambda w: ["notice", w.notice.pk], "mentee"),
    own("portal:take_away", lambda w: ["agenda", w.agenda_item.pk], IN_IT),
    own("portal:take_away", lambda w: ["goal", w.shared_goal.pk], "mentor"),
    own("portal:take_away", lambda w: ["notice", w.notice.pk], IN_IT),
    own("portal:circle_plan", lambda w: [w.circle.pk], IN_IT),
    own("portal:circle_plan", lambda w: [w.pair.pk], "partner"),
    own("portal:mark_goal", lambda w: [w.shared_goal.pk], IN_IT, 302, method="post"),
    own("portal:mark_action", lambda w: [w.action.pk], IN_IT, 302, method="post"),
    own("portal:session_notes", lambda w: [w.past_session.pk], IN_IT),
    own("portal:session_notes", lambda w: [w.session.pk], IN_IT),  # not whoever stands in
    # Not whoever leads or coordinates, and not the team.
    own("portal:concern", lambda w: [w.mentee.pk], "mentee"),
    own("portal:concern", lambda w: [w.partner.pk], "partner"),
    own("portal:reflection", lambda w: [w.past_session.pk], IN_IT),  # each their own
    own("portal:reflections", lambda w: [w.mentee.pk], "mentee"),
    own("portal:ask_help", lambda w: [w.circle.pk], LEADS_IT),
    own("portal:meeting_link", lambda w: [w.circle.pk], LEADS_IT),
    own("portal:hand_over", lambda w: [w.circle.pk], LEADS_IT),
    own("portal:my_dates", lambda w: [w.circle.pk], IN_IT),
    own("portal:my_dates", lambda w: [w.pair.pk], "partner"),
    own("portal:propose_dates", lambda w: [w.circle.pk], LEADS_IT),
    own("portal:poll", lambda w: [w.poll.pk], IN_IT),
    own("portal:decide_poll", lambda w: [w.poll.pk], LEADS_IT),
    own("portal:add_session", lambda w: [w.circle.pk], LEADS_IT),
    own("portal:add_session", lambda w: [w.pair.pk], "partner"),
    own("portal:session", lambda w: [w.session.pk], f"{IN_IT} stand_in"),
    own("portal:session", lambda w: [w.past_session.pk], IN_IT),
    own("portal:session", lambda w: [w.pair_session.pk], "partner"),
    own("portal:reply_session", lambda w: [w.session.pk], IN_IT, 302, method="post"),
    own("portal:session_i_came", lambda w: [w.past_session.pk], IN_IT, 302, method="post"),
    own("portal:move_session", lambda w: [w.session.pk], LEADS_IT),
    own("portal:session_plan", lambda w: [w.session.pk], IN_IT),
    own("portal:cancel_session", lambda w: [w.session.pk], LEADS_IT),
    own("portal:session_attendance", lambda w: [w.past_session.pk], LEADS_IT),
    own("portal:session_attendance", lambda w: [w.session.pk], f"{LEADS_IT} stand_in"),
    own("portal:ask_stand_in", lambda w: [w.session.pk], LEADS_IT),
    own("portal:ask_stand_in", lambda w: [w.pair_session.pk], ""),  # partners meet as equals
    own("portal:end_stand_in", lambda w: [w.session.pk], f"{LEADS_IT} stand_in", 302, method="post"),
    own("portal:calendar", nothing, HAS_MEETINGS),
    own("portal:set_calendar_wording", nothing, HAS_MEETINGS, 302, method="post"),
    own("portal:make_calendar_link", nothing, HAS_MEETINGS, 302, answer_200="mentee"),  # asks who has one
    own("portal:switch_off_calendar_link", nothing, HAS_MEETINGS, 302, answer_200="mentee"),
    own("portal:event", lambda w: [w.opening.pk], "mentee mentor other_mentee"),
    own("portal:certificate_pdf", lambda w: [w.certificate.pk], "mentee"),
    # A survey is of a cohort: whoever is in it has it, each with answers of their own.
    own("portal:survey", lambda w: [w.survey.pk], "mentee other_mentee stand_in", answer_302="mentor"),
    own("portal:survey_page", lambda w: [w.survey.pk, 1], "mentee other_mentee stand_in", answer_302="mentor"),
    own("portal:survey_check", lambda w: [w.survey.pk], "other_mentee", answer_302="mentee mentor stand_in"),
    own("portal:survey_thanks", lambda w: [w.survey.pk], "mentor", answer_302="mentee other_mentee stand_in"),
    own("portal:survey_thanks", lambda w: [w.last_survey.pk], "partner"),
    own("portal:testimonial", lambda w: [w.last_survey.pk], "partner"),
    own("portal:testimonial", lambda w: [w.survey.pk], "", answer_302="mentee mentor other_mentee stand_in"),
    own("portal:check_in", lambda w: [w.past_session.pk], "mentee mentor"),
    own("portal:check_in", lambda w: [w.session.pk], ""),  # it has not met
    own("portal:mid_point", lambda w: [w.partner.pk], "partner"),
    own("portal:mid_point", lambda w: [w.mentee.pk], ""),  # not a pair
    own("portal:withdraw_testimonial", lambda w: [w.rows["surveys.testimonial"].pk], "mentee"),
    own("portal:progress", lambda w: [w.mentee.pk], "mentee"),
    own("portal:progress_pdf", lambda w: [w.mentee.pk], "mentee"),
    own("portal:progress_pdf", lambda w: [w.partner.pk], "partner"),
    own("portal:goals", lambda w: [w.mentee.pk], "mentee"),
    own("portal:progress", lambda w: [w.mentor.pk], "mentor"),
    own("portal:progress", lambda w: [w.partner.pk], "partner"),
    own("portal:progress", lambda w: [w.other_partner.pk], ""),
]

# --- a coordinator's own --------------------------------------------------------------------------

COORDINATOR = [
    own("portal:organisation", lambda w: [w.participation.pk], "coordinator"),
    own("portal:organisation", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:organisation", lambda w: [w.by_application.pk], "coordinator"),
    own("portal:organisation_impact", lambda w: [w.participation.pk], "coordinator"),
    own("portal:organisation_evidence", lambda w: [w.participation.pk], "coordinator"),
    own("portal:organisation_evidence_pdf", lambda w: [w.participation.pk], "coordinator"),
    own("portal:remind_nominees", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:recruiting_words", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:recruiting_words", lambda w: [w.by_application.pk], "coordinator"),
    own("portal:recruiting_poster", lambda w: [w.recruiting_participation.pk, "mentee"], "coordinator"),
    own("portal:recruiting_poster", lambda w: [w.recruiting_participation.pk, "partner"], ""),  # no such role there
    own("portal:coordinators", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:hand_over_organisation", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:renewal", lambda w: [w.participation.pk, w.elsewhere.pk], "coordinator"),
    own("portal:renewal", lambda w: [w.by_application.pk, w.elsewhere.pk], ""),  # about that nobody was asked
    own("portal:replace_nomination", lambda w: [w.nomination.pk], "coordinator"),
    own("portal:nominate", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:nominate", lambda w: [w.by_application.pk], ""),  # people apply there
    own("portal:people_file", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:import_nominations", lambda w: [w.recruiting_participation.pk], "coordinator"),
    own("portal:import_template", lambda w: [w.recruiting_participation.pk, "csv"], "coordinator"),
    own("portal:import_template", lambda w: [w.recruiting_participation.pk, "xlsx"], "coordinator"),
    own("portal:import_template", lambda w: [w.recruiting_participation.pk, "exe"], ""),
    own("portal:import_preview", lambda w: [w.recruiting_participation.pk, w.missing], "coordinator", 302),
    own("portal:renew_application_link", lambda w: [w.by_application.pk], "coordinator"),
    own("portal:renew_application_link", lambda w: [w.recruiting_participation.pk], ""),  # nobody applies there
    own("portal:withdraw_nomination", lambda w: [w.nomination.pk], "coordinator"),
    own("portal:send_nomination_again", lambda w: [w.nomination.pk], "coordinator"),
    own(
        "portal:move_nomination", lambda w: [w.reserve.pk], "coordinator", 302,
        method="post", data={"direction": "up"},
    ),
    own("portal:confirm_application", lambda w: [w.applied.pk], "coordinator", 302, method="post"),
]  # fmt: skip

# --- the programme team ---------------------------------------------------------------------------

# The interest of the world goes to the Relationship Managers; the others who work by queues do not know of it.
NOT_THEIRS = {"answer_404": "inclusion_adviser analyst manager_elsewhere"}

ADVISERS = "inclusion_adviser relationship_manager"
ADVISED = f"{LEADERS} relationship_manager"  # who answers for the world's organisation
LOOKERS = f"{LEADERS} {ADVISERS} read_only"  # everybody who sees the queue or some of it
DESK_OWNERS = f"{LEADERS} {ADVISERS}"  # everybody who may put off what the desk lists

TEAM_PAGES = [
    staff("admin:index", nothing, " ".join(TEAM), answer_200="manager_elsewhere"),
    staff("admin:login", nothing, " ".join(STAFF), 302, answer_302="manager_elsewhere"),
    staff("admin:logout", nothing, " ".join(TEAM), 302, method="post", answer_302="manager_elsewhere"),
    staff("admin:password_change", nothing, " ".join(TEAM), 302, answer_302="manager_elsewhere"),
    staff("admin:password_change_done", nothing, " ".join(TEAM), 302, answer_302="manager_elsewhere"),
    staff("admin:jsi18n", nothing, " ".join(TEAM), answer_200="manager_elsewhere"),
    staff("admin:autocomplete", nothing, "", answer_403="manager_elsewhere"),  # no form of ours asks it
    staff("admin:view_on_site", lambda w: [0, w.missing], "", answer_404=" ".join(STAFF)),
    staff("admin:app_list", lambda w: ["circles"], "lead manager read_only", answer_404="inclusion_adviser "
          "relationship_manager analyst", answer_200="manager_elsewhere"),
    staff("admin:app_list", lambda w: ["organisations"], "lead manager read_only inclusion_adviser "
          "relationship_manager", answer_404="analyst", answer_200="manager_elsewhere"),
    staff("admin:cohort_page", lambda w: [w.running.pk], " ".join(TEAM)),
    staff("admin:cohort_page", lambda w: [w.recruiting.pk], " ".join(TEAM)),
    staff("admin:cohort_page", lambda w: [w.elsewhere.pk], " ".join(TEAM), answer_200="manager_elsewhere"),
    staff("admin:cohort_organisations", lambda w: [w.running.pk], "lead manager read_only"),
    staff("admin:cohort_onboarding", lambda w: [w.running.pk], "lead manager read_only"),
    staff("admin:handbook", nothing, " ".join(TEAM), answer_200="manager_elsewhere"),
    staff("admin:handbook_page", lambda w: ["enquiry"], " ".join(TEAM), answer_200="manager_elsewhere"),
    staff("admin:handbook_page", lambda w: ["no-such-page"], "", answer_404=" ".join(STAFF)),
    # What the handbook says reaches into every cohort.
    staff("admin:handbook_change", lambda w: ["enquiry"], answer_403="manager_elsewhere"),
    staff("admin:handbook_change", lambda w: ["no-such-page"], "", answer_404="lead manager", answer_403="read_only "
          "manager_elsewhere inclusion_adviser relationship_manager analyst"),
    staff("admin:shipped_text", lambda w: ["page", w.rows["content.pagetext"].pk], answer_200="manager_elsewhere"),
    staff("admin:shipped_text", lambda w: ["nonsense", w.missing], "", answer_404=" ".join(STAFF)),
    staff("admin:cohort_renewals", lambda w: [w.recruiting.pk]),
    staff("admin:cohort_ask_again", lambda w: [w.recruiting.pk]),
    staff("admin:clone_cohort", lambda w: [w.running.pk]),
    staff("admin:clone_cohort", lambda w: [w.elsewhere.pk], answer_403="manager_elsewhere"),
    staff("admin:put_off", lambda w: ["demand_elsewhere", w.demand.pk], DESK_OWNERS, answer_200="manager_elsewhere"),
    staff("admin:put_off", lambda w: ["no_such_rule", w.demand.pk], DESK_OWNERS, 404),
    staff("admin:attention_rule", lambda w: ["demand_elsewhere"], LOOKERS, answer_200="manager_elsewhere"),
    staff("admin:attention_rule", lambda w: ["no_such_rule"], "", answer_404=" ".join(STAFF)),
    staff("admin:bring_back", lambda w: [w.put_off.pk], DESK_OWNERS, 302, method="post"),
    # A list’s views and files are for whoever sees the list; a view that is not shared is its owner’s alone.
    staff("admin:save_view", lambda w: ["organisations.interest"], LOOKERS, answer_200="manager_elsewhere"),
    staff("admin:save_view", lambda w: ["no.such"], "", answer_404=" ".join(STAFF)),
    staff("admin:saved_view", lambda w: [w.saved_view.pk], "", answer_404=" ".join(STAFF), answer_200="lead"),
    staff("admin:delete_saved_view", lambda w: [w.saved_view.pk], "", answer_404=" ".join(STAFF), answer_200="lead"),
    staff("admin:export_list", lambda w: ["organisations.interest"], LOOKERS, answer_200="manager_elsewhere"),
    staff("admin:export_list", lambda w: ["circles.concern"], status=404),  # told in confidence
    staff("admin:import_list", lambda w: ["organisations.organisation"], answer_200="manager_elsewhere"),
    staff("admin:import_list", lambda w: ["circles.circle"], "lead manager read_only", 404),
    staff("admin:check_import", lambda w: ["organisations.organisation", w.missing], status=302,
          answer_302="manager_elsewhere"),
    staff("admin:past_cohorts", nothing, answer_403="manager_elsewhere"),
    staff("admin:check_past_cohort", lambda w: [w.missing], status=302, answer_403="manager_elsewhere"),
    staff("admin:undo_past_cohort", lambda w: [w.past_load.pk], answer_403="manager_elsewhere"),
    staff("admin:cohort_session_plans", lambda w: [w.running.pk]),
    staff("admin:cohort_reminders", lambda w: [w.running.pk]),
    staff("admin:reminder_rule", lambda w: [w.rule.pk]),
    staff("admin:formation_board", lambda w: [w.recruiting.pk]),
    staff("admin:formation_board", lambda w: [w.running.pk]),
    staff("admin:formation_board", lambda w: [w.applying.pk]),
    staff("admin:formation_start", lambda w: [w.applying.pk], status=302, method="post"),
    staff("admin:formation_stop", lambda w: [w.recruiting.pk], status=302, method="post"),
    staff("admin:formation_progress", lambda w: [w.recruiting.pk]),
    staff("admin:formation_publish", lambda w: [w.recruiting.pk]),
    staff("admin:formation_move", lambda w: [w.run.pk, w.placed.pk]),
    staff("admin:formation_move", lambda w: [w.run.pk, w.missing], "", answer_404=" ".join(STAFF)),
    staff("admin:formation_pin", lambda w: [w.run.pk, w.placed.pk], status=302, method="post"),
    staff("admin:formation_ready", lambda w: [w.recruiting.pk]),
    staff("admin:formation_options", lambda w: [w.run.pk, w.placed.pk]),
    staff("admin:formation_hold", lambda w: [w.run.pk], status=302, method="post"),
    staff("admin:formation_undo", lambda w: [w.run.pk], status=302, method="post"),
    staff("admin:formation_apart", lambda w: [w.run.pk, w.placed.pk]),
    staff("admin:formation_together", lambda w: [w.kept_apart.pk]),
    staff("admin:formation_versions", lambda w: [w.recruiting.pk]),
    staff("admin:formation_versions", lambda w: [w.applying.pk]),
    staff("admin:formation_compare", lambda w: [w.recruiting.pk]),
    staff("admin:formation_take_up", lambda w: [w.older_run.pk], status=302, method="post"),
    staff("admin:survey_preview", lambda w: [w.survey.pk, 1], "lead manager read_only"),
    staff("admin:cohort_impact", lambda w: [w.running.pk], "lead manager analyst read_only"),
    staff("admin:evaluation_plan", lambda w: [w.running.pk], "lead manager analyst read_only"),
    staff("admin:publish_figures", lambda w: [w.running.pk], status=404),
    staff("admin:cohort_comments", lambda w: [w.running.pk], status=404),
    staff("admin:release_again", lambda w: [w.running.pk], status=404),
    staff("admin:impact_comparison", nothing, "lead manager analyst read_only", answer_200="manager_elsewhere"),
    # A cohort that is not closed has no figures.
    staff("admin:impact_report", lambda w: [w.running.pk], "lead manager analyst read_only", 404),
    staff("admin:impact_file", lambda w: [w.running.pk, "team", "figures.csv"], "lead manager analyst read_only", 404),
    staff("admin:close_cohort", lambda w: [w.pairs.pk]),
    staff(
        "admin:handle_interest", lambda w: [w.interest.pk], "lead manager relationship_manager", 302,
        method="post", data={"verb": "take"}, **NOT_THEIRS,
    ),
    staff("admin:confirm_interest", lambda w: [w.interest.pk], **NOT_THEIRS),
    # An organisation is the whole programme's: who confirms organisations anywhere may confirm this one there.
    staff(
        "admin:confirm_organisation", lambda w: [w.organisation.pk],
        answer_404="inclusion_adviser analyst", answer_200="manager_elsewhere",
    ),
    # Merging moves what an organisation has in every cohort.
    staff("admin:merge_organisations", lambda w: [w.organisation.pk, w.third.pk], answer_403="manager_elsewhere"),
    staff("admin:participation_places", lambda w: [w.recruiting_participation.pk]),
    staff("admin:participation_coordinator", lambda w: [w.recruiting_participation.pk]),
    # Acting for an organisation belongs to no cohort, and so does ending it.
    staff("admin:end_coordinator", lambda w: [w.coordination.pk], answer_404="inclusion_adviser analyst",
          answer_200="manager_elsewhere"),
    staff("admin:put_forward", lambda w: [w.recruiting_participation.pk]),
    staff("admin:put_forward", lambda w: [w.by_application.pk], status=404),  # people apply there
    staff("admin:put_forward_list", lambda w: [w.recruiting_participation.pk]),
    staff("admin:check_put_forward", lambda w: [w.recruiting_participation.pk, w.missing], status=302),
    staff("admin:participation_fee", lambda w: [w.recruiting_participation.pk]),
    # What the team writes about people is for those who answer for them: who only reads sees none of it.
    staff("admin:add_contact", lambda w: ["organisation", w.organisation.pk], ADVISED, answer_404="inclusion_adviser",
          answer_200="manager_elsewhere"),
    staff("admin:add_contact", lambda w: ["enrolment", w.mentee.pk], answer_404=f"{ADVISERS} manager_elsewhere"),
    staff("admin:add_contact", lambda w: ["person", w.mentee.user.pk], answer_404=f"{ADVISERS} manager_elsewhere"),
    staff("admin:add_contact", lambda w: ["cohort", w.running.pk], "", answer_404="manager_elsewhere"),
    staff("admin:change_contact", lambda w: [w.contact.pk], "lead", answer_404="inclusion_adviser",
          answer_403="manager_elsewhere"),  # its writer alone
    staff("admin:delete_contact", lambda w: [w.contact.pk], "lead", answer_404="inclusion_adviser",
          answer_403="manager_elsewhere"),
    staff("admin:add_task", lambda w: ["cohort", w.running.pk], DESK_OWNERS),
    staff("admin:add_task", lambda w: ["nonsense", w.running.pk], "", answer_404=f"{DESK_OWNERS} manager_elsewhere"),
    staff("admin:mark_task", lambda w: [w.task.pk], ADVISED, 302, method="post", answer_404="inclusion_adviser "
          "manager_elsewhere"),
    staff("admin:cohort_changes", lambda w: [w.running.pk]),
    staff("admin:cohort_changes", lambda w: [w.recruiting.pk]),
    staff("admin:enrolment_seat", lambda w: [w.mentee.pk]),
    staff("admin:enrolment_seat", lambda w: [w.placed.pk]),
    staff("admin:enrolment_move", lambda w: [w.mentee.pk]),
    staff("admin:enrolment_withdraw", lambda w: [w.mentee.pk]),
    staff("admin:enrolment_withdraw", lambda w: [w.mentor.pk]),
    staff("admin:enrolment_withdraw", lambda w: [w.partner.pk]),
    staff("admin:enrolment_employer", lambda w: [w.mentee.pk]),
    staff("admin:person_address", lambda w: [w.mentee.user.pk], answer_403="manager_elsewhere"),
    staff("admin:duplicate_people", nothing, answer_403="manager_elsewhere"),
    staff("admin:person_merge", lambda w: [w.mentee.user.pk], answer_403="manager_elsewhere"),
    staff("admin:person_merge_with", lambda w: [w.mentee.user.pk, w.partner.user.pk], answer_403="manager_elsewhere"),
    staff("admin:enrolment_undo", lambda w: [w.mentee.pk]),  # who has not left: the page says so
    staff("admin:circle_mentor", lambda w: [w.other_circle.pk]),
    staff("admin:circle_merge", lambda w: [w.circle.pk]),
    staff("admin:circle_merge_with", lambda w: [w.circle.pk, w.other_circle.pk]),
    staff("admin:circle_merge_with", lambda w: [w.circle.pk, w.pair.pk], "", answer_404=" ".join(STAFF),
          answer_403="inclusion_adviser relationship_manager analyst read_only"),
    staff("admin:move_circle_session", lambda w: [w.session.pk]),
    staff("admin:cancel_circle_session", lambda w: [w.session.pk]),
    staff("admin:keep_circle_session", lambda w: [w.session.pk], status=302, method="post"),
    staff("admin:cohort_closed_days", lambda w: [w.running.pk], "lead manager read_only"),
    staff("admin:decide_circle_poll", lambda w: [w.poll.pk]),
    staff("admin:call_off_event", lambda w: [w.opening.pk], "lead manager"),
    staff("admin:session_stand_in", lambda w: [w.session.pk]),
    staff("admin:session_stand_in", lambda w: [w.later_session.pk]),
    staff("admin:session_stand_in", lambda w: [w.pair_session.pk]),
    staff("admin:end_session_stand_in", lambda w: [w.later_session.pk], status=302, method="post"),
    # Words of messages reach into every cohort.
    staff("admin:wordings", nothing, "lead manager read_only", answer_403="manager_elsewhere"),
    staff("admin:wording", lambda w: ["circles.placed"], answer_403="manager_elsewhere"),
    staff("admin:wording", lambda w: ["no.such"], "", answer_404="lead manager", answer_403="manager_elsewhere "
          "inclusion_adviser relationship_manager analyst read_only"),
    staff("admin:wording_shipped", lambda w: ["circles.placed"], status=302, answer_403="manager_elsewhere"),
    # Erasing reaches into every cohort.
    staff("admin:erase_person", lambda w: [w.mentee.user.pk], answer_403="manager_elsewhere"),
    # A complaint is about the whole programme.
    staff("admin:answer_complaint", lambda w: [w.complaint.pk], answer_403="manager_elsewhere"),
    staff("admin:complaint_address", lambda w: [w.complaint.pk], answer_403="manager_elsewhere"),
    staff("admin:person_messages", lambda w: [w.mentee.user.pk], "lead manager read_only",
          answer_403="manager_elsewhere"),
    staff("admin:enrolment_messages", lambda w: [w.mentee.pk], "lead manager read_only"),
    staff("admin:announcements", lambda w: [w.running.pk], "lead manager read_only"),
    staff("admin:announcement_new", lambda w: [w.running.pk]),
    staff("admin:announcement", lambda w: [w.announcement.pk], "lead manager read_only"),
    staff("admin:announcement", lambda w: [w.sent_announcement.pk], "lead manager read_only"),
    staff("admin:announcement_test", lambda w: [w.announcement.pk], status=302, method="post"),
    staff("admin:announcement_send", lambda w: [w.announcement.pk]),
    staff("admin:announcement_discard", lambda w: [w.announcement.pk]),
    staff("admin:announcement_progress", lambda w: [w.announcement.pk], "lead manager read_only"),
    staff("admin/(?P<url>.*)$", nothing, "", answer_404=" ".join(STAFF), path="/admin/no-such-page/"),
]  # fmt: skip

ROWS = [*PUBLIC, *LINKS, *ACCOUNT, *PARTICIPANT, *COORDINATOR, *TEAM_PAGES]

# --- the admin's own pages of each model ----------------------------------------------------------

# l: the list · v: this very row · a: add · c: change the row · d: delete it. Who sees the list without the row is shown
# as much as of a row that is not there. “elsewhere” is the manager of another cohort.
# Columns: lead · manager · inclusion adviser · relationship manager · analyst · read-only · elsewhere
_ADMIN = """
accounts.user                lvac  lvac  -    -    -   lv  -
cohorts.format               lvacd lv    lv   lv   lv  lv  lv
cohorts.topic                lvacd lvacd -    -    -   lv  lvacd
cohorts.cohort               lvacd lvacd lv   lv   lv  lv  l
cohorts.cover                lvacd lvacd lv   lv   -   lv  -
content.pagetext             lvc   lvc   -    -    -   lv  lvc
content.faq                  lvacd lvacd -    -    -   lv  lvacd
content.resource             lvacd lvacd -    -    -   lv  lvacd
cohorts.onboardingitem       lvacd lvacd -    -    -   lv  lva
content.baseline             lvc   lvc   -    -    -   lv  lvc
organisations.interest       lvcd  lvcd  l    lvc  -   lv  l
organisations.organisation   lvacd lvacd l    lvc  -   lv  lvac
organisations.participation  lv    lv    lv   lv   -   lv  l
organisations.demand         lvd   lvd   lv   lv   -   lv  lvd
participants.nomination      lvc   lvc   -    -    -   lv  l
participants.enrolment       lvc   lvc   -    -    -   lv  l
circles.circle               lvc   lvc   -    -    -   lv  l
circles.session              lvc   lvc   -    -    -   lv  l
circles.poll                 lvc   lvc   -    -    -   lv  l
circles.attendance           lvc   lvc   -    -    -   lv  l
circles.certificate          lv    lv    -    -    -   lv  l
circles.concern              lvc   lvc   -    -    -   -   l
surveys.instrument           lva   lva   -    -    -   lv  lva
surveys.survey               lv    lv    -    -    -   lv  l
surveys.testimonial          lvacd lvacd -    -    -   lv  la
surveys.teamnote             lvc   lvc   -    -    -   -   l
surveys.snapshot             lv    lv    -    -    -   lv  l
surveys.intrudertest         lva   lva   -    -    -   lv  lv
staff.task                   lvcd  lvcd  l    lvc  -   -   l
outbox.message               lv    lv    -    -    -   lv  -
outbox.suppression           lv    lv    -    -    -   lv  -
privacy.complaint            lvc   lvc   -    -    -   -   -
privacy.auditevent           lv    lv    -    -    -   lv  -
privacy.consentevent         lv    lv    -    -    -   lv  -
privacy.consentwording       lva   lva   -    -    -   lv  lv
"""
ADMIN: dict[str, dict[str, str]] = {
    model: dict(zip(STAFF, letters, strict=True))
    for model, *letters in (line.split() for line in _ADMIN.strip().splitlines())
}
