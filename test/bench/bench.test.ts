import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { figure, quantile } from '../../bench/benchmark.ts';
import { isolatedEnvironment } from '../../bench/running-system.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const report = z.strictObject({
  machine: z.strictObject({ processors: z.int().positive(), node: z.string() }),
  scale: z.enum(['full', 'small']),
  benchmarks: z.array(
    z.strictObject({
      name: z.string(),
      summary: z.string(),
      seconds: z.number().positive(),
      figures: z
        .array(
          z.strictObject({
            measure: z.string().min(1),
            unit: z.string().min(1),
            ours: z.number().nonnegative(),
            reference: z.strictObject({ what: z.string().min(1), value: z.number().nonnegative() }),
            ratio: z.number().nonnegative().nullable(),
          }),
        )
        .min(1),
    }),
  ),
});

function runBench(args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const main = [join(process.cwd(), 'bench', 'main.ts'), ...args];
  const folder = makeTemporaryFolder('bench-test');
  try {
    const env = isolatedEnvironment(folder.path, 5);
    return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...main], { encoding: 'utf8', env });
  } finally {
    folder.remove();
  }
}

describeWith(findServers().temporal, 'npm run bench', () => {
  it('prints with --json what was measured beside what, and nothing else', () => {
    const { status, stdout, stderr } = runBench(['decision', '--small', '--json']);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { benchmarks, scale } = report.parse(JSON.parse(stdout));
    expect({ scale, names: benchmarks.map(({ name }) => name) }).toEqual({ scale: 'small', names: ['decision'] });
    for (const { ours, reference, ratio } of benchmarks.flatMap(({ figures }) => figures)) {
      // Both are rounded to three digits, and so is their ratio.
      if (ratio !== null) expect(Math.abs(ratio / (ours / reference.value) - 1)).toBeLessThan(0.02);
    }
  }, 120_000);
});

describeWith(findServers().timeSkipping, 'npm run bench -- year', () => {
  it('plays claims, approvers and absences, and counts what may not happen: nothing', () => {
    const { status, stdout, stderr } = runBench(['year', '--small', '--json']);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trimEnd()).not.toContain('\n');
    const { stuck, lateWithoutEscalation, decidedTwice, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ stuck, lateWithoutEscalation, decidedTwice }).toEqual({ stuck: 0, lateWithoutEscalation: 0, decidedTwice: 0 });
    const figures = report.parse(rest).benchmarks.flatMap((benchmark) => benchmark.figures);
    const ours = (measure: string): number => figures.find((one) => one.measure === measure)?.ours ?? -1;
    expect(ours('questions put to people')).toBeGreaterThan(10);
    expect(ours('answered by a person')).toBeGreaterThan(5);
    expect(ours('absences entered')).toBeGreaterThan(20);
  }, 180_000);
});

describe('npm run bench -- sandbox', () => {
  it('loads and reads rows, and loses none, also by a restart', () => {
    const { status, stdout, stderr } = runBench(['sandbox', '--small', '--json']);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { rowsNotLoaded, rowsMissingInPages, rowsMissingInJob, rowsLostByRestart, ...rest } = JSON.parse(stdout) as Record<
      string,
      unknown
    >;
    expect([rowsNotLoaded, rowsMissingInPages, rowsMissingInJob, rowsLostByRestart]).toEqual([0, 0, 0, 0]);
    const figures = report.parse(rest).benchmarks.flatMap((benchmark) => benchmark.figures);
    expect(figures.find((one) => one.measure.startsWith('rows read through /query'))?.ours).toBeGreaterThan(0);
  }, 120_000);
});

describe('npm run bench', () => {
  it('names the benchmarks that there are when asked for another', () => {
    const { status, stdout, stderr } = runBench(['speed', '--json']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    for (const name of ['start', 'decision', 'visible', 'push', 'pull', 'idle', 'matching', 'scale', 'claims', 'audit', 'sandbox'])
      expect(stderr).toContain(name);
  });
});

describe('figure', () => {
  it('has no ratio to nothing', () => {
    expect(figure('writes', 'calls', 0, 'none', 0).ratio).toBeNull();
    expect(figure('writes', 'calls', 3, 'one', 2).ratio).toBe(1.5);
  });
});

describe('quantile', () => {
  it.each([
    ['the median of an odd number', [3, 1, 2], 0.5, 2],
    ['the median of an even number, by nearest rank', [4, 1, 3, 2], 0.5, 2],
    ['the largest', [3, 1, 2], 1, 3],
    ['the smallest', [3, 1, 2], 0, 1],
    ['of a single one', [7], 0.95, 7],
  ])('is %s', (_what, samples, share, value) => {
    expect(quantile(samples, share)).toBe(value);
  });

  it('is nothing without samples', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});
