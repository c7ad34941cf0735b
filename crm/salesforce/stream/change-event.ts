import { z } from 'zod';
import type { ChangeHint } from '../../port.ts';
import type { BayeuxReply } from './bayeux-message.ts';

/**
 * Change events as hints. What they hold beside their header is not read: several records in one event, fields that are left out, long texts as differences and
 * values that are of the time of delivery would each have to be undone, and reading the record again tells it all.
 * https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_event_fields_header.htm
 */

const header = z.looseObject({
  entityName: z.string().min(1),
  changeType: z.string(),
  recordIds: z.array(z.string()).default([]),
  /** Epoch milliseconds. */
  commitTimestamp: z.number(),
  commitUser: z.string().optional(),
});

const message = z.looseObject({
  payload: z.looseObject({ ChangeEventHeader: header }),
  /** Opaque, and a number on the wire; of one that a number cannot hold exactly no position is kept. */
  event: z.looseObject({ replayId: z.int() }),
});

const TYPES: Readonly<Record<string, ChangeHint['what']>> = {
  CREATE: 'created',
  UPDATE: 'updated',
  DELETE: 'deleted',
  UNDELETE: 'undeleted',
};

/** "The wildcard character": some records whose ids begin so. */
const WILDCARD = '*';

export interface ReadEvents {
  readonly hints: readonly ChangeHint[];
  /** The last replay id of each channel, as text. */
  readonly positions: Readonly<Record<string, string>>;
  /** Messages that are none that we understand; of them nothing is known but that something may have changed. */
  readonly unreadable: number;
}

/** What the events of an answer hint at, in the order in which they came. `userId`: who we are, where that is known. */
export function readEvents(messages: readonly BayeuxReply[], userId: string | null): ReadEvents {
  const hints: ChangeHint[] = [];
  const positions: Record<string, string> = {};
  let unreadable = 0;
  for (const { channel, data } of messages) {
    const parsed = message.safeParse(data);
    if (!parsed.success) {
      unreadable += 1;
      continue;
    }
    hints.push(hintOf(parsed.data, userId));
    positions[channel] = String(parsed.data.event.replayId);
  }
  return { hints, positions, unreadable };
}

function hintOf({ payload }: z.output<typeof message>, userId: string | null): ChangeHint {
  const { ChangeEventHeader: told, ...fields } = payload;
  const { entityName, changeType, recordIds, commitTimestamp, commitUser } = told;
  const isNamed = changeType !== 'GAP_OVERFLOW' && recordIds.length > 0 && !recordIds.some((id) => id.includes(WILDCARD));
  return {
    object: entityName,
    ids: isNamed ? [...new Set(recordIds)] : [],
    what: TYPES[changeType] ?? 'unknown',
    at: new Date(commitTimestamp).toISOString(),
    isOwn: userId !== null && commitUser !== undefined && commitUser.slice(0, 15) === userId.slice(0, 15),
    fields: Object.entries(fields).flatMap(([name, value]) => (value === null || value === '' ? [] : [name])),
  };
}
