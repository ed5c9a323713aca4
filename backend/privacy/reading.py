"""A citizen's data as a person reads it: headings and tables in plain Danish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend import danish
from backend.assessment.item_bank import ItemBank
from backend.booking.contact import spoken_phone
from backend.console import audit_words, words
from backend.privacy.holdings import Row, Rows
from backend.privacy.words import CAUSES, CHOSEN_UNPROPOSED, PLACEMENT_EVENTS, READERS_DID

_NOTHING = "Ikke oplyst"
_HANDOVERS = {
    "asked": "Du bad om et menneske",
    "not_understood": "Robotten forstod dig ikke, og du ville have et menneske",
    "annoyed": "Robotten hjalp dig ikke godt nok, og du ville have et menneske",
    "crisis": "Du havde det svært og havde brug for et menneske",
    "stepped_in": "En medarbejder ville skrive med dig",
}
_ENDINGS = {
    "answered": "Medarbejderen havde svaret",
    "handed_back": "Robotten overtog igen",
    "left": "Du ville ikke vente længere",
    "call_instead": "Du ville ringes op i stedet",
    "nobody": "Der var ikke nogen, der kunne svare",
    "not_taken": "Det lykkedes ikke",
}
_REQUESTS = {"export": "En kopi", "erasure": "Sletning"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page.

    Attributes:
        title: Its heading.
        about: What it is.
        columns: What stands over the columns.
        rows: The rows; none says that there is nothing.
    """

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | None]]


class Reading:
    """Makes the parts.

    Args:
        rows: Everything that is stored.
        bank: The questions of the self-assessment.
        tracks: What the tracks are called, by id.
    """

    def __init__(self, rows: Rows, bank: ItemBank, tracks: Mapping[str, str]) -> None:
        self._rows = rows
        self._questions = {item.id: f"Hvor godt kan du {item.text}?" for item in bank.items}
        self._tracks = tracks
        self._slots = {slot["id"]: slot for slot in rows.get("slots", [])}
        self._consultants = {one["id"]: one["name"] for one in rows.get("consultants", [])}

    def parts(self) -> list[Part]:
        """Every part, in the order of the page."""
        return [
            self._about_you(),
            self._said(),
            self._answers(),
            self._placements(),
            self._bookings(),
            self._messages(),
            self._persons(),
            self._staff(),
            self._corrections(),
            self._requests(),
            self._readers(),
        ]

    def _about_you(self) -> Part:
        rows: list[list[str]] = []
        for citizen in self._of("citizens"):
            rows += [
                ["Navn", citizen["name"] or _NOTHING],
                ["Telefon", spoken_phone(citizen["phone"]) if citizen["phone"] else _NOTHING],
                ["Det job, du gerne vil have", citizen["wished_occupation"] or _NOTHING],
                ["Første gang her", _at(citizen["created_at"])],
            ]
        rows += [["Samtalen begyndte", _at(one["started_at"])] for one in self._of("conversations")]
        rows += [
            ["Beskeder fra os", "Ja tak" if one["wanted"] else "Nej tak"]
            for one in self._of("contact_wishes")
        ]
        rows += [
            ["Din mening om chatten", words.RATINGS[one["rating"]]]
            for one in self._of("conversation_ratings")
        ]
        return Part("Om dig", "Det, du har fortalt, og hvornår.", ("Hvad", "Oplysning"), rows)

    def _said(self) -> Part:
        said = [
            [
                _at(turn["occurred_at"]),
                "Dig" if turn["speaker"] == "citizen" else turn["author"] or "Robotten",
                turn["text"],
                words.INTENTS.get(turn["intent"], turn["intent"] or "")
                if turn["speaker"] == "citizen"
                else "",
            ]
            for turn in self._of("conversation_turns")
        ]
        about = "Samtalen ord for ord, og hvad robotten forstod."
        return Part("Det, der er sagt", about, ("Tid", "Hvem", "Hvad", "Forstået som"), said)

    def _answers(self) -> Part:
        rows = [
            [
                _at(one["created_at"]),
                self._questions.get(one["item_id"], one["item_id"]),
                _answer(one),
                "Ja" if one["withdrawn_at"] else "",
            ]
            for one in self._of("assessment_answers")
        ]
        columns = ("Tid", "Spørgsmål", "Dit svar", "Taget tilbage")
        return Part("Din selvvurdering", "Hvert svar, også dem, du har rettet.", columns, rows)

    def _placements(self) -> Part:
        by_id = {one["id"]: one for one in self._of("placements")}
        rows = []
        events = self._of("placement_events")
        proposed = {one["placement_id"] for one in events if one["kind"] == "proposed" and one["track"]}
        for event in events:
            placement = by_id[event["placement_id"]]
            why = [*placement["reasons"], placement["counterfactual"]] if event["kind"] == "proposed" else []
            told = " ".join(part for part in (*why, event["reason"]) if part)
            track = words.track(self._tracks, event["track"])
            who = "" if event["kind"] in ("proposed", "disputed") else event["actor"]
            what = PLACEMENT_EVENTS[event["kind"]]
            if event["kind"] == "changed" and placement["id"] not in proposed:
                what = CHOSEN_UNPROPOSED
            rows.append([_at(event["created_at"]), what, track, told, who])
        about = "Forslaget, din mening om det, og hvad en medarbejder har besluttet."
        return Part("Dit spor", about, ("Tid", "Hvad", "Spor", "Hvorfor", "Hvem"), rows)

    def _bookings(self) -> Part:
        rows = [
            [
                _at(change["at"]),
                words.BOOKING_EVENTS.get(change["kind"], change["kind"]),
                self._meeting(change["slot_id"]),
                change["by"] or "Dig",
                change["reason"] or "",
            ]
            for change in self._of("booking_changes")
        ]
        rows += [
            [_at(hold["created_at"]), "Holdt til dig", self._meeting(hold["slot_id"]), "Dig", ""]
            for hold in self._of("holds")
        ]
        columns = ("Tid", "Hvad", "Mødet", "Hvem", "Besked")
        return Part("Dine tider", "Alt, hvad der er sket med dine tider.", columns, rows)

    def _messages(self) -> Part:
        rows: list[list[str | None]] = [
            [
                _at(one["created_at"]),
                words.OUTREACH_KINDS.get(one["kind"], one["kind"]),
                words.OUTREACH_STATES.get(one["state"], one["state"]),
                " ".join(one["values"].values()),
            ]
            for one in self._of("outreach_messages")
        ]
        for one in self._of("sms_deliveries"):
            rows.append(["", "Svar på sms", words.OUTREACH_STATES[one["state"]], ""])
        columns = ("Tid", "Hvad", "Hvordan det gik", "Indhold")
        return Part("Beskeder til dig", "Beskeder, du ikke selv har bedt om.", columns, rows)

    def _persons(self) -> Part:
        rows: list[list[str | None]] = []
        for one in self._of("handovers"):
            who = one["owner_name"] or ""
            told = f"Robotten fortalte, at {one['passed_on']}." if one["passed_on"] else ""
            rows.append([_at(one["asked_at"]), _HANDOVERS[one["reason"]], told, ""])
            if one["taken_at"]:
                rows.append([_at(one["taken_at"]), "En medarbejder svarede", "", who])
            if one["closed_at"]:
                rows.append([_at(one["closed_at"]), "Det sluttede", _ENDINGS[one["outcome"]], who])
            if one["cause"]:
                rows.append(["", "Hvorfor robotten ikke var nok", CAUSES[one["cause"]], who])
            if one["helped"] is not None:
                rows.append(["", "Fik du hjælp?", "Ja" if one["helped"] else "Nej", ""])
            if one["citizen_typed_at"]:
                rows.append([_at(one["citizen_typed_at"]), "Her var du sidst ved at skrive", "", ""])
        rows += [
            [_at(one["created_at"]), "Besked til dig", one["text"], one["author_name"]]
            for one in self._of("desk_messages")
            if one["text"]
        ]
        for one in self._of("call_requests"):
            rows.append([_at(one["asked_at"]), "Ring mig op", spoken_phone(one["phone"]), ""])
            if one["called_at"]:
                rows.append([_at(one["called_at"]), "Ringet op", "", one["called_by"]])
        about = "Hver gang du har bedt om et menneske, eller en medarbejder har skrevet til dig."
        return Part("Når du har talt med en medarbejder", about, ("Tid", "Hvad", "Tekst", "Hvem"), rows)

    def _staff(self) -> Part:
        rows = [
            [_at(note["written_at"]), "Note", note["text"], note["written_by"]]
            for note in self._of("conversation_notes")
        ]
        rows += [
            [_at(one["raised_at"]), words.FLAGS[one["kind"]], one["note"] or "", one["acknowledged_by"] or ""]
            for one in self._of("conversation_flags")
        ]
        rows += [
            [_at(event["at"]), "Besked mellem medarbejdere", event["note"], event["actor"]]
            for event in self._of("handover_events")
            if event["kind"] == "whispered"
        ]
        rows += [["", "Mærke", one["tag"], ""] for one in self._of("conversation_tags")]
        for review in self._of("conversation_reviews"):
            if review["rating"]:
                theme = words.REVIEW_THEMES.get(review["theme"], "")
                told = ". ".join(part for part in (words.QUALITIES[review["rating"]], theme) if part)
                rows.append(["", "Vurdering af robotten", told, review["rated_by"] or ""])
            if review["flagged_at"]:
                rows.append([_at(review["flagged_at"]), "Markeret til kolleger", "", review["flagged_by"]])
        about = "Noter, mærker og andet, medarbejdere eller robotten har skrevet om samtalen."
        return Part("Det, vi har noteret", about, ("Tid", "Hvad", "Tekst", "Hvem"), rows)

    def _corrections(self) -> Part:
        rows = [
            [
                _at(one["made_at"]),
                one["text"],
                words.INTENTS.get(one["intent"], one["intent"]),
                one["made_by"],
            ]
            for one in self._of("corrections")
        ]
        about = (
            "Beskeder, som robotten misforstod, og som en medarbejder har rettet uden dine personoplysninger."
        )
        return Part("Rettelser af robotten", about, ("Tid", "Besked", "Du mente", "Hvem"), rows)

    def _requests(self) -> Part:
        rows = [
            [
                _at(one["made_at"]),
                _REQUESTS[one["kind"]],
                _at(one["closed_at"]) if one["closed_at"] else "Ikke endnu",
            ]
            for one in self._of("rights_requests")
        ]
        return Part("Det, du har bedt om", "Dine ønsker om dine data.", ("Tid", "Hvad", "Færdig"), rows)

    def _readers(self) -> Part:
        rows = [
            [
                _at(one["at"]),
                danish.enumerate_words([words.ROLES[role] for role in one["roles"]]) or "Medarbejder",
                _did(one),
                "I en liste med flere borgere" if one["in_a_list"] else "",
            ]
            for one in self._of("readers")
        ]
        about = "Hver gang en medarbejder har set eller ændret noget. Vi fortæller rollen og ikke navnet."
        return Part("Hvem har set dine oplysninger", about, ("Tid", "Rolle", "Hvad", "Bemærkning"), rows)

    def _of(self, table: str) -> list[Row]:
        return self._rows.get(table, [])

    def _meeting(self, slot_id: str) -> str:
        slot = self._slots[slot_id]
        when = danish.day_and_span(_moment(slot["starts_at"]), _moment(slot["ends_at"]))
        where = slot["place"] or words.MEETING_FORMS[slot["meeting_form"]]
        return f"{when}, {where}, {self._consultants[slot['consultant_id']]}"


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _at(written: str) -> str:
    return danish.full_date_and_clock(_moment(written))


def _did(reader: Row) -> str:
    page = audit_words.ACTIONS.get(reader["action"], reader["action"])
    return READERS_DID[reader["outcome"]].format(page=page)


def _answer(row: Row) -> str:
    if row["skipped"]:
        return words.SKIPPED
    return words.DOES_NOT_KNOW if row["response"] is None else words.ANSWERS[row["response"]]
