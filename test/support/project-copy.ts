import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Copies the project as it is here into `folder`, without its packages. */
export function copyProject(folder: string): void {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' }).split('\0');
  for (const file of files.filter((name) => name !== '' && name !== 'node_modules')) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    copyFileSync(file, join(folder, file));
  }
}
