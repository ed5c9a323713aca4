"""Meetings with consultants: free times, holds, bookings, and the calendar file.

`opening_hours`, `rules`, `slot_filter`, `contact`, `invitation` and `calendar` are rules without I/O; `service`
applies them to what `repository` finds. That a slot is claimed once is the database's own constraint.
"""
