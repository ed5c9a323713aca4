const NEAR_END_PX = 48;
const TURN_MARGIN_PX = 12;

/** Keeps the newest of a scrolling log in view, unless its reader has gone further up. */
export class Follower {
  private log: HTMLElement | undefined;
  private isAtEnd = true;
  // The log shrinks when the input grows or a notice appears below it.
  private readonly resizes = new ResizeObserver(() => {
    if (this.isAtEnd) this.scrollTo(Infinity);
  });

  /** Takes the log to follow, or undefined when it is gone. */
  readonly attach = (log: Element | undefined): void => {
    this.resizes.disconnect();
    this.log = log as HTMLElement | undefined;
    this.isAtEnd = true;
    if (!this.log) return;
    this.resizes.observe(this.log);
    this.log.addEventListener('scroll', () => this.lookWhere(), { passive: true });
  };

  /** Follows the next messages again, wherever the reader is: they have just said something. */
  resume(): void {
    this.isAtEnd = true;
  }

  /** Shows what came since the turn began, and never so far down that the beginning of a long answer is passed over. */
  show(turn: HTMLElement | undefined, { mayMovePage }: { mayMovePage: boolean }): void {
    if (!this.log || !this.isAtEnd) return;
    // With little room it is not the log that scrolls, but the page.
    if (getComputedStyle(this.log).overflowY !== 'visible') this.scrollTo((turn?.offsetTop ?? 0) - TURN_MARGIN_PX);
    else if (mayMovePage) turn?.scrollIntoView();
  }

  private scrollTo(top: number): void {
    if (!this.log) return;
    this.log.scrollTop = Math.min(top, this.log.scrollHeight);
    this.lookWhere();
  }

  private lookWhere(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.log!;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }
}
