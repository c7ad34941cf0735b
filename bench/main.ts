import { availableParallelism } from 'node:os';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { audit } from './audit.ts';
import type { Benchmark, Scale } from './benchmark.ts';
import { bulk, hubspot } from './bulk.ts';
import { claims } from './claims.ts';
import { decision } from './decision.ts';
import { idle } from './idle.ts';
import { matching } from './matching.ts';
import { portalSandbox } from './portal-sandbox.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { renderReport, type Measured } from './report.ts';
import { sandbox } from './sandbox.ts';
import { scale } from './scale.ts';
import { simulation } from './simulation.ts';
import { start } from './start.ts';
import { visible } from './visible.ts';
import { year } from './year.ts';

/** `npm run bench -- [name] [--json]`: each benchmark brings up a system of its own and stops it again. */

const BENCHMARKS: readonly Benchmark[] = [
  start,
  decision,
  visible,
  push,
  pull,
  bulk,
  hubspot,
  idle,
  simulation,
  matching,
  scale,
  claims,
  audit,
  sandbox,
  portalSandbox,
  year,
];
const listed = BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n');

async function measure(
  chosen: readonly Benchmark[],
  scale: Scale,
  times: number,
): Promise<{ readonly benchmarks: readonly Measured[]; readonly counts: Readonly<Record<string, number>> }> {
  const benchmarks: Measured[] = [];
  const counts: Record<string, number> = {};
  for (const { name, summary, run } of chosen) {
    process.stderr.write(`${name}: ${summary}\n`);
    const startedAt = performance.now();
    const found = await run(scale, times);
    const figures = 'figures' in found ? found.figures : found;
    if ('counts' in found) Object.assign(counts, found.counts);
    benchmarks.push({ name, summary, seconds: Math.round((performance.now() - startedAt) / 100) / 10, figures });
  }
  return { benchmarks, counts };
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('expected a whole number from 1 to 1000');
}

const program = new Command('bench')
  .description('Measures the system beside what it could be at best, or beside what does the same without it.')
  .addArgument(new Argument('[name]', 'one benchmark; all where it is left out').choices(BENCHMARKS.map(({ name }) => name)))
  .option('--json', 'print the figures as JSON')
  .option('--times <count>', 'how many draws of the sample `matching` takes, or how many times its history `audit`', wholeNumber, 1)
  .option('--small', 'with a few records each: shows that the benchmarks work, the numbers mean little')
  .addHelpText('after', `\nBenchmarks:\n${listed}`)
  .action(async (name: string | undefined, options: { json?: true; small?: true; times: number }) => {
    const chosen = BENCHMARKS.filter((benchmark) => name === undefined || benchmark.name === name);
    const machine = { processors: availableParallelism(), node: process.version };
    const { benchmarks, counts } = await measure(chosen, options.small ? 'small' : 'full', options.times);
    const report = { machine, scale: options.small ? 'small' : 'full', benchmarks } as const;
    process.stdout.write(options.json ? `${JSON.stringify({ ...counts, ...report })}\n` : renderReport(report));
    const wrong = Object.entries(counts).filter(([, count]) => count > 0);
    if (wrong.length === 0) return;
    process.stderr.write(
      `What may not happen did: ${wrong.map(([name, count]) => `${name} ${count}`).join(', ')}; what it was is said above.\n`,
    );
    process.exitCode = 1;
  });

try {
  await program.parseAsync();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
