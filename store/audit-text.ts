import { createHash } from 'node:crypto';
import { canonicalJson } from '../program/canonical-json.ts';

/** What stands in place of a hash before the first entry of a subject, and before the first seal. */
export const CHAIN_START = '0'.repeat(64);

/** An entry exactly as it is stored: `at` to the microsecond, `details` as the text that was written, hashes in hexadecimal. */
export interface ChainedEntry {
  readonly subject: string;
  /** From 1 on within the subject. */
  readonly position: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly details: string;
  readonly previous: string;
  readonly hash: string;
}

/** Ties an entry into the order of all entries: `entry` is its hash. */
export interface Seal {
  /** From 1 on over all subjects. */
  readonly ordinal: number;
  readonly subject: string;
  readonly position: number;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
}

/**
 * What the hash of an entry is taken of: its canonical JSON. The database puts the same text together when it inserts the entry (`audit_entry_hash`), and
 * docs/audit.md says it to everybody else; the three have to agree.
 */
export function entryText({ subject, position, at, kind, actor, details, previous }: Omit<ChainedEntry, 'hash'>): string {
  const [who, what, of] = [actor, kind, subject].map((text) => JSON.stringify(text));
  return `{"actor":${who},"at":"${at}","details":${details},"kind":${what},"position":${position},"previous":"${previous}","subject":${of}}`;
}

/** What the hash of a seal is taken of. */
export function sealText({ ordinal, subject, position, entry, previous }: Omit<Seal, 'hash'>): string {
  return canonicalJson({ entry, ordinal, position, previous, subject });
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What stands in an entry for free text that is stored elsewhere: it shows whether that is still the text of then. */
export function digestOfText(text: string | null): string | null {
  return text === null ? null : sha256Of(text);
}

/** The same for values. They are compared as JSON keeps them: neither the order of keys nor a key without a value counts. */
export function digestOfValues(values: object | null): string | null {
  return values === null ? null : sha256Of(canonicalJson(values));
}
