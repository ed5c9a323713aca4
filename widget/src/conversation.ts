/** What the citizen sees of a conversation, as plain data: each function gives the next state. */

import type { Delivery } from './connection.js';
import { wordsOf, type Button, type Message, type Outgoing } from './protocol.js';

export interface Entry {
  message: Message;
  /** How far the citizen's own message has come. */
  delivery?: Delivery;
}

export interface Conversation {
  entries: readonly Entry[];
  typing: boolean;
  status: 'connecting' | 'open' | 'lost' | 'restored';
}

/** A conversation as it stands before the server has answered. */
export function begun(unsent: readonly Outgoing[]): Conversation {
  return { entries: unsent.map((outgoing) => entryOf(outgoing, 'waiting')), typing: false, status: 'connecting' };
}

/** The id of the latest message up to which the conversation is whole and confirmed; null when there is none. */
export function latestConfirmed({ entries }: Conversation): string | null {
  return entries.slice(0, confirmedLength(entries)).pop()?.message.id ?? null;
}

/**
 * The server's history goes on behind the message `after`, or takes the place of everything that was shown; what it
 * has not heard yet comes after it.
 */
export function confirmed(conversation: Conversation, history: readonly Message[], after: string | null): Conversation {
  const { entries } = conversation;
  const kept = after === null ? [] : entries.slice(0, entries.findIndex(({ message }) => message.id === after) + 1);
  const heard = new Set(history.map((message) => message.id));
  const pending = entries.filter(({ message, delivery }) => isPending(delivery) && !heard.has(message.id));
  return {
    ...conversation,
    entries: [...kept, ...history.map(entryFromServer), ...pending],
    status: conversation.status === 'lost' ? 'restored' : 'open',
  };
}

/** The bot has said something, or the citizen has in another tab. */
export function uttered(conversation: Conversation, message: Message): Conversation {
  const isKnown = message.id !== undefined && conversation.entries.some((entry) => entry.message.id === message.id);
  if (isKnown) return conversation;
  // What has not left this device yet is said after it.
  const waiting = conversation.entries.filter(({ delivery }) => isHere(delivery));
  const others = conversation.entries.filter(({ delivery }) => !isHere(delivery));
  return { ...settled(conversation), entries: [...others, entryFromServer(message), ...waiting] };
}

/** The citizen has said something here. */
export function said(conversation: Conversation, outgoing: Outgoing): Conversation {
  return { ...settled(conversation), entries: [...conversation.entries, entryOf(outgoing, 'waiting')] };
}

/** A message has come further; what the server has hidden in it is hidden here, too. */
export function delivered(conversation: Conversation, id: string, delivery: Delivery, kept?: string): Conversation {
  const entries = conversation.entries.map((entry) => {
    if (entry.message.id !== id) return entry;
    return { message: { ...entry.message, text: kept ?? entry.message.text }, delivery };
  });
  return { ...conversation, entries };
}

export function typing(conversation: Conversation, isTyping: boolean): Conversation {
  return { ...conversation, typing: isTyping };
}

export function lost(conversation: Conversation): Conversation {
  return { ...conversation, status: 'lost' };
}

/** The entry whose buttons can be chosen: the latest with buttons, as long as the citizen has not answered it. */
export function openQuestion(conversation: Conversation): Entry | undefined {
  for (const entry of [...conversation.entries].reverse()) {
    if (entry.message.from === 'citizen') return undefined;
    if (entry.message.buttons.length > 0) return entry;
  }
  return undefined;
}

/** How far the assessment is; null when no question of it is the latest of its kind, or its result has come. */
export function progressOf(conversation: Conversation): { number: number; left: number } | null {
  for (const { message } of [...conversation.entries].reverse()) {
    if (message.custom?.type === 'profile') return null;
    if (message.custom?.type === 'question') return message.custom;
  }
  return null;
}

/** What the bot has said since the citizen spoke last. */
export function latestAnswers({ entries }: Conversation): Message[] {
  const lastSaid = entries.map(({ message }) => message.from).lastIndexOf('citizen');
  return entries.slice(lastSaid + 1).map(({ message }) => message);
}

/** A choice made once cannot be made again, also when two clicks come before the screen has changed. */
export function canChoose(conversation: Conversation, button: Button): boolean {
  return openQuestion(conversation)?.message.buttons.includes(button) ?? false;
}

function settled(conversation: Conversation): Conversation {
  return conversation.status === 'restored' ? { ...conversation, status: 'open' } : conversation;
}

/** How many entries stand before the first one that the server may not have. */
function confirmedLength(entries: readonly Entry[]): number {
  const firstPending = entries.findIndex(({ delivery }) => isPending(delivery));
  return firstPending < 0 ? entries.length : firstPending;
}

function isPending(delivery: Delivery | undefined): boolean {
  return delivery !== undefined && delivery !== 'sent';
}

function isHere(delivery: Delivery | undefined): boolean {
  return delivery === 'waiting' || delivery === 'slowed';
}

function entryFromServer(message: Message): Entry {
  return message.from === 'citizen' ? { message, delivery: 'sent' } : { message };
}

function entryOf(outgoing: Outgoing, delivery: Delivery): Entry {
  const { id, at } = outgoing;
  return { message: { from: 'citizen', text: wordsOf(outgoing), at, id, buttons: [] }, delivery };
}
