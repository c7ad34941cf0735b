import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { Instant } from '../../program/vocabulary.ts';
import { exportAudit } from '../../store/export-audit.ts';
import { auditSubject } from './audit-subject.ts';
import { instant } from './instant.ts';
import { withStore } from './installation.ts';

/** `audit export`: the record as JSON lines, each with what it takes to verify it by SHA-256 alone. */
export function addAuditExport(audit: Command): void {
  audit
    .command('export')
    .description('print the record as JSON lines, the oldest first; docs/audit.md says how a line is verified')
    .option('--subject <subject>', 'only entries of one subject, such as registration/<id>')
    .option('--since <instant>', 'only entries of this instant and later, such as 2026-01-31 or 2026-01-31T12:00:00Z (UTC)', instant)
    .option('--until <instant>', 'only entries before this instant', instant)
    .action(run);
}

interface ExportOptions {
  readonly subject?: string;
  readonly since?: Instant;
  readonly until?: Instant;
}

async function run({ subject, since, until }: ExportOptions): Promise<void> {
  const filter = { subject: subject === undefined ? null : auditSubject(subject), since: since ?? null, until: until ?? null };
  await withStore(async (db) => {
    try {
      // Waits for whoever reads: no more than a few pages are in memory, however long the record is.
      await pipeline(Readable.from(chunksOf(exportAudit(db, filter))), process.stdout, { end: false });
    } catch (error) {
      // Whoever reads has enough, such as `head`.
      if ((error as { readonly code?: unknown }).code !== 'EPIPE') throw error;
    }
  });
}

async function* chunksOf(pages: ReturnType<typeof exportAudit>): AsyncGenerator<string> {
  for await (const lines of pages) yield lines.map((line) => `${line}\n`).join('');
}
