import type { Figure, Scale } from './benchmark.ts';

export interface Measured {
  readonly name: string;
  readonly summary: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

export interface Report {
  readonly machine: { readonly processors: number; readonly node: string };
  readonly scale: Scale;
  readonly benchmarks: readonly Measured[];
}

/** The report as people read it: a table a benchmark. */
export function renderReport({ machine, scale, benchmarks }: Report): string {
  const head = `Dealkeeper benchmarks, ${machine.processors} processors, Node ${machine.node}${scale === 'small' ? ', small: the numbers mean little' : ''}`;
  return `${[head, ...benchmarks.flatMap(renderBenchmark)].join('\n')}\n`;
}

function renderBenchmark({ name, summary, seconds, figures }: Measured): readonly string[] {
  const rows = figures.map(({ measure, unit, ours, reference, ratio }) => [
    measure,
    `${ours} ${unit}`,
    `${reference.value} ${unit}`,
    ratio === null ? '–' : `× ${ratio}`,
    reference.what,
  ]);
  const table = [['', 'ours', 'beside', 'ratio', 'which is'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  return ['', `${name}: ${summary} (${seconds} s)`, ...lines];
}
