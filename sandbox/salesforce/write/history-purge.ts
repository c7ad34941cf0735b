/** Field history does not stay for ever. Source: Salesforce Help, "Field History Tracking": 18 months in the org, 24 months for the API's queryAll. */

import { quoted } from '../store/database.ts';
import type { RecordStore } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';

const SHOWN_MONTHS = 18;
const KEPT_MONTHS = 24;

/** Hides the history that is older than 18 months at `nowMs`, so that only queryAll finds it, and removes what is older than 24. */
export function purgeHistory(store: RecordStore, nowMs: number): void {
  const [shownFrom, keptFrom] = [SHOWN_MONTHS, KEPT_MONTHS].map((months) => storedInstant(monthsBefore(nowMs, months)));
  for (const { name } of [...store.schema.values()].filter((each) => each.name.endsWith('History'))) {
    store.run(`DELETE FROM ${quoted(name)} WHERE "CreatedDate" < ?`, keptFrom ?? null);
    store.run(`UPDATE ${quoted(name)} SET "IsDeleted" = 1 WHERE "CreatedDate" < ? AND "IsDeleted" = 0`, shownFrom ?? null);
  }
}

function monthsBefore(nowMs: number, months: number): number {
  const date = new Date(nowMs);
  return date.setUTCMonth(date.getUTCMonth() - months);
}
