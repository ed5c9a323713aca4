// Listens for news about what the page shows, and says so; nothing moves before somebody asks for it.
(() => {
  const RETRY = 30000;
  let stream = null;
  let address = null;

  const place = () => document.getElementById("nyt");

  function tell(event) {
    const news = JSON.parse(event.data);
    const link = document.getElementById("nyt-vis");
    place().querySelector("[role=status]").textContent = news.text;
    link.textContent = news.show;
    link.hidden = false;
  }

  function stop() {
    if (stream) stream.close();
    stream = address = null;
  }

  // A page that nobody looks at takes no connection: a browser has few of them for all its tabs.
  function listen() {
    const wanted = document.hidden ? null : (place()?.dataset.stream ?? null);
    if (wanted === address) return;
    stop();
    if (!wanted) return;
    const opened = new EventSource(wanted);
    opened.addEventListener("news", tell);
    // A broken connection the browser mends by itself; an answer that is no stream it takes for the last word.
    opened.addEventListener("error", () => {
      if (opened.readyState !== EventSource.CLOSED || opened !== stream) return;
      stop();
      setTimeout(listen, RETRY);
    });
    stream = opened;
    address = wanted;
  }

  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", listen);
  document.addEventListener("htmx:afterSettle", (event) => {
    listen();
    const asked = event.detail.requestConfig?.elt;
    if (asked?.dataset.thenFocus) document.getElementById(asked.dataset.thenFocus)?.focus();
  });
  document.addEventListener("htmx:historyRestore", listen);
  listen();
})();
