"""The page for administrators: what is deleted when and why, and what the latest runs have done."""

from aiohttp import web

from backend.console.page import render
from backend.console.rights import Right, needs
from backend.keys import DATABASE, POLICY
from backend.retention import words as retention_words
from backend.retention.ledger import Ledger
from backend.retention.policy import Kind

routes = web.RouteTableDef()

_RUNS_SHOWN = 14


@routes.get("/deletion", name="deletion")
@needs(Right.ADMINISTER)
async def show_deletion(request: web.Request) -> web.Response:
    """Every kind with its time, and the latest runs."""
    async with request.config_dict[DATABASE].read() as work:
        ledger = Ledger(work.session)
        runs = await ledger.latest(_RUNS_SHOWN)
        reports = await ledger.reports(runs)
    latest = next((reports[run.id] for run in runs if run.ended_at), {})
    context = {
        "kinds": list(Kind),
        "policy": request.config_dict[POLICY],
        "retention_words": retention_words,
        "runs": runs,
        "reports": reports,
        "latest": latest,
    }
    return render(request, "deletion.html", context)
