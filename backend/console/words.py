"""What the console calls things, in Danish."""

from collections.abc import Mapping

from backend.assessment.tables import AssessmentAnswer
from backend.console.rights import Grant
from backend.transcripts.listing import Summary
from backend.transcripts.rasa_events import NOT_UNDERSTOOD

ROLES = {
    "caseworker": "Sagsbehandler",
    "team_leader": "Teamleder",
    "bot_trainer": "Bottræner",
    "administrator": "Administrator",
}

NAMELESS = "Borger uden navn"

NO_TRACK = "Intet forslag endnu"
TOO_FEW_ANSWERS = "For få svar til et forslag"

PLACEMENT_STATUSES = {"proposed": "Forslag", "confirmed": "Bekræftet", "changed": "Ændret"}
PLACEMENT_EVENTS = {
    "proposed": "Foreslået ud fra svarene",
    "disputed": "Borgeren er uenig",
    "confirmed": "Bekræftet",
    "changed": "Ændret",
}
CONCERNS = {"disputed": "Borgeren er uenig", "borderline": "Tæt på grænsen"}
PATTERNS = {
    "inconsistent": "Svarene peger i forskellige retninger. Spørg eventuelt til et par af dem.",
    "straight_lining": "Alle svar er ens. Det kan være rigtigt.",
}
BANDS = {"low": "lavt", "foundation": "grundlæggende", "intermediate": "mellem", "advanced": "højt"}
ASSESSMENT_STATUSES = {
    "active": "I gang",
    "paused": "På pause",
    "finished": "Færdig",
    "abandoned": "Begyndt forfra",
}

ANSWERS = {0: "Kan ikke", 1: "Med hjælp", 2: "På egen hånd", 3: "Sikkert, kan vise andre"}
SKIPPED = "Sprunget over"
DOES_NOT_KNOW = "Ved ikke"

CONVERSATION_STATUSES = {"active": "I gang", "handed_over": "Overtaget af et menneske", "ended": "Afsluttet"}
CHANNELS = {"web": "Chat", "sms": "Sms", "rest": "Andet system"}
RATINGS = {1: "Meget utilfreds", 2: "Utilfreds", 3: "Hverken eller", 4: "Tilfreds", 5: "Meget tilfreds"}
SPEAKERS = {"citizen": "Borgeren", "bot": "Digispor"}

FLAGS = {
    "crisis": "Krise",
    "human_requested": "Vil tale med et menneske",
    "low_understanding": "Blev ikke forstået",
    "negative_feedback": "Er utilfreds",
}
WAITING_GROUNDS = {**FLAGS, "disputed": CONCERNS["disputed"], "absence": "Afbud", "cancelled": "Aflyst"}
URGENT_FILTERS = {"crisis": "tegn på krise", "disputed": "uenighed om sporet"}
URGENT_FLAGS = frozenset({"crisis"})

QUALITIES = {1: "1, dårligt", 2: "2, mindre godt", 3: "3, nogenlunde", 4: "4, godt", 5: "5, meget godt"}
REVIEW_THEMES = {
    "not_understood": "Forstod ikke",
    "wrong_answer": "Forkert svar",
    "too_long": "For langt",
    "unfriendly": "Uvenligt",
    "technical_fault": "Teknisk fejl",
    "other": "Andet",
}
REVIEW_GROUNDS = {
    "negative": "Borgeren var utilfreds",
    "unsure": "Svær at forstå",
    "random": "Tilfældigt udvalgt",
}

MEETING_STATES = {
    "booked": "Booket",
    "absence": "Afbud",
    "cancelled": "Aflyst",
    "met": "Mødte op",
    "not_met": "Mødte ikke op",
}
MEETING_BADGES = {
    "booked": "badge-success",
    "absence": "badge-warning",
    "cancelled": "",
    "met": "badge-success",
    "not_met": "badge-warning",
}
MEETING_FORMS = {"in_person": "Fremmøde", "phone": "Telefon", "video": "Video"}
WISHES = {
    "occupation": "Ønsker job som",
    "disputed": "Er uenig i sporet",
    "cancelled": "Aflyste en tid",
    "absence": "Meldte afbud",
    "human": "Vil tale med et menneske",
}
QUESTIONS = {
    "no_assessment": "Selvvurderingen er ikke færdig. Hvad kan borgeren digitalt?",
    "no_track": "Der var for få svar til et forslag. Hvad kan borgeren digitalt?",
    "disputed": "Borgeren er uenig i sporet. Hvad ville passe bedre?",
    "borderline": "Svarene ligger tæt på grænsen mellem de to spor. Hvilket spor passer bedst?",
    "inconsistent": "Svarene peger i forskellige retninger. Hvordan går det med et par af dem?",
    "no_occupation": "Sporet er rettet mod et job, men borgeren har ikke fortalt, hvilket job det skal være.",
    "unanswered": "Hvordan går det med",
}
BOOKING_EVENTS = {
    "booked": "Booket",
    "moved": "Flyttet",
    "cancelled": "Aflyst",
    "absence": "Afbud efter fristen",
    "met": "Markeret som mødt op",
    "not_met": "Markeret som ikke mødt op",
}
OUTREACH_KINDS = {
    "reminder_day": "Påmindelse dagen før",
    "reminder_hours": "Påmindelse to timer før",
    "unfinished": "Spørgsmålene er ikke færdige",
    "invitation": "Invitation",
    "booked_by_staff": "Tiden er booket",
    "moved_by_staff": "Tiden er flyttet",
    "cancelled_by_staff": "Tiden er aflyst",
}
OUTREACH_STATES = {
    "waiting": "Venter",
    "handed_over": "På vej",
    "sent": "Sendt",
    "delivered": "Leveret",
    "in_chat": "Står i chatten",
    "failed": "Kunne ikke leveres",
    "dropped": "Ikke sendt",
}
OUTREACH_BADGES = {"delivered": "badge-success", "failed": "badge-error", "dropped": "badge-warning"}
ACTORS = {"citizen": "borgeren", "caseworker": "en medarbejder"}

INTENTS = {
    "open_chat": "Åbnede chatten",
    "empty_message": "Tom besked",
    "share_cpr": "Skrev noget hemmeligt, som er fjernet",
    "rate_chat": "Svarer, hvor tilfreds",
    "rate_help": "Bedømmer hjælpen fra et menneske",
    "ask_queue": "Spørger til køen",
    "leave_queue": "Vil ikke vente i køen",
    "ask_call": "Vil ringes op",
    "greet": "Hilser",
    "goodbye": "Siger farvel",
    "thank": "Siger tak",
    "affirm": "Ja",
    "deny": "Nej",
    "bot_challenge": "Spørger, om det er et menneske",
    "help": "Vil have hjælp",
    "feedback_negative": "Er utilfreds",
    "out_of_scope": "Noget andet",
    "start_assessment": "Vil begynde på spørgsmålene",
    "answer_cannot": "Svar: kan ikke",
    "answer_with_help": "Svar: med hjælp",
    "answer_independent": "Svar: på egen hånd",
    "answer_advanced": "Svar: sikkert, kan vise andre",
    "dont_know": "Ved ikke",
    "skip_question": "Springer over",
    "previous_question": "Vil tilbage",
    "explain_question": "Vil have forklaret spørgsmålet",
    "pause_assessment": "Vil holde pause",
    "resume_assessment": "Vil fortsætte",
    "restart": "Vil begynde forfra",
    "ask_result": "Spørger til resultatet",
    "ask_why_track": "Spørger, hvorfor det blev det spor",
    "dispute_track": "Er ikke enig i sporet",
    "ask_tracks": "Spørger, hvad sporene går ud på",
    "book_followup": "Vil booke en tid",
    "more_slots": "Vil se flere tider",
    "reschedule_booking": "Vil flytte tiden",
    "cancel_booking": "Vil aflyse tiden",
    "ask_booking": "Spørger til tiden",
    "inform": "Giver en oplysning",
    "talk_to_human": "Vil tale med et menneske",
    "crisis": "Tegn på krise",
    "opt_out": "Vil ikke have flere beskeder",
    "ask_privacy": "Spørger, hvad der bliver gemt",
    "export_data": "Vil have en kopi af sine oplysninger",
    "delete_data": "Vil have sine oplysninger slettet",
    "ask_language": "Taler et andet sprog",
    "ask_jobs": "Spørger efter job",
    "ask_courses": "Spørger efter kurser",
    "ask_benefits": "Spørger om ydelser",
}

ENTITIES = {
    "time": "Tidspunkt",
    "slot_choice": "Valg af tid",
    "correction": "Rettelse",
    "confirmed": "Bekræftelse",
    "spoken_language": "Sprog",
    "rating": "Tilfredshed",
}
CORRECTION_STATUSES = {
    "waiting": "Venter på træneren",
    "approved": "Godkendt",
    "rejected": "Ikke taget med",
}

_VERY_CERTAIN = 0.95


def intent(name: str | None) -> str:
    """What an intent is called; one that has no Danish name yet keeps its own."""
    return INTENTS.get(name, name) if name and is_understood(name) else "Ikke forstået"


def is_understood(intent_name: str | None) -> bool:
    """Whether a turn was taken for something."""
    return intent_name not in (None, NOT_UNDERSTOOD)


def track(names: Mapping[str, str], id: str | None) -> str:
    """What a track is called, given the municipality's names; None is a proposal of none."""
    return names.get(id, id) if id else TOO_FEW_ANSWERS


def answer(given: AssessmentAnswer) -> str:
    """An answer in the words of the scale."""
    if given.response is not None:
        return ANSWERS[given.response]
    return SKIPPED if given.skipped else DOES_NOT_KNOW


def certainty(share: float, *, borderline: bool) -> str:
    """How certain a proposal is, in one word and in percent."""
    word = "usikkert" if borderline else "meget sikkert" if share >= _VERY_CERTAIN else "ret sikkert"
    return f"{word} ({percent(share)})"


def grant(given: Grant, teams: Mapping[str, str]) -> str:
    """A role and where it is held, such as "Teamleder i Nord"."""
    role = ROLES[given.role]
    return f"{role} i {teams.get(given.team_id, given.team_id)}" if given.team_id else f"{role} i alle team"


def percent(confidence: float) -> str:
    """A share of one, such as "97 %"."""
    return f"{round(confidence * 100)} %"


def share(of_one: float) -> str:
    """A share of one with two decimals, such as "0,97"."""
    return f"{of_one:.2f}".replace(".", ",")


def number(count: int) -> str:
    """A large count, such as "29.526"."""
    return f"{count:,}".replace(",", ".")


def name_of(summary: Summary) -> str:
    """What a conversation is called: by its citizen, once they have told their name."""
    return summary.citizen.name if summary.citizen and summary.citizen.name else NAMELESS
