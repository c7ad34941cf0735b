import { parse, stringify } from 'yaml';
import { checkDefinition } from '../../program/definition/check.ts';
import { readDocument } from './document.ts';

const text = readDocument('docs/shortest-program.yaml');
const sections = parse(text) as Readonly<Record<string, unknown>>;

function errorsOf(yaml: string): readonly string[] {
  const { findings } = checkDefinition(yaml, 'shortest-program.yaml', '2026-11-23');
  return findings.filter(({ severity }) => severity === 'error').map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

describe('docs/shortest-program.yaml', () => {
  it('passes', () => {
    expect(errorsOf(text)).toEqual([]);
  });

  it.each(Object.keys(sections))('would not pass without its section %s', (section) => {
    expect(errorsOf(stringify({ ...sections, [section]: undefined }))).not.toEqual([]);
  });

  it('is what the guide points to', () => {
    expect(readDocument('docs/program.md')).toContain('(shortest-program.yaml)');
  });
});
