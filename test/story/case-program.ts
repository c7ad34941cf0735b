import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Starter } from '../support/embedded-system.ts';
import { copyProject } from '../support/project-copy.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** What the program of the story says otherwise than `programs/acme.yaml`: two roles have a minute to answer in place of a business day, and a desk of its own hears appeals. */
const CHANGES: readonly (readonly [shipped: string, told: string])[] = [
  [
    "{ role: partner_manager, approvalLimit: '100000.00', deadline: 1 business day,",
    "{ role: partner_manager, approvalLimit: '100000.00', deadline: 1 minute,",
  ],
  [
    "{ role: director, approvalLimit: '250000.00', deadline: 1 business day,",
    "{ role: director, approvalLimit: '250000.00', deadline: 1 minute,",
  ],
  [
    '    - id: partner_marketing\n',
    `    - id: appeals
      label: Appeals Desk
      scope: appeals
      purpose: a second look by somebody who did not decide
      headcount: 1
      members: [ines]
    - id: partner_marketing
`,
  ],
  [
    '  defaultManager: manager',
    '  desks: [{ role: appeals, approvalLimit: null, deadline: 2 business days, silence: keep_asking, escalatesTo: vp }]\n  defaultManager: manager',
  ],
  ['  needsNewEvidence: true\n', '  needsNewEvidence: true\n  steps: [{ role: appeals }]\n'],
];

/** A copy of the project, as it is here, in which Acme's program is that of the story. */
export function copyWithCaseProgram(): { readonly starter: Starter; readonly remove: () => void } {
  const folder = makeTemporaryFolder('case');
  const clone = join(folder.path, 'dealkeeper');
  copyProject(clone);
  symlinkSync(resolve('node_modules'), join(clone, 'node_modules'));
  const file = join(clone, 'programs', 'acme.yaml');
  writeFileSync(file, changed(readFileSync(file, 'utf8')));
  return { starter: { clone, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, environment: {} }, remove: folder.remove };
}

function changed(definition: string): string {
  return CHANGES.reduce((text, [shipped, told]) => {
    if (!text.includes(shipped)) throw new Error(`programs/acme.yaml does not say: ${shipped}`);
    return text.replace(shipped, told);
  }, definition);
}
