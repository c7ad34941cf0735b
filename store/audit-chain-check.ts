import type { AuditFaults } from './audit-fault.ts';
import {
  comparePlaces,
  feedEntries,
  feedHeads,
  feedSealsBySubject,
  feedWaiting,
  type ChainPlace,
  type Feed,
  type StoredEntry,
  type SubjectHead,
  type WaitingEntry,
} from './audit-page.ts';
import { CHAIN_START, entryText, sealText, sha256Of, type Seal } from './audit-text.ts';
import type { Transaction } from './database.ts';

/** What was read of the chains of all subjects. `from`, `to`: the earliest and the latest time that an entry carries. */
export interface ChainCount {
  readonly entries: number;
  readonly subjects: number;
  readonly unsealed: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** The chain of one subject while it is read. */
interface Walk {
  readonly subject: string;
  readonly head: SubjectHead | null;
  /** The last position of which is known that something was recorded there. */
  reached: number;
  /** The entry that was read last. */
  last: StoredEntry | null;
  /** Places of which something is known and where nothing stands, not told yet. */
  gap: { readonly from: number; until: number; readonly how: string } | null;
}

/**
 * Reads the chains of all subjects beside their seals, their heads and what waits to be sealed, all in one order, and adds what does not fit together to `faults`.
 *
 * `seen` is called with every entry that is as it was written. Returns also the entries whose content is not what was hashed: they may have been moved.
 */
export async function checkChains(
  trx: Transaction,
  faults: AuditFaults,
  seen: (entry: StoredEntry) => Promise<void>,
): Promise<{ readonly count: ChainCount; readonly suspects: readonly StoredEntry[] }> {
  const [entries, seals, waiting, heads] = await openAll(trx);
  const suspects: StoredEntry[] = [];
  const count = { entries: 0, subjects: 0, unsealed: 0, from: null as string | null, to: null as string | null };
  let walk = null as Walk | null;
  for (;;) {
    const place = firstOf(entries.current, seals.current, waiting.current);
    if (place === null) break;
    if (walk?.subject !== place.subject) {
      if (walk !== null) endWalk(walk, faults);
      walk = { subject: place.subject, head: await takeHead(heads, place.subject, faults), reached: 0, last: null, gap: null };
      if (entries.current?.subject === place.subject) count.subjects += 1;
    }
    const [entry, seal, waits] = [await takeAt(entries, place), await takeAt(seals, place), await takeAt(waiting, place)];
    if (entry === null) noteGap(walk, place.position, seal);
    else {
      count.entries += 1;
      if (seal === null) count.unsealed += 1;
      if (count.from === null || entry.at < count.from) count.from = entry.at;
      if (count.to === null || entry.at > count.to) count.to = entry.at;
      if (checkEntry(walk, entry, seal, waits, faults)) await seen(entry);
      else if (suspects.length < MOST_SUSPECTS) suspects.push(entry);
    }
  }
  if (walk !== null) endWalk(walk, faults);
  await takeHead(heads, null, faults);
  return { count, suspects };
}

/** As many entries are looked up elsewhere; of a history in which more was moved, this many say enough. */
const MOST_SUSPECTS = 1_000;

async function openAll(trx: Transaction): Promise<readonly [Feed<StoredEntry>, Feed<Seal>, Feed<WaitingEntry>, Feed<SubjectHead>]> {
  return [await feedEntries(trx), await feedSealsBySubject(trx), await feedWaiting(trx), await feedHeads(trx)];
}

function firstOf(...places: readonly (ChainPlace | null)[]): ChainPlace | null {
  let first: ChainPlace | null = null;
  for (const place of places) if (place !== null && (first === null || comparePlaces(place, first) < 0)) first = place;
  return first;
}

async function takeAt<Row extends ChainPlace>(feed: Feed<Row>, place: ChainPlace): Promise<Row | null> {
  const { current } = feed;
  if (current === null || current.subject !== place.subject || current.position !== place.position) return null;
  await feed.next();
  return current;
}

/** The head of a subject. Heads that were passed belong to subjects of which nothing is left; null: all the rest are such. */
async function takeHead(heads: Feed<SubjectHead>, subject: string | null, faults: AuditFaults): Promise<SubjectHead | null> {
  for (let head = heads.current; head !== null; head = heads.current) {
    if (subject !== null && comparePlaces({ ...head, position: 0 }, { subject, position: 0 }) > 0) return null;
    await heads.next();
    if (head.subject === subject) return head;
    const message = `${head.position} entries were noted of the subject, and none is left.`;
    faults.add({ kind: 'missing', subject: head.subject, position: 1, until: head.position, message });
  }
  return null;
}

function noteGap(walk: Walk, position: number, seal: Seal | null): void {
  if (walk.gap?.until === position - 1) walk.gap.until = position;
  else if (walk.gap === null) {
    const how = seal === null ? 'it was recorded and not sealed yet' : `it was sealed as number ${seal.ordinal}`;
    walk.gap = { from: Math.min(walk.reached + 1, position), until: position, how };
  } else walk.gap.until = position;
  walk.reached = Math.max(walk.reached, position);
}

function tellGap(walk: Walk, faults: AuditFaults): void {
  if (walk.gap === null) return;
  const { from, until, how } = walk.gap;
  const message = from === until ? `The entry is gone: ${how}.` : `The entries are gone; of the first: ${how}.`;
  faults.add({ kind: 'missing', subject: walk.subject, position: from, until, message });
  walk.gap = null;
}

/** Whether the entry is what was hashed. What is wrong with it, or with the one before it, is added to `faults`. */
function checkEntry(walk: Walk, entry: StoredEntry, seal: Seal | null, waits: WaitingEntry | null, faults: AuditFaults): boolean {
  const { subject, position } = entry;
  tellGap(walk, faults);
  if (position > walk.reached + 1) {
    const message = 'Nothing stands between the entry before and the one after.';
    faults.add({ kind: 'missing', subject, position: walk.reached + 1, until: position - 1, message });
  }
  const isIntact = sha256Of(entryText(entry)) === entry.hash;
  const isSealBroken = seal !== null && sha256Of(sealText(seal)) !== seal.hash;
  if (!isIntact) faults.add({ kind: 'changed', subject, position, message: 'What it says is not what its hash was taken of.' });
  // Where the seal itself is broken, that is told of the seal.
  else if (seal !== null && seal.entry !== entry.hash && !isSealBroken) {
    faults.add({ kind: 'changed', subject, position, message: `It is not the entry that was sealed as number ${seal.ordinal}.` });
  } else if (seal === null && waits === null) {
    const message = 'It is neither sealed nor waits to be: it was added past the program, or its seal was taken away.';
    faults.add({ kind: 'unsealed', subject, position, message });
  }
  if (isIntact) checkLink(walk.last, entry, faults);
  walk.last = entry;
  walk.reached = Math.max(walk.reached, position);
  return isIntact;
}

/** Each entry names the hash of the one before it. Where that is another one now, it was written anew with a hash that fits it. */
function checkLink(before: StoredEntry | null, { subject, position, previous }: StoredEntry, faults: AuditFaults): void {
  if (position === 1) {
    if (previous !== CHAIN_START) faults.add({ kind: 'changed', subject, position, message: 'It is the first, and names one before it.' });
    return;
  }
  if (before === null || before.position !== position - 1 || before.hash === previous) return;
  faults.add({ kind: 'changed', subject, position: before.position, message: 'It is not the entry that the next one was chained to.' });
}

function endWalk(walk: Walk, faults: AuditFaults): void {
  tellGap(walk, faults);
  const { subject, head, last, reached } = walk;
  if (head !== null && head.position > reached) {
    const message = `Position ${head.position} is noted as the last.`;
    faults.add({ kind: 'missing', subject, position: reached + 1, until: head.position, message });
  }
  if (last === null) return;
  const { position } = last;
  if (head === null) {
    faults.add({ kind: 'head', subject, position, message: 'Nothing is noted of the last entry of the subject.' });
  } else if (head.position < position) {
    faults.add({ kind: 'head', subject, position, message: `It stands behind position ${head.position}, which is noted as the last.` });
  } else if (head.position === position && head.hash !== last.hash && !faults.has('changed', last)) {
    faults.add({ kind: 'head', subject, position, message: 'It is not the entry that is noted as the last.' });
  }
}
