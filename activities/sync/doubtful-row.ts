import type { RemoteRow } from '../../crm/port.ts';
import { decodeRow } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { findAgreedSince, readLinksByRemote } from '../../store/link.ts';
import type { Lane } from './lane.ts';
import { meantFields } from './lookup-holder.ts';

/** An index that is behind for longer than this is no longer told from an edit. HubSpot speaks of moments. */
const INDEX_BEHIND_MS = 10 * 60_000;

/**
 * Rows, off an index that may be behind, that differ from what both sides agreed on, or carry a command, while something was agreed on only lately: they may be as they
 * were before that. Rows that say what was agreed on decide nothing, and those that nobody wrote or read lately are as they are.
 */
export async function findDoubtful(lane: Lane, rows: readonly RemoteRow[]): Promise<ReadonlySet<string>> {
  const { deps, connection, mapping, records } = lane;
  const alive = rows.filter((row) => !row.deleted);
  const links = await readLinksByRemote(
    deps.db,
    connection,
    records.objectType,
    alive.map((row) => row.id),
  );
  const differing = alive.filter((row) => {
    const link = links.get(row.id);
    return link !== undefined && saysOtherwise(lane, link.base, decodeRow(mapping, meantFields(mapping, row, link.base)).values);
  });
  const since = new Date(Date.parse(deps.now()) - INDEX_BEHIND_MS).toISOString();
  return findAgreedSince(
    deps.db,
    connection,
    records.objectType,
    differing.map((row) => row.id),
    since,
  );
}

function saysOtherwise({ records }: Lane, base: CanonicalRecord, theirs: CanonicalRecord): boolean {
  const command = records.command?.field;
  if (command !== undefined && (theirs[command] ?? null) !== null) return true;
  return Object.entries(base).some(([field, value]) => field in theirs && theirs[field] !== value);
}
