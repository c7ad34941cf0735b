import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../workers/config.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { readDocument, sectionOf, shellBlocks, tableIn } from './document.ts';

const page = readDocument('docs/audit.md');
const texts = [...page.matchAll(/^```text\n(.*)\n```$/gm)].map(([, text = '']) => text);
const [entry = '', seal = '', line = ''] = texts;
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('docs/audit.md', () => {
  it('shows an entry, its seal and its line that belong together', () => {
    expect(texts).toHaveLength(3);
    expect(JSON.parse(line)).toEqual({
      hash: sha256(entry),
      seal: { hash: sha256(seal), ordinal: 1, previous: '0'.repeat(64) },
      entry: JSON.parse(entry) as object,
    });
    expect(JSON.parse(seal)).toMatchObject({ entry: sha256(entry), position: 1 });
    expect(line.endsWith(`,"entry":${entry}}`)).toBe(true);
    expect(entry).toContain(`"commentDigest":"${sha256('A known customer.')}"`);
  });

  it('has commands of a shell that verify a file, and see what was changed in it', () => {
    const [verification = ''] = shellBlocks(sectionOf(page, 'Export')).map((block) => block.slice(block.indexOf('while ')));
    const folder = makeTemporaryFolder('audit-page');
    try {
      const changed = line.replace('"approve"', '"deny"').replace(/"seal":\{[^}]*\}/, '"seal":null');
      writeFileSync(join(folder.path, 'claim.jsonl'), `${line}\n${changed}\n`);
      const { stdout, stderr } = spawnSync('sh', ['-c', verification], { cwd: folder.path, encoding: 'utf8', env: inheritedEnvironment() });
      expect(stderr).toBe('');
      const [good, bad] = stdout
        .trimEnd()
        .split('\n')
        .map((printed) => printed.split('  '));
      expect(good).toEqual([sha256(entry), sha256(entry)]);
      expect(bad).toEqual([sha256(entry), sha256(entry.replace('"approve"', '"deny"'))]);
    } finally {
      folder.remove();
    }
  });

  it('explains every fault that a verification can name', () => {
    const kinds = /export type AuditFaultKind = ([^;]*);/.exec(readDocument('store/audit-fault.ts'))?.[1] ?? '';
    const named = [...kinds.matchAll(/'(\w+)'/g)].map(([, kind = '']) => kind);
    expect(named.length).toBeGreaterThan(5);
    expect(tableIn(sectionOf(page, 'Verify')).map(({ fault }) => fault)).toEqual(named);
  });
});
