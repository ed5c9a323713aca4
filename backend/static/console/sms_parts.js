// How many SMS a text is sent and paid as; the same rule as bot/channels/sms/gsm.py, which the tests hold it to.
const smsParts = (() => {
  const BASIC = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
      "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
  );
  const EXTENDED = new Set("\f^{}\\[~]|€");
  const MOST_PARTS = 2;
  const CUTS = [/\n+/gu, /[.!?]\s+/gu, /\s+/gu];

  const plain = (text) =>
    text
      .replace(/[“”„‟«»″]/gu, '"')
      .replace(/[‘’‚‛′`´]/gu, "'")
      .replace(/[‐‑‒–—―−•·]/gu, "-")
      .replace(/[\u00a0\u2007\u2009\u202f\t]/gu, " ")
      .replace(/[\u00ad\u200b\ufeff]/gu, "")
      .replaceAll("…", "...");

  const isGsm = (characters) => characters.every((one) => BASIC.has(one) || EXTENDED.has(one));

  function parts(characters) {
    const gsm = isGsm(characters);
    const [alone, joined] = gsm ? [160, 153] : [70, 67];
    const widths = characters.map((one) => (gsm ? (EXTENDED.has(one) ? 2 : 1) : one.length));
    if (widths.reduce((sum, width) => sum + width, 0) <= alone) return 1;
    let count = 1;
    let used = 0;
    for (const width of widths) {
      // A character of two places is never split between parts, so a part may end one place short.
      if (used + width > joined) {
        count += 1;
        used = 0;
      }
      used += width;
    }
    return count;
  }

  const fits = (characters) => parts(characters) <= MOST_PARTS;

  // Where to cut a text that does not fit; `characters` and the cut count characters, not code units.
  function cut(characters) {
    let longest = characters.length - 1;
    while (!fits(characters.slice(0, longest))) longest -= 1;
    const considered = characters.slice(0, longest + 1).join("");
    for (const pattern of CUTS) {
      const ends = [...considered.matchAll(pattern)].map(
        (match) => [...considered.slice(0, match.index + match[0].length)].length,
      );
      if (ends.length && ends.at(-1) >= Math.floor(longest / 2)) return Math.min(ends.at(-1), longest);
    }
    return longest;
  }

  // A long text goes out as several messages of at most two parts each.
  return (text) => {
    let rest = [...plain(text).trim()];
    let count = 0;
    while (!fits(rest)) {
      const end = cut(rest);
      count += parts([...rest.slice(0, end).join("").trim()]);
      rest = [...rest.slice(end).join("").trim()];
    }
    return count + (rest.length ? parts(rest) : 0);
  };
})();
