"""The result of an assessment: the profile, the proposed track and the reasons for it."""

from actions.backend_client import backend
from actions.backend_models import AreaResult, Placement, Result, Track
from actions.base import DialogueAction
from actions.citizens import citizen_id_of
from actions.turn import Turn


async def say_result(turn: Turn, assessment_id: str) -> bool:
    """Says the profile and the proposal.

    Returns:
        Whether the proposal needs to know which job the citizen would like.

    Raises:
        BackendError: The result could not be read; nothing has been said then.
    """
    turn.attempting("utter_result_unavailable")
    result = await backend().result(assessment_id)
    tracks = await backend().tracks()
    _say_profile(turn, result)
    placement = result.placement
    track = _track_of(placement, tracks)
    is_proposal = placement is not None and placement.status == "proposed"
    if placement is None or track is None or (is_proposal and not result.enough_answers):
        turn.say("utter_too_few_answers")
        return False
    _say_placement(turn, placement, track)
    return placement.needs_occupation


def _say_profile(turn: Turn, result: Result) -> None:
    areas = "\n".join(_area_line(area) for area in result.areas)
    # On the web the areas stand here and not in the message, so they come in words for the transcript too.
    shown = {
        "type": "profile",
        "areas": [{"name": area.name, "percent": area.percent} for area in result.areas],
        "text": areas,
    }
    if result.strongest and result.hardest:
        turn.say(
            "utter_profile",
            custom=shown,
            areas=areas,
            strongest=result.strongest,
            hardest=result.hardest,
        )
    else:
        turn.say("utter_profile_without_extremes", custom=shown, areas=areas)


def _area_line(area: AreaResult) -> str:
    name = area.name[:1].upper() + area.name[1:]
    return f"{name}: {_share(area)}"


def _share(area: AreaResult) -> str:
    return f"{area.percent} %" if area.percent is not None else "ikke besvaret"


def _say_placement(turn: Turn, placement: Placement, track: Track) -> None:
    if placement.status == "proposed":
        turn.say("utter_proposal", track=track.name, description=track.description, why=_why(placement))
    else:
        turn.say("utter_placement_decided", track=track.name, description=track.description)


def _why(placement: Placement) -> str:
    return " ".join(part for part in [*placement.reasons, placement.counterfactual] if part)


def _track_of(placement: Placement | None, tracks: list[Track]) -> Track | None:
    wanted = placement.track if placement else None
    return next((track for track in tracks if track.id == wanted), None)


class ShowResult(DialogueAction):
    """The citizen asks how it went."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_show_result"

    async def act(self, turn: Turn) -> None:
        """Shows the newest result, or says how to get one."""
        turn.attempting("utter_result_unavailable")
        placements = await backend().placements(await citizen_id_of(turn))
        if not placements:
            _say_no_result(turn)
        elif await say_result(turn, placements[0].assessment_id) and turn.active_form is None:
            turn.next_action("occupation_form")


class ShowWhyTrack(DialogueAction):
    """The citizen asks why this track was proposed."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_show_why_track"

    async def act(self, turn: Turn) -> None:
        """Says the reasons of the newest proposal, and who decides: that is often what was asked."""
        turn.attempting("utter_result_unavailable")
        placement = await newest_placement(turn)
        if placement is None:
            turn.say("utter_who_decides")
            _say_no_result(turn)
        elif placement.track is None:
            turn.say("utter_too_few_answers")
        elif placement.status == "proposed":
            turn.say("utter_why_track", why=_why(placement))
        else:
            await _say_why_decided(turn, placement)


class ShowTracks(DialogueAction):
    """The citizen asks what the tracks are."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_show_tracks"

    async def act(self, turn: Turn) -> None:
        """Describes each track."""
        turn.attempting("utter_tracks_unavailable")
        tracks = await backend().tracks()
        described = "\n".join(f"{track.name}. {track.description} {track.for_whom}" for track in tracks)
        turn.say("utter_tracks", tracks=described)


async def _say_why_decided(turn: Turn, placement: Placement) -> None:
    track = _track_of(placement, await backend().tracks())
    name = track.name if track else placement.track
    if placement.status == "confirmed":
        turn.say("utter_why_confirmed", why=_why(placement), track=name)
    elif not (await backend().result(placement.assessment_id)).enough_answers:
        turn.say("utter_why_changed_unproposed", track=name)
    else:
        # The reasons that are stored are those of the proposal, and speak for the other track.
        turn.say("utter_why_changed", track=name)


async def newest_placement(turn: Turn) -> Placement | None:
    """Gives the citizen's newest proposal.

    Raises:
        BackendError: The backend could not be asked.
    """
    placements = await backend().placements(await citizen_id_of(turn))
    return placements[0] if placements else None


def _say_no_result(turn: Turn) -> None:
    turn.say("utter_result_not_ready" if turn.active_form == "assessment_form" else "utter_no_result")
