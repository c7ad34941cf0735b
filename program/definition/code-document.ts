import type { CodeDescription } from '../lint/catalogue.ts';
import { CHECK_CATALOGUE } from './check.ts';

const FAMILIES: readonly (readonly [prefix: string, title: string])[] = [
  ['P0', 'What cannot be read'],
  ['L1', 'Rows, bands and rules'],
  ['L2', 'Time'],
  ['L3', 'People'],
  ['L4', 'The program as a business'],
  ['L5', 'Documents, launch and rates'],
  ['L6', 'Opportunities of approved registrations'],
];

/** Every code with its severity, title, reason, remedy and an example, as Markdown: the generated part of docs/program-check.md. */
export function describeCodes(): string {
  const entries: readonly (readonly [string, CodeDescription])[] = Object.entries(CHECK_CATALOGUE);
  return FAMILIES.map(([prefix, title]) =>
    [`## ${title}`, ...entries.filter(([code]) => code.startsWith(prefix)).map(([code, description]) => describe(code, description))].join(
      '\n\n',
    ),
  ).join('\n\n');
}

function describe(code: string, { example, remedy, severity, title, why }: CodeDescription): string {
  return [`### ${code} ${title}`, `_${severity}._ ${why}`, `Remedy: ${remedy}`, ['```text', example, '```'].join('\n')].join('\n\n');
}
