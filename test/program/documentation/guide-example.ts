import { parse, stringify } from 'yaml';
import { checkDefinition, type CheckedDefinition } from '../../../program/definition/check.ts';
import type { Program } from '../../../program/definition/program.ts';
import { ACME_YAML } from '../example.ts';

interface Written {
  readonly rules?: { readonly hitPolicy?: string; readonly order: readonly { readonly id: string }[] };
}

/** Acme's program with the sections of `example` put in. Rows of the example stand before Acme's, and instead of those of the same rule. */
export function checkExample(example: string): CheckedDefinition {
  const acme = parse(ACME_YAML) as Required<Written>;
  const sections = parse(example) as Written;
  const rows = sections.rules?.order ?? [];
  const others = acme.rules.order.filter(({ id }) => !rows.some((row) => row.id === id));
  const rules = { ...acme.rules, ...sections.rules, order: [...rows, ...others] };
  return checkDefinition(stringify({ ...acme, ...sections, rules }), 'example.yaml', '2026-11-23');
}

export function programOf(example: string): Program {
  const { program, findings } = checkExample(example);
  if (program === null) throw new Error(findings.map(({ code, path, message }) => `${code} ${path}: ${message}`).join('\n'));
  return program;
}
