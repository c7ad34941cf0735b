/** Columns that Salesforce computes from others on every write. */

import type { SObjectDefinition } from '../schema/definition.ts';
import { findStage } from '../schema/opportunity-stage.ts';
import type { StoredRow } from '../store/record-store.ts';

/** The computed columns of `row`, given what this write `sets`. */
export function deriveValues(definition: SObjectDefinition, row: StoredRow, sets: StoredRow): StoredRow {
  switch (definition.name) {
    case 'Opportunity':
      return deriveFromStage(row, sets);
    case 'Contact':
    case 'Lead':
    case 'User':
      return { Name: [row['FirstName'], row['LastName']].filter((part) => part !== null && part !== undefined).join(' ') };
    case 'Task':
      return { IsClosed: row['Status'] === 'Completed' ? 1 : 0 };
    // Not a union: objects are data, and all others compute nothing.
    default:
      return {};
  }
}

function deriveFromStage(row: StoredRow, sets: StoredRow): StoredRow {
  const stage = findStage(String(row['StageName'] ?? ''));
  const flags = {
    IsClosed: stage?.isClosed === true ? 1 : 0,
    IsWon: stage?.isWon === true ? 1 : 0,
    ForecastCategory: stage?.forecastCategory ?? 'Pipeline',
  };
  // A new stage brings its probability, unless the same write states one.
  return 'StageName' in sets && !('Probability' in sets) ? { ...flags, Probability: stage?.probability ?? 0 } : flags;
}
