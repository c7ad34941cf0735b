import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { parseProgram } from '../../program/definition/parse.ts';
import type { Program } from '../../program/definition/program.ts';

/** The sample program with the people, regions, calendars and routing of `people.yaml`; what else decides is the sample's. */
export function readYearProgram(): Program {
  const sample = readSections(join('programs', 'acme.yaml'));
  const own = readSections(join('bench', 'year', 'people.yaml'));
  const protection = sample['protection'] as Record<string, unknown>;
  const extension = { ...(protection['extension'] as object), decidedBy: 'partner_manager' };
  const text = stringify(
    { ...sample, ...own, effectiveFrom: '2020-01-01', protection: { ...protection, extension } },
    { aliasDuplicateObjects: false },
  );
  const parsed = parseProgram(text, 'bench/year/people.yaml');
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.program;
}

function readSections(file: string): Readonly<Record<string, unknown>> {
  return parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

/** Everybody who decides, in a fixed order. */
export function approversOf({ governance }: Program): readonly string[] {
  return governance.people.map(({ alias }) => alias);
}

/** The first partner manager of the country's region; the default one where there is none. */
export function managerIn({ governance, regions }: Program, country: string): string {
  const region = regions.find(({ countries }) => countries.includes(country))?.id;
  const managers = governance.roles.find(({ id }) => id === 'partner_manager')?.members ?? [];
  const own = governance.people.find(({ alias, regions: of }) => managers.includes(alias) && region !== undefined && of.includes(region));
  return own?.alias ?? governance.defaultManager;
}
