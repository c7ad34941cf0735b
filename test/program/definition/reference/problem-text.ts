import { parseProgram } from '../../../../program/definition/parse.ts';
import { ACME_YAML } from '../../example.ts';

/** All that is wrong with a definition, a line each; empty where nothing is. */
export function problemsOf(yamlText: string): string {
  const parsed = parseProgram(yamlText, 'programs/acme.yaml');
  return parsed.kind === 'invalid' ? parsed.problems.map(({ message }) => message).join('\n') : '';
}

/** Acme's program with something more at its root. */
export function acmeAnd(section: string): string {
  return `${ACME_YAML}\n${section}\n`;
}
