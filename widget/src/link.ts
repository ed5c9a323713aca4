/** Takes the code of a one-time link out of the page's address, so that it is neither bookmarked nor passed on. */
export function takeLink(): string | undefined {
  const code = /^#l=([\w-]{1,100})$/.exec(location.hash)?.[1];
  if (code) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}
