"""What has waited for a caseworker too long, for those who lead a team."""
