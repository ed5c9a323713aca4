"""The console: where caseworkers read conversations, and confirm or change what was proposed.

`application` puts it together as an aiohttp application of its own below /console. `guard` stands before
every page: nobody passes without having signed in, no form is taken without its token, and every answer
carries a strict policy. `accounts` knows the caseworkers and their sessions; the pages (`sign_in`,
`conversations`, `decisions`) ask the services of the other `rooms` and fill templates. `words` has the Danish
for what those call things.
"""
