"""The web channel: Socket.IO between the chat widget and Rasa.

| direction | event | data |
|---|---|---|
| client -> server | `session_request` | {token, after?, link?} |
| server -> client | `session_confirm` | {token, resumed, after, history: [Message]} |
| client -> server | `user_uttered` | {id, text, easy?} or {id, button: {title, payload, signature}, easy?} |
| server -> client | `bot_uttered` | Message |
| server -> client | `bot_typing` | {typing, author?} |
| client -> server | `user_typing` | {} |

Message: {from: "bot" or "citizen", author?, text, at, id, buttons?: [{title, payload, signature}], custom?}.
`author` is the person who wrote in the bot's place. For such a message, and for a history that holds any, the
server asks for an acknowledgement, by which caseworkers see that it has arrived. `at` is
epoch seconds. `id` is the same wherever and however often the message arrives; a client chooses that of its
own: 1 to 100 letters, digits or "_.:-", at least one of them a letter. A citizen's message is also sent to
the citizen's other tabs. In a history, only the latest message, when it is the bot's, has buttons. A new
conversation is opened by the bot, as soon as the session is confirmed.

`after` is the id of the latest message that a client has, whole and in order. The history then begins behind
it; an `after` of null in the confirmation says that the history is not a continuation but takes the place of
everything. `link` is the code of a one-time link that the page was opened with; it comes before the token.
`easy` says that the citizen wants the easier wording of questions.

`user_uttered` is acknowledged with {ok: true, text?} when the turn is stored, so a client that heard no
acknowledgement can safely send the message again, with the same id, once it has its session back. `text` is
what was stored, when something was hidden in what was typed; a client shows that from then on. {ok: false,
error} says that it was not taken: "no-session", "invalid", "unknown-button" or "unavailable". With the last
may come {slower: true}: it was only too much at once. What is unavailable is kept by a client and sent again.

A conversation that its citizen has had erased is confirmed with one message, which says so and leads to the
receipt, until the citizen writes something: that begins it anew. A button from before is then acknowledged,
not taken, and answered with that confirmation.

`bot_typing` with an author says that this person is writing, and holds for six seconds; without one it holds
until it is ended. `user_typing` is acknowledged with {ok: true, seen}: whether a person sees it. A client
tells it every three seconds while the citizen writes and a person sees it, and otherwise once in a while.
"""

from bot.channels.web.channel import WebInput

__all__ = ["WebInput"]
