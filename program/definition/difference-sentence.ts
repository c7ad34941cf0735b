import { WORDINGS } from './difference-wording.ts';
import type { Change } from './difference.ts';
import type { Program } from './program.ts';
import { speak } from './spoken-value.ts';

/** What a change says to a channel manager, in one sentence; where nothing better is known, the place and both values. */
export function describeChange(change: Change, before: Program, after: Program): string {
  const { path } = change;
  for (const [pattern, word] of WORDINGS) {
    const match = pattern.exec(path);
    const sentence = match === null ? null : word({ change, names: match.slice(1), before, after });
    if (sentence !== null) return `${sentence}.`;
  }
  switch (change.kind) {
    case 'new':
      return `${nameOf(path)} is new: ${speak(withoutName(change.after))}.`;
    case 'gone':
      return `${nameOf(path)} is gone: ${speak(withoutName(change.before))}.`;
    case 'order':
      return `${path} in another order: ${speak(change.after)}; before: ${speak(change.before)}.`;
    case 'changed':
      return `${path}: ${speak(change.before)} → ${speak(change.after)}.`;
  }
}

const SINGULAR: Readonly<Record<string, string>> = {
  types: 'Partner type',
  measures: 'Measure',
  tracks: 'Track',
  splits: 'Split',
  documents: 'Document',
  systems: 'System',
  metrics: 'Metric',
  kinds: 'Kind of registration',
  productLines: 'Product line',
  regions: 'Region',
  accounts: 'Listed account',
  intake: 'Question',
  calendars: 'Calendar',
};

/** `Kind of registration msp` for `kinds[msp]`, otherwise the path. */
function nameOf(path: string): string {
  const [, list = '', key] = /^(\w+)\[([^\]]+)\]$/.exec(path) ?? [];
  const singular = SINGULAR[list];
  return singular === undefined || key === undefined ? path : `${singular} ${key}`;
}

/** The id stands before the colon already. */
function withoutName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { id: _id, ...rest } = value as Readonly<Record<string, unknown>>;
  return rest;
}
