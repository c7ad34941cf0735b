import type { CrmPort } from '../../crm/port.ts';
import { fieldOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { z } from 'zod';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { RemoteRow } from '../../crm/port.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { inOurClock } from './merge-row.ts';
import type { LocalRecord } from './two-way-record.ts';

/** One written record: what we sent, and their row as it was read before. */
interface WrittenRecord {
  readonly local: LocalRecord;
  readonly row: RemoteRow | null;
  readonly send: CanonicalRecord;
}

/**
 * Finds edits that somebody made between our read and our write, and that our write covered: the CRM's history still has them.
 *
 * Such an edit stands if it is later than ours (both in the CRM's time). Only `newest` fields that were written to an existing record can be affected, so most batches cost no call.
 * Salesforce's history has the resolution of a second: an edit in the second of our read counts only when its value is neither what we read nor what we wrote.
 */
export async function findOverwritten(
  port: CrmPort,
  mapping: ObjectMapping,
  written: readonly WrittenRecord[],
  readAt: Instant,
): Promise<ReadonlyMap<string, { readonly values: CanonicalRecord; readonly editedAt: Instant }>> {
  const exposed = written.flatMap((record) => {
    const fields = Object.keys(record.send).filter((field) => fieldOf(mapping, field)?.policy === 'newest');
    return fields.length === 0 || record.row === null ? [] : [{ record, row: record.row, fields }];
  });
  if (exposed.length === 0) return new Map();
  const remoteNames = new Set(exposed.flatMap(({ fields }) => fields.map((field) => fieldOf(mapping, field)?.theirs ?? '')));
  const edits = await port.history(
    mapping.object,
    exposed.map(({ row }) => row.id),
    [...remoteNames],
  );
  const since = Math.floor(Date.parse(readAt) / 1_000) * 1_000;
  const found = new Map<string, { values: CanonicalRecord; editedAt: Instant }>();
  for (const { record, row, fields } of exposed) {
    for (const field of fields) {
      const mapped = fieldOf(mapping, field);
      const ours = record.local.editedAt[field];
      if (mapped === undefined || ours === undefined) continue;
      const oursAt = Date.parse(ours) + port.clockOffsetMs();
      const before = z.safeDecode(mapped.codec, row.fields[mapped.theirs] ?? null).data ?? null;
      const covered = edits.find((edit) => {
        if (edit.recordId !== row.id || edit.field !== mapped.theirs || edit.to === undefined || Date.parse(edit.at) < since) return false;
        const value = z.safeDecode(mapped.codec, edit.to).data ?? null;
        return value !== record.send[field] && value !== before && Date.parse(edit.at) > oursAt;
      });
      if (covered === undefined) continue;
      const value = z.safeDecode(mapped.codec, covered.to ?? null).data ?? null;
      found.set(record.local.localId, {
        values: { ...found.get(record.local.localId)?.values, [field]: value },
        editedAt: inOurClock(port, covered.at),
      });
    }
  }
  return found;
}
