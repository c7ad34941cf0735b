import { DateTime } from 'luxon';
import type { Program } from '../definition/program.ts';
import type { PlainDate } from '../vocabulary.ts';
import { finding, type LintFinding } from './finding.ts';

/** The documents that carry a partner program, by the ids under which a definition lists them. */
const SEVEN_DOCUMENTS = [
  'partner_agreement',
  'program_guide',
  'partner_playbook',
  'enablement_curriculum',
  'marketing_guidelines',
  'commission_policy',
  'escalation_procedures',
] as const;

type ProgramDocument = Program['documents'][number];

/** After so long an update is due; null: by no date. */
const DUE_AFTER: Readonly<Record<ProgramDocument['cadence'], { readonly months: number } | null>> = {
  annual: { months: 12 },
  quarterly: { months: 3 },
  per_release: null,
  as_needed: null,
};

/** L501–L507: documents, launch and rates, as they stand on `today`. A document is due from the day on that is its cadence after its last update. */
export function lintDocuments(program: Program, today: PlainDate): readonly LintFinding[] {
  const { documents, launch, rates } = program;
  const missing = SEVEN_DOCUMENTS.filter((id) => !documents.some((document) => document.id === id));
  const hasPilot = launch.some(({ phase }) => phase.includes('pilot'));
  return [
    ...(missing.length === 0 ? [] : [finding('L501', ['documents'], `missing: ${missing.join(', ')}`)]),
    ...documents.flatMap((document, at) => lintDocument(document, at, today)),
    ...(launch.length > 0 && !hasPilot
      ? [finding('L505', ['launch'], `no pilot among ${launch.map(({ phase }) => phase).join(', ')}`)]
      : []),
    ...(documents.length > 0 && documents.every(({ cadence }) => DUE_AFTER[cadence] === null)
      ? [finding('L506', ['documents'], 'no document is due by a date')]
      : []),
    ...(addMonths(rates.date, 12) < today ? [finding('L507', ['rates', 'date'], `the rates are of ${rates.date}`)] : []),
  ];
}

function lintDocument({ id, cadence, updatedOn }: ProgramDocument, at: number, today: PlainDate): readonly LintFinding[] {
  const path = ['documents', at];
  const dueAfter = DUE_AFTER[cadence];
  if (updatedOn === undefined) return dueAfter === null ? [] : [finding('L503', path, `${id} is ${cadence} and has no date`)];
  if (updatedOn > today) return [finding('L504', [...path, 'updatedOn'], `${id} is of ${updatedOn}, and today is ${today}`)];
  if (dueAfter === null) return [];
  const due = addMonths(updatedOn, dueAfter.months);
  return due <= today ? [finding('L502', [...path, 'updatedOn'], `${id} is ${cadence}, of ${updatedOn}, and was due on ${due}`)] : [];
}

/** Where the month has no such day, its last one. */
function addMonths(date: PlainDate, months: number): PlainDate {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ months }).toISODate() ?? date;
}
