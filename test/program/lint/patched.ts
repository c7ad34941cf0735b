import { checkDefinition, type CheckFinding } from '../../../program/definition/check.ts';
import { ACME_YAML } from '../example.ts';

/** A passage of acme's definition and what stands there instead. */
export type Patch = readonly [passage: string, replacement: string];

/** A day on which nothing of acme is past its date. */
export const TODAY = '2026-11-23';

/** Acme's definition with some passages replaced, one after another; each has to be there. */
export function patched(...patches: readonly Patch[]): string {
  return patches.reduce((text, [passage, replacement]) => {
    if (!text.includes(passage)) throw new Error(`the definition does not contain: ${passage}`);
    return text.replace(passage, () => replacement);
  }, ACME_YAML);
}

/** What the linter finds in acme's definition with some passages replaced. */
export function findingsWith(...patches: readonly Patch[]): readonly CheckFinding[] {
  return findingsIn(patched(...patches));
}

/** What the linter finds in a definition. One that it does not come to, because it cannot be read, is a mistake of the test. */
export function findingsIn(text: string): readonly CheckFinding[] {
  const { findings } = checkDefinition(text, 'programs/acme.yaml', TODAY);
  const unread = findings.filter(({ code }) => code.startsWith('P'));
  if (unread.length > 0) throw new Error(unread.map(({ code, path, message }) => `${code} ${path}: ${message}`).join('\n'));
  return findings;
}

export function codesOf(findings: readonly CheckFinding[]): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))].sort();
}
