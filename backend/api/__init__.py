'''The HTTP API below /api/v1, and how a room adds routes.

A route is declared once; the declaration validates, authorises, makes writes idempotent, opens the
transaction and writes the OpenAPI document. In `backend/api/<topic>.py`:

    routes = Routes("holds")

    class HoldIn(RequestModel):            # strict, unknown fields are refused
        citizen_id: Id
        slot_id: Id

    class HoldOut(ResponseModel):          # HoldOut(...), or HoldOut.model_validate(hold)
        id: Id
        expires_at: Timestamp

    @routes.post("/holds", status=201, problems=[NotFound, SlotTaken])
    async def hold_slot(call: Call, body: HoldIn) -> HoldOut:
        """Reserves a slot for ten minutes."""
        rules = BookingRules.of(call.settings, call.municipality)
        service = BookingService(BookingRepository(call.session), rules, call.now)
        return HoldOut.model_validate(await service.hold(body.citizen_id, body.slot_id))

    @routes.delete("/holds/{hold_id}", status=204)
    async def release_hold(call: Call, hold_id: Id) -> None:
        """Gives a reserved slot back."""

Then add the module's `routes` to `API_ROUTES` in `backend/app.py`.

- Parameters are found by name: `call`, the path's parameters, `query: <QueryModel>`, `body: <RequestModel>`.
- `call` has `session` (the request's transaction), `now`, `settings`, `municipality`, and `app` for other
  AppKeys.
- The transaction is committed when the handler returns and rolled back when it raises; never commit
  yourself. The answer is sent only after the commit. To answer, all attributes must be loaded
  (`await session.flush()` and `refresh` give generated ones); lazy loading does not exist in async code.
- Refusals are raised, not returned: classes of `backend/problems.py`, or a room's own in
  `backend/<room>/problems.py`, such as
  `class SlotTaken(Conflict): slug, title = "slot-taken", "The slot is taken"`. List them in
  `problems=[...]`.
- Several statuses: `status=(201, 200)` and `-> Reply[HoldOut]`, `return Reply(200, HoldOut(...))`.
- No JSON: `media_type="text/calendar"` and `-> File`, `return File(text, "afbud.ics")`.
- `public=True` needs no bearer token; `idempotency_key=False` is for a write that is idempotent by itself;
  `max_body=` in bytes (64 KB unless told).
- A query list is written with commas: `weekdays: CommaList[Weekday] = ()`.
- An id in a path that cannot be an id is 404; an unknown id in a body is the service's NotFound.
- Only successful answers are kept under an Idempotency-Key: a refused write left nothing to repeat.
'''
