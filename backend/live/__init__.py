"""What is new, told while it happens.

Whoever writes something that others want to hear of takes the next number of change with it (`changes`). One
task in each process sees that the number has grown (`watch`) and wakes those who listen; each then asks the
database what is new for them, within their own teams, and tells it as server-sent events (`stream`).
"""
