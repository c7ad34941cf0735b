import type { Command } from 'commander';
import { listAudit, type AuditEntry } from '../../store/audit.ts';
import { addAuditExport } from './audit-export.ts';
import { auditSubject } from './audit-subject.ts';
import { addAuditVerify } from './audit-verify.ts';
import { withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderTable } from './table.ts';
import { wholeNumber } from './whole-number.ts';

/** `audit …`: what was done, when and by whom, and whether the record of it is whole. */
export function addAuditCommands(root: Command): void {
  const audit = root.command('audit').description('read what was done, when and by whom; verify that the record of it is whole');

  audit
    .command('list')
    .argument(
      '<subject>',
      'registration/<id>, case/<id>, partner/<id>, customer/<id>, program/<id>, sync-issue/<id>, connection/<name> or channel/<name>',
    )
    .description('list what was done to one subject, the oldest first')
    .option('--limit <number>', 'how many of the latest entries, 1–1000', wholeNumber(1, 1000), 100)
    .option('--json', 'print JSON')
    .action(list);

  addAuditVerify(audit);
  addAuditExport(audit);
}

async function list(named: string, options: { readonly limit: number; readonly json?: true }): Promise<void> {
  const subject = auditSubject(named);
  const items = await withStore((db) => listAudit(db, subject, options.limit));
  if (options.json === true) printJson({ items });
  else
    print(
      items.length === 0 ? `Nothing is recorded of ${subject}.` : renderTable(['#', 'AT', 'WHAT', 'BY', 'DETAILS'], items.map(cellsOf)),
    );
}

function cellsOf({ position, at, kind, actor, details }: AuditEntry): readonly string[] {
  const shown = Object.entries(details).filter(([, value]) => value !== null);
  return [
    String(position),
    at,
    kind,
    actor,
    shown.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' '),
  ];
}
