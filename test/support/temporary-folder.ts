import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that only its owner may enter, and how to remove it with all that is in it. */
export function makeTemporaryFolder(purpose: string): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `dealkeeper-${purpose}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
