"""The audit log: who saw or changed what in the console, and when. Rows are added and never changed."""
