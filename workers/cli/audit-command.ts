import type { Command } from 'commander';
import { listAudit, type AuditEntry } from '../../store/audit.ts';
import { CommandFailure } from './command-failure.ts';
import { withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderTable } from './table.ts';
import { wholeNumber } from './whole-number.ts';

const SUBJECT = /^(registration|case|partner|sync-issue|connection|channel)\/[\w.:-]+$/;

/** `audit …`: what was done, when and by whom. */
export function addAuditCommands(root: Command): void {
  const audit = root.command('audit').description('read what was done, when and by whom');

  audit
    .command('list')
    .argument('<subject>', 'registration/<id>, case/<id>, partner/<id>, sync-issue/<id>, connection/<name> or channel/<name>')
    .description('list what was done to one subject, the oldest first')
    .option('--limit <number>', 'how many of the latest entries, 1–1000', wholeNumber(1, 1000), 100)
    .option('--json', 'print JSON')
    .action(list);
}

async function list(subject: string, options: { readonly limit: number; readonly json?: true }): Promise<void> {
  if (!SUBJECT.test(subject)) {
    throw new CommandFailure(
      `${JSON.stringify(subject)} names no subject.`,
      'name it by kind and id, such as registration/0beca7e1-8c2f-4dbd-bcde-8109b06b0173 or connection/salesforce.',
    );
  }
  const items = await withStore((db) => listAudit(db, subject, options.limit));
  if (options.json === true) printJson({ items });
  else print(items.length === 0 ? `Nothing is recorded of ${subject}.` : renderTable(['AT', 'WHAT', 'BY', 'DETAILS'], items.map(cellsOf)));
}

function cellsOf({ at, kind, actor, details }: AuditEntry): readonly string[] {
  const shown = Object.entries(details).filter(([, value]) => value !== null);
  return [at, kind, actor, shown.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')];
}
