from backend import demo
from backend.tracks.tables import Track


async def test_the_demo_has_two_tracks_told_in_order(client, auth, database, settings):
    await demo.seed(database, settings)
    tracks = (await (await client.get("/api/v1/tracks", headers=auth())).json())["tracks"]
    assert [track["id"] for track in tracks] == ["foundation", "employer_pilot"]
    assert tracks[0]["name"] == "Spor 1: Digitalt løft"
    assert all(track[field] for track in tracks for field in ("description", "for_whom", "leads_to"))


async def test_seeding_again_keeps_what_the_municipality_has_rewritten(database, settings, client, auth):
    await demo.seed(database, settings)
    async with database.write() as work:
        track = await work.session.get(Track, "foundation")
        track.description = "Vores egne ord"
        await work.commit()
    await demo.seed(database, settings)
    tracks = (await (await client.get("/api/v1/tracks", headers=auth())).json())["tracks"]
    assert tracks[0]["description"] == "Vores egne ord"
    assert len(tracks) == 2
