import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '../config.ts';

/** The folder outside the clone in which found and built programs are kept: `$XDG_CACHE_HOME/dealkeeper`, else `~/.cache/dealkeeper`, else in the system's temp. */
export function cacheFolder(machine: Configuration['machine']): string {
  if (machine.cacheHome !== null) return join(machine.cacheHome, 'dealkeeper');
  const home = machine.home ?? homedir();
  return home === '' || home === '/' || home === '/nonexistent'
    ? join(tmpdir(), `dealkeeper-cache-${process.getuid?.() ?? 'user'}`)
    : join(home, '.cache', 'dealkeeper');
}
