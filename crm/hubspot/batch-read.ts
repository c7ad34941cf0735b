import { asList, asObject, type JsonObject } from '../answer-shape.ts';
import { callApi } from './call.ts';
import { checkName } from './object-property.ts';
import type { Session } from './session.ts';

export interface BatchRead {
  readonly operation: string;
  readonly object: string;
  readonly ids: readonly string[];
  /** The unique property that `ids` are values of; null for record ids. */
  readonly idProperty: string | null;
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  readonly isArchived?: boolean;
}

/** https://developers.hubspot.com/docs/api-reference/crm-objects/guide */
const MOST_READS = 100;
const MOST_READS_WITH_HISTORY = 50;

/** Records by id or by a unique property, in no order. Those that are not there are left out, whatever the status says of them; `ids` may be any number. */
export async function readBatches(session: Session, read: BatchRead): Promise<readonly JsonObject[]> {
  const { operation, object, idProperty, properties, history = [], isArchived = false } = read;
  const ids = [...new Set(read.ids)];
  const most = history.length > 0 ? MOST_READS_WITH_HISTORY : MOST_READS;
  const records: JsonObject[] = [];
  for (let start = 0; start < ids.length; start += most) {
    const inputs = ids.slice(start, start + most).map((id) => ({ id }));
    const answer = await callApi(session, {
      operation,
      isRepeatable: true,
      send: (client) =>
        client.batches().readWithHttpInfo(
          checkName(object),
          {
            inputs,
            properties: [...properties],
            propertiesWithHistory: [...history],
            ...(idProperty === null ? {} : { idProperty }),
          },
          isArchived,
        ),
    });
    records.push(...asList(asObject(answer.body, 'a batch')['results'], 'a batch'));
  }
  return records;
}
