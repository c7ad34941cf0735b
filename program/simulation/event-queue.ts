import type { EpochMs } from '../vocabulary.ts';

/**
 * What comes first at one and the same instant: a protection ends before anything is judged (its window is half-open), a deadline passes before an answer that
 * comes at that very instant, and what moves up from a waitlist goes before a newcomer.
 */
export const EVENT_ORDER = ['protection_end', 'deadline', 'end', 'extension', 'answer', 'moving_up', 'sighting'] as const;
export type EventKind = (typeof EVENT_ORDER)[number];

export interface QueuedEvent {
  readonly at: EpochMs;
  readonly kind: EventKind;
  /** The claim's order of receipt: among equals the earlier receipt goes first. */
  readonly sequence: number;
  /** Distinguishes what one claim planned: an event of a question that is over is void. */
  readonly turn: number;
}

export interface EventQueue {
  add(event: QueuedEvent): void;
  /** The next event in order of time, kind, receipt and turn; null when there is none. */
  next(): QueuedEvent | null;
}

/** A binary heap. Its order is total, so that the order in which events were added never matters. */
export function openEventQueue(): EventQueue {
  const heap: QueuedEvent[] = [];
  const isBefore = (left: number, right: number): boolean => compare(heap[left] as QueuedEvent, heap[right] as QueuedEvent) < 0;
  const swap = (left: number, right: number): void => {
    [heap[left], heap[right]] = [heap[right] as QueuedEvent, heap[left] as QueuedEvent];
  };
  return {
    add(event) {
      heap.push(event);
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    next() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        if (left >= heap.length) break;
        const child = left + 1 < heap.length && isBefore(left + 1, left) ? left + 1 : left;
        if (!isBefore(child, at)) break;
        swap(at, child);
        at = child;
      }
      return first;
    },
  };
}

const RANK = Object.fromEntries(EVENT_ORDER.map((kind, rank) => [kind, rank])) as Record<EventKind, number>;

function compare(left: QueuedEvent, right: QueuedEvent): number {
  return left.at - right.at || RANK[left.kind] - RANK[right.kind] || left.sequence - right.sequence || left.turn - right.turn;
}
