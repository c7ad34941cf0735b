/** Writes the change events of every transaction into the log, as its last part: a record and its event are kept together or not at all. */

import { createHash } from 'node:crypto';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Author, Touch } from '../store/trail.ts';
import { changeOfRecord, gapOf, limitChanges, mergeChanges } from './change.ts';
import type { Change } from './change.ts';
import { eventFields, pathOfField } from './event-field.ts';
import type { EventLog } from './event-log.ts';

/** "An overflow event is generated when a single transaction contains more than 100,000 changes." */
const MOST_CHANGES = 100_000;
/** "The change event size exceeds the maximum 1 MB message size": a gap event takes its place. */
const MOST_EVENT_CHARS = 1_000_000;

/** System change numbers are large; this leaves their last places to a count that stays exact in a JSON number. */
const FIRST_COMMIT_NUMBER = 10_000_000_000;

export interface Capture {
  /** What transactions have written; those of `isCaptured` objects become events. */
  readonly record: (touches: readonly Touch[], beyond: readonly SObjectDefinition[]) => void;
  /** Events that no write has brought about, of one transaction. Must run inside one. */
  readonly append: (changes: readonly Change[]) => void;
}

export function createCapture(store: RecordStore, log: EventLog, isCaptured: (definition: SObjectDefinition) => boolean): Capture {
  const append = (changes: readonly Change[]) => {
    if (changes.length === 0) return;
    const serial = store.nextSerial('transaction');
    log.append(
      changes.map((change, index) => {
        const event = formatEvent(change, index + 1, serial);
        const body = event.length <= MOST_EVENT_CHARS ? event : formatEvent(gapOf(change), index + 1, serial);
        return { entity: change.definition.name, body };
      }),
    );
  };
  return {
    append,
    record: (touches, beyond) => {
      const changes = touches.flatMap(({ definition, id, before, after, author }) => {
        if (!isCaptured(definition)) return [];
        return changeOfRecord(definition, id, before, after ?? store.find(definition, id), author) ?? [];
      });
      append(mergeChanges(limitChanges(changes, beyond.filter(isCaptured), MOST_CHANGES)));
    },
  };
}

/** The event as JSON, in the order in which Salesforce writes it, without its replay id. */
function formatEvent(change: Change, sequenceNumber: number, serial: number): string {
  const { definition, recordIds, changeType, changedFields, body, author } = change;
  const ChangeEventHeader = {
    commitNumber: FIRST_COMMIT_NUMBER + serial,
    commitUser: author.userId,
    sequenceNumber,
    entityName: definition.name,
    changeType,
    changedFields,
    changeOrigin: author.origin,
    transactionKey: transactionKey(author, serial),
    commitTimestamp: Math.floor(author.nowMs / 1000) * 1000,
    recordIds,
  };
  return JSON.stringify({ schema: schemaId(definition), payload: { ...body, ChangeEventHeader } });
}

/** Shaped like a UUID and equal in equal runs. */
function transactionKey(author: Author, serial: number): string {
  const hex = createHash('sha256').update(`${serial} ${author.userId}`).digest('hex');
  return `0000${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 28)}`;
}

const schemaIds = new WeakMap<SObjectDefinition, string>();

/** The fingerprint of the event's schema, which changes with its fields. */
function schemaId(definition: SObjectDefinition): string {
  const known = schemaIds.get(definition);
  if (known !== undefined) return known;
  const fields = eventFields(definition).map((each) => `${pathOfField(each)} ${each.field.type}`);
  const id = createHash('md5')
    .update([definition.name, ...fields].join('\n'))
    .digest('base64url');
  schemaIds.set(definition, id);
  return id;
}
