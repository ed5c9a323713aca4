// Keeps the desk's page true: hears in which part something is new, gets it, and keeps what is being written.
(() => {
  const LIFE = 30000;
  const RETRY = 3000;
  const TYPING_EVERY = 3000;
  const TYPING_LASTS = 6000;
  const LOST = "Forbindelsen er væk. Siden prøver igen af sig selv. Det, du har skrevet, bliver stående.";
  const SIGNED_OUT = "Du er logget ud. Kopiér det, du har skrevet, og hent siden igen for at logge ind.";
  const NOT_SENT = ["Beskeden kunne ikke sendes", "Den står stadig i feltet. Prøv igen om lidt."];
  const desk = document.getElementById("vagt");
  const log = document.getElementById("log");
  const form = document.getElementById("skriv-form");
  const field = document.getElementById("skriv");
  let told = {};
  let typingEnds;
  const got = {};
  const busy = new Map();

  function say(text) {
    const place = document.getElementById("vagt-forbindelse");
    if (place.textContent !== text) place.textContent = text;
  }

  // ---- What is new: the stream tells a mark of each part, the page gets those that differ from its own.

  const part = (name) => document.querySelector(`[data-part="${name}"]`);
  const getter = (name) => (name === "lists" ? part(name) : document.getElementById("hent"));

  function settle() {
    for (const [name, mark] of Object.entries(told)) {
      if (!part(name) || part(name).dataset.pulse === mark || got[name] === mark || busy.has(name)) continue;
      fetchPart(name, mark);
    }
  }

  function fetchPart(name, mark) {
    busy.set(name, mark);
    htmx.trigger(getter(name), "nyt");
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    const name = { "vagt-lister": "lists", hent: "conversation" }[event.detail.requestConfig.elt.id];
    if (!name) return;
    if (event.detail.successful) got[name] = busy.get(name);
    // What was being written has come with it.
    if (name === "conversation" && event.detail.xhr.responseText.includes('class="turn citizen"')) showTyping();
    busy.delete(name);
    setTimeout(settle, event.detail.successful ? 0 : RETRY);
  });

  function listen() {
    const stream = new EventSource(desk.dataset.stream);
    stream.addEventListener("open", () => say(""));
    stream.addEventListener("news", (event) => {
      const { typing } = told;
      told = JSON.parse(event.data);
      if (told.typing !== typing) showTyping(told.typing);
      settle();
    });
    // A broken connection the browser mends by itself; an answer that is no stream it takes for the last word.
    stream.addEventListener("error", () => {
      say(LOST);
      if (stream.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, RETRY);
      showLife();
    });
    addEventListener("pagehide", () => stream.close(), { once: true });
  }

  // ---- Who is writing

  function showTyping(isTyping) {
    const place = document.getElementById("borger-skriver");
    if (!place) return;
    clearTimeout(typingEnds);
    place.textContent = isTyping ? "Borgeren skriver …" : "";
    if (isTyping) typingEnds = setTimeout(showTyping, TYPING_LASTS);
  }

  let mayTell = 0;
  function tellTyping() {
    if (!form.dataset.typing || !field.value || Date.now() < mayTell) return;
    mayTell = Date.now() + TYPING_EVERY;
    post(form.dataset.typing).catch(() => {});
  }

  function post(address) {
    const token = document.querySelector("#vagt-til [name=csrf_token]");
    const body = new URLSearchParams({ csrf_token: token.value });
    return fetch(address, { method: "POST", body, redirect: "manual", headers: { "X-By-Itself": "1" } });
  }

  async function showLife() {
    try {
      const answer = await post(desk.dataset.life);
      if (answer.type === "opaqueredirect" || answer.status === 403) return say(SIGNED_OUT);
      // Waiting times move on without anything happening.
      if (answer.ok && !busy.has("lists")) fetchPart("lists", told.lists);
    } catch {
      say(LOST);
    }
  }

  setInterval(showLife, LIFE);
  document.addEventListener("visibilitychange", () => document.hidden || showLife());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  listen();

  if (!form) return;

  // ---- What is written

  const draft = `vagt-kladde-${form.dataset.conversation}`;
  const error = document.getElementById("fejl");
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const toEnd = () => log.scrollTo(0, log.scrollHeight);

  function keepDraft() {
    if (field.value) sessionStorage.setItem(draft, field.value);
    else sessionStorage.removeItem(draft);
    countSms();
  }

  function countSms() {
    const counted = document.getElementById("antal-sms");
    if (!counted) return;
    const count = field.value.trim() ? smsParts(field.dataset.smsPrefix + field.value.trim()) : 0;
    counted.textContent = count ? (count === 1 ? "1 sms" : `${count} sms'er`) : "Borgeren får den på sms.";
  }

  function fail(heading, explanation) {
    error.querySelector(".alert-heading").textContent = heading;
    error.querySelector(".alert-text").textContent = explanation;
    error.hidden = false;
  }

  // An answer that is no part of the page is one that says what went wrong.
  function failWith(source) {
    const main = new DOMParser().parseFromString(source, "text/html").querySelector("main");
    const texts = ["h1", "p"].map((name) => main?.querySelector(name)?.textContent.trim());
    fail(...(texts[0] && texts[1] ? texts : NOT_SENT));
  }

  function lock(sent, isLocked) {
    for (const one of sent.querySelectorAll("textarea")) one.readOnly = isLocked;
    sent.toggleAttribute("data-sending", isLocked);
  }

  // Before htmx hears of it: what is on its way is not sent again.
  document.addEventListener(
    "submit",
    (event) => {
      const sent = event.target;
      if (!sent.hasAttribute("hx-post")) return;
      if (sent.hasAttribute("data-sending")) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      lock(sent, true);
      error.hidden = true;
    },
    true,
  );

  document.addEventListener("htmx:afterRequest", (event) => {
    const sent = event.detail.requestConfig.elt;
    if (!sent.hasAttribute("hx-post")) return;
    lock(sent, false);
    if (!event.detail.successful) {
      failWith(event.detail.xhr?.responseText ?? "");
      return;
    }
    for (const one of sent.querySelectorAll("textarea")) one.value = "";
    keepDraft();
    if (sent === form) toEnd();
  });

  let wasAtEnd = true;
  document.addEventListener("htmx:beforeSwap", () => (wasAtEnd = isAtEnd()));
  document.addEventListener("htmx:afterSettle", () => wasAtEnd && toEnd());

  field.addEventListener("input", keepDraft);
  field.addEventListener("input", tellTyping);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || event.target.tagName !== "TEXTAREA") return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  for (const link of document.querySelectorAll("[data-answer]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const before = field.value && !/\s$/u.test(field.value) ? `${field.value} ` : field.value;
      field.value = before + link.dataset.answer;
      keepDraft();
      field.focus();
    });
  }
  // What was written of a citizen does not stay in a browser that somebody leaves.
  document.querySelector(".top-person").addEventListener("submit", () => sessionStorage.clear());

  if (!field.value) field.value = sessionStorage.getItem(draft) ?? "";
  countSms();
  toEnd();
})();
