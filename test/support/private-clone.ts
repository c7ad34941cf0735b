import { chmodSync, chownSync, copyFileSync, cpSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyProject } from './project-copy.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

export interface PrivateClone {
  /** The folder with the project in it, which only its owner may enter. */
  readonly path: string;
  /** An empty home, and a folder with the `temporal` program for the PATH. */
  readonly home: string;
  readonly bin: string;
  remove(): void;
}

/**
 * The project as it is here, with its packages, in a folder that only `uid` may enter. Files are linked where the file system can, copied otherwise; the folders
 * above the clone of the tests are not entered, so that it may itself lie where nobody else can look.
 */
export function makePrivateClone(temporalProgram: string, uid: number, gid: number): PrivateClone {
  const folder = makeTemporaryFolder('private');
  const path = join(folder.path, 'dealkeeper');
  copyProject(path);
  linkTree('node_modules', join(path, 'node_modules'));
  const home = join(folder.path, 'home');
  const bin = join(folder.path, 'bin');
  for (const made of [home, bin]) mkdirSync(made);
  copyFileSync(temporalProgram, join(bin, 'temporal'));
  chmodSync(join(bin, 'temporal'), 0o755);
  for (const owned of [path, home, folder.path]) {
    chownSync(owned, uid, gid);
    chmodSync(owned, 0o700);
  }
  return { path, home, bin, remove: folder.remove };
}

function linkTree(from: string, to: string): void {
  try {
    linkInto(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, force: true });
  }
}

function linkInto(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkInto(join(from, entry.name), join(to, entry.name));
    else if (entry.isSymbolicLink()) cpSync(join(from, entry.name), join(to, entry.name), { verbatimSymlinks: true });
    else linkSync(join(from, entry.name), join(to, entry.name));
  }
}
