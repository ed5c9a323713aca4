"""What every answer says to a browser, whatever part of the backend gives it."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from backend.app import create_app

ANSWERS = {
    ("GET", "/"): 200,
    ("GET", "/chat"): 200,
    ("GET", "/health/live"): 200,
    ("GET", "/health/ready"): 200,
    ("GET", "/static/favicon.svg"): 200,
    ("GET", "/nothing/here"): 404,
    ("POST", "/"): 405,
    ("GET", "/api/v1/openapi.json"): 200,
    ("POST", "/api/v1/citizens"): 401,
    ("GET", "/api/v1/nothing/here"): 404,
    ("GET", "/console/sign-in"): 200,
    ("GET", "/console/nothing"): 303,
    ("POST", "/console/sign-in"): 403,
    ("GET", "/mine-data/nothing"): 200,
    ("GET", "/kvittering/nothing"): 404,
}


@pytest.mark.parametrize(("method", "path"), ANSWERS)
async def test_every_answer_has_the_headers(client, method, path):
    async with client.request(method, path, allow_redirects=False) as response:
        assert response.status == ANSWERS[method, path]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors" in policy
        assert "unsafe" not in policy
        assert response.headers["Server"] == "Digispor"
        assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("path", ["/api/v1/citizens", "/api/v1/nothing", "/console/sign-in", "/kvittering/x"])
async def test_what_is_told_of_citizens_is_kept_by_no_cache(client, path):
    assert (await client.get(path)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/api/v1/openapi.json", "/nothing"])
async def test_who_reaches_us_encrypted_comes_back_encrypted(settings, clock, path):
    app = create_app(settings.model_copy(update={"public_url": "https://digispor.kommune.example"}), clock)
    async with TestClient(TestServer(app)) as client:
        response = await client.get(path)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
