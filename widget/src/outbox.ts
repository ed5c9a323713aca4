import type { Memory } from './memory.js';
import type { Outgoing } from './protocol.js';

/** What the citizen has said and the server has not confirmed, in the order it was said. */
export class Outbox {
  private messages: readonly Outgoing[];

  constructor(private readonly memory: Memory) {
    this.messages = memory.unsent;
  }

  get all(): readonly Outgoing[] {
    return this.messages;
  }

  get first(): Outgoing | undefined {
    return this.messages[0];
  }

  add(message: Outgoing): void {
    this.keep([...this.messages, message]);
  }

  remove(id: string): void {
    this.keep(this.messages.filter((message) => message.id !== id));
  }

  private keep(messages: readonly Outgoing[]): void {
    this.messages = messages;
    this.memory.unsent = messages;
  }
}
