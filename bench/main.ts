import { availableParallelism } from 'node:os';
import { Argument, Command } from 'commander';
import type { Benchmark, Scale } from './benchmark.ts';
import { decision } from './decision.ts';
import { idle } from './idle.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { renderReport, type Measured } from './report.ts';
import { start } from './start.ts';
import { visible } from './visible.ts';

/** `npm run bench -- [name] [--json]`: each benchmark brings up a system of its own and stops it again. */

const BENCHMARKS: readonly Benchmark[] = [start, decision, visible, push, pull, idle];
const listed = BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`).join('\n');

async function measure(chosen: readonly Benchmark[], scale: Scale): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const { name, summary, run } of chosen) {
    process.stderr.write(`${name}: ${summary}\n`);
    const startedAt = performance.now();
    const figures = await run(scale);
    measured.push({ name, summary, seconds: Math.round((performance.now() - startedAt) / 100) / 10, figures });
  }
  return measured;
}

const program = new Command('bench')
  .description('Measures the system beside what it could be at best, or beside what does the same without it.')
  .addArgument(new Argument('[name]', 'one benchmark; all where it is left out').choices(BENCHMARKS.map(({ name }) => name)))
  .option('--json', 'print the figures as JSON')
  .option('--small', 'with a few records each: shows that the benchmarks work, the numbers mean little')
  .addHelpText('after', `\nBenchmarks:\n${listed}`)
  .action(async (name: string | undefined, options: { json?: true; small?: true }) => {
    const chosen = BENCHMARKS.filter((benchmark) => name === undefined || benchmark.name === name);
    const machine = { processors: availableParallelism(), node: process.version };
    const report = {
      machine,
      scale: options.small ? 'small' : 'full',
      benchmarks: await measure(chosen, options.small ? 'small' : 'full'),
    } as const;
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
  });

try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
