import { InvalidArgumentError, type Command } from 'commander';
import type { AuditFault } from '../../store/audit-fault.ts';
import { verifyAudit, type AuditReport } from '../../store/verify-audit.ts';
import { CommandFailure } from './command-failure.ts';
import { withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

const PROGRESS_EVERY_MS = 1_000;

/** `audit verify`: whether every entry that was ever recorded is there, unchanged, in its order. */
export function addAuditVerify(audit: Command): void {
  audit
    .command('verify')
    .description('read the whole record and name every entry that was changed, removed, moved or added past the program')
    .option('--head <hash>', 'a head that was printed before and noted elsewhere: it has to be in the chain still', parseHead)
    .option('--json', 'print JSON')
    .action(verify);
}

async function verify(options: { readonly head?: string; readonly json?: true }): Promise<void> {
  const report = await withStore((db) => verifyAudit(db, options.head ?? null, progressOnStderr()));
  if (options.json === true) printJson(report);
  else print(renderReport(report));
  const { faults, areMoreFaults } = report;
  if (faults.length === 0) return;
  const many = `${areMoreFaults ? 'More than ' : ''}${faults.length} ${faults.length === 1 && !areMoreFaults ? 'fault was' : 'faults were'} found in the record.`;
  throw new CommandFailure(
    many,
    'keep the database as it is, compare it with a backup and an earlier export, and find out who could write to it; docs/audit.md says what each fault can mean.',
  );
}

function renderReport(report: AuditReport): string {
  const { entries, subjects, from, to, sealed, unsealed, comments, head, noted, faults, areMoreFaults } = report;
  const read = from === null ? '' : `, from ${from} to ${to}`;
  const lines = [
    renderEntry('read', `${count(entries, 'entry', 'entries')} of ${count(subjects, 'subject', 'subjects')}${read}`),
    renderEntry('sealed', `${sealed}${unsealed === 0 ? '' : `; ${unsealed} not yet, which a running worker does within seconds`}`),
    renderEntry('comments', `${count(comments, 'command', 'commands')} compared with what was written then`),
    renderEntry('head', head === null ? 'nothing is sealed yet' : `${head.hash} (number ${head.ordinal})`),
    ...(noted === null || noted.ordinal === null
      ? []
      : [renderEntry('noted', `the head that was noted is number ${noted.ordinal}; ${sealed - noted.ordinal} came after it`)]),
  ];
  if (faults.length === 0) return [...lines, '', 'Every entry is as it was recorded.'].join('\n');
  const table = renderTable(['WHAT', 'OF', 'AT', 'WHY'], faults.map(cellsOf));
  return [...lines, '', table, ...(areMoreFaults ? ['', 'and more, which are not shown'] : [])].join('\n');
}

function cellsOf({ kind, subject, position, until, message }: AuditFault): readonly string[] {
  const at = position === null ? '' : until === undefined || until === position ? String(position) : `${position}–${until}`;
  return [kind, subject ?? 'the seals', at, message];
}

function count(many: number, one: string, several: string): string {
  return `${many} ${many === 1 ? one : several}`;
}

/** Says how far it is, once it takes longer than a second. */
function progressOnStderr(): (checked: number) => void {
  let toldAtMs = performance.now();
  return (checked) => {
    // Asking for the time with every entry would cost more than the rest of the telling.
    if (checked % 1_000 !== 0 || performance.now() - toldAtMs < PROGRESS_EVERY_MS) return;
    toldAtMs = performance.now();
    process.stderr.write(`${checked} entries and seals read\n`);
  };
}

function parseHead(text: string): string {
  const hash = text.toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new InvalidArgumentError('expected the 64 hexadecimal digits that `audit verify` prints as head.');
}
