import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { Button } from '../src/protocol.js';

interface Uttered {
  id: string;
  text?: string;
  button?: Button;
}

type Acknowledge = (answer: unknown) => void;

/** A small chat server that speaks the web channel's protocol over real sockets and remembers every conversation. */
export class ChatServer {
  /** Every message that was taken in, in order, each once. */
  readonly heard: Uttered[] = [];
  /** Ids of every message that arrived, repeats too. */
  readonly arrived: string[] = [];
  readonly tokens: unknown[] = [];
  /** What to answer instead of taking the next messages in: an error, or null for no answer at all. */
  readonly refusals: (string | null)[] = [];
  /** Whether to take the next message in and then break the connection before it is acknowledged. */
  breaksBeforeAcknowledging = false;
  /** Whether requests for a session are left unanswered, as on a connection that has died. */
  isDeaf = false;
  /** How often it was told that the citizen is writing, and whether a person sees it. */
  writings = 0;
  seesWriting = false;
  /** What is kept instead of every message that is taken in. */
  hidden: string | undefined;
  /** What happens when a session is asked for, before it is confirmed. */
  asked = (): void => {};
  private port = 0;
  private io: Server | undefined;
  private http: HttpServer | undefined;

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.port}/`);
  }

  async start(path = '/socket.io'): Promise<void> {
    this.http = createServer();
    this.io = new Server(this.http, { path });
    this.io.on('connection', (socket) => this.serve(socket));
    await new Promise<void>((resolve) => this.http!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.http.address() as AddressInfo).port;
  }

  /** Ends every connection; what was said is kept. */
  async stop(): Promise<void> {
    await this.io?.close();
    this.io = undefined;
  }

  /** Says something to everyone, as the bot. */
  say(message: unknown): void {
    this.io?.emit('bot_uttered', message);
  }

  /** Confirms a session to everyone, though nobody asked. */
  confirm(confirmation: unknown): void {
    this.io?.emit('session_confirm', confirmation);
  }

  typing(typing: unknown, author?: string): void {
    this.io?.emit('bot_typing', { typing, author });
  }

  /** Says goodbye to everyone but goes on running. */
  sendAway(): void {
    this.io?.disconnectSockets();
  }

  private serve(socket: Socket): void {
    let hasSession = false;
    socket.on('session_request', ({ token, after }: { token: unknown; after: unknown }, acknowledge: Acknowledge) => {
      if (this.isDeaf) return;
      this.tokens.push(token);
      this.asked();
      hasSession = true;
      const known = this.heard.findIndex(({ id }) => id === after);
      const news = this.heard.slice(known + 1);
      const history = news.map(({ id, text, button }) => ({ from: 'citizen', text: text ?? button?.title, at: 1, id }));
      const confirmation = { token: token ?? 'a-token', resumed: token !== null, after: known < 0 ? null : after, history };
      socket.emit('session_confirm', confirmation);
      acknowledge({ ok: true });
    });
    socket.on('user_typing', (_: unknown, acknowledge: Acknowledge) => {
      this.writings += 1;
      acknowledge({ ok: true, seen: this.seesWriting });
    });
    socket.on('user_uttered', (data: Uttered, acknowledge: Acknowledge) => {
      this.arrived.push(data.id);
      const refusal = this.refusals.shift();
      if (refusal === null) return;
      if (refusal === 'slower') return acknowledge({ ok: false, error: 'unavailable', slower: true });
      if (refusal) return acknowledge({ ok: false, error: refusal });
      if (!hasSession) return acknowledge({ ok: false, error: 'no-session' });
      if (!this.heard.some(({ id }) => id === data.id)) this.heard.push(data);
      if (this.breaksBeforeAcknowledging) {
        this.breaksBeforeAcknowledging = false;
        socket.conn.close();
        return;
      }
      acknowledge({ ok: true, ...(this.hidden !== undefined && { text: this.hidden }) });
    });
  }
}
