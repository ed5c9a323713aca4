// Sound and a message from the browser when something happens on a desk that nobody looks at; only if asked for.
(() => {
  const CHOICE = "vagt-besked";
  const button = document.getElementById("vagt-besked");
  const answer = document.getElementById("vagt-besked-svar");
  let audio = null;
  let known = read();

  function read() {
    const { waiting, unanswered } = document.getElementById("vagt-lister").dataset;
    return { waiting: new Set(waiting.split(" ").filter(Boolean)), unanswered: Number(unanswered) };
  }

  const isOn = () => localStorage.getItem(CHOICE) === "ja";
  const mayNotify = () => "Notification" in window && Notification.permission === "granted";

  function show() {
    button.setAttribute("aria-pressed", String(isOn()));
  }

  // A browser lets a page make sound only after somebody has pressed something on it.
  function wakeSound() {
    audio ??= new AudioContext();
    audio.resume();
  }

  function ring() {
    if (!audio || audio.state !== "running") return;
    const [tone, volume, now] = [audio.createOscillator(), audio.createGain(), audio.currentTime];
    tone.frequency.setValueAtTime(660, now);
    tone.frequency.setValueAtTime(880, now + 0.15);
    volume.gain.setValueAtTime(0.15, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.45);
    tone.connect(volume).connect(audio.destination);
    tone.start(now);
    tone.stop(now + 0.5);
  }

  // It may stand on a locked screen, so it names nobody.
  function tell(text) {
    if (!isOn() || !document.hidden) return;
    ring();
    if (!mayNotify()) return;
    const shown = new Notification(text, { tag: "vagt" });
    shown.addEventListener("click", () => focus());
  }

  button.addEventListener("click", async () => {
    if (isOn()) {
      localStorage.removeItem(CHOICE);
      answer.textContent = "Lyd og besked er slået fra.";
      show();
      return;
    }
    localStorage.setItem(CHOICE, "ja");
    wakeSound();
    show();
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    answer.textContent = mayNotify()
      ? "Du får lyd og besked, når siden ikke er fremme."
      : "Du får lyd, når siden ikke er fremme. Browseren viser ikke beskeder fra siden.";
  });
  document.addEventListener("pointerdown", () => isOn() && wakeSound());
  document.addEventListener("keydown", () => isOn() && wakeSound());
  document.addEventListener("htmx:afterSettle", () => {
    const now = read();
    if ([...now.waiting].some((id) => !known.waiting.has(id))) tell("En borger venter på vagten.");
    else if (now.unanswered > known.unanswered) tell("En borger har skrevet til dig.");
    known = now;
  });

  button.hidden = false;
  show();
})();
