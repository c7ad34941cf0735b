import { dirname, join } from 'node:path';
import { readSourceTree } from '../architecture/source-file.ts';

const files = new Map(readSourceTree(process.cwd()).map((file) => [file.path, file]));

/** The packages whose modules a workflow evaluates when it starts, by the file that imports them. */
function packagesBehind(entry: string): readonly string[] {
  const seen = new Set<string>();
  const packages: string[] = [];
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { specifier, isTypeOnly } of files.get(path)?.imports ?? []) {
      if (isTypeOnly) continue;
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier));
      else packages.push(`${path}: ${specifier}`);
    }
  };
  visit(entry);
  return packages;
}

describe('the workflows', () => {
  // The bundle is evaluated anew for every workflow that starts: zod alone took longer than everything else in it.
  it('bring no package into the bundle but those of Temporal', () => {
    expect(packagesBehind('workflows/index.ts').filter((line) => !line.includes(': @temporalio/'))).toEqual([]);
  });

  it('were seen by this test as far as the files that they share', () => {
    expect(packagesBehind('workflows/index.ts').length).toBeGreaterThan(3);
    expect(packagesBehind('program/outbox-message.ts')).toEqual(['program/outbox-message.ts: zod']);
  });
});
