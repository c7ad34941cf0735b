import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './sample.ts';

/** The seed of the sample that is kept in `programs/sample`. */
export const SAMPLE_SEED = 20_260_101;

/** The files of a sample by name, as text: JSON with one element a line, so that a difference shows which element changed. */
function formatSample(sample: Sample): ReadonlyMap<string, string> {
  const { accounts, contacts, opportunities } = sample.crm;
  return new Map([
    ['partners.json', `${formatList(sample.partners)}\n`],
    [
      'crm.json',
      `{"accounts":${formatList(accounts)},\n"contacts":${formatList(contacts)},\n"opportunities":${formatList(opportunities)}}\n`,
    ],
    ['registrations.json', `${formatList(sample.registrations)}\n`],
  ]);
}

/** Writes the sample's files into `folder`, which is made where it is missing; other files in it stay. */
export function writeSample(sample: Sample, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of formatSample(sample)) writeFileSync(join(folder, name), text);
}

function formatList(items: readonly unknown[]): string {
  return `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}
