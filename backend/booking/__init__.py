"""Meetings with consultants: free times, holds, bookings, and the calendar file.

The rules have no I/O (`opening_hours`, `rules`, `slot_filter`, `contact`, `texts`, `calendar`); `service`
applies them to what `repository` finds. That a slot is claimed once is the database's own constraint.
"""
