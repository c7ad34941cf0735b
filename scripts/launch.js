/**
 * Starts a TypeScript file of this clone, or the program of an installed package, on the Node that the packages bring:
 *
 *   node scripts/launch.js <file.ts> [arguments]
 *   node scripts/launch.js --bin <name> [arguments]
 *
 * Installs what is missing first. The exit code is the program's.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInForeground } from './child-run.js';
import { bundledNode, ensurePackages, InstallFailure } from './package-install.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The file behind `node_modules/.bin/<name>`: all of them are started with the bundled Node, whatever their first line says. */
function binaryFile(name) {
  const owner = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(owner)) return null;
  const { bin } = JSON.parse(readFileSync(owner, 'utf8'));
  const relative = typeof bin === 'string' ? bin : bin?.[name];
  return relative === undefined ? null : join(root, 'node_modules', name, relative);
}

async function main(args) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(
      `Node ${process.versions.node} is too old to start this; it takes Node 20 or newer.\nRemedy: install Node 20 or newer and run the command again.`,
    );
    return 1;
  }
  const wantsBinary = args[0] === '--bin';
  const name = wantsBinary ? args[1] : args[0];
  if (name === undefined) {
    console.error('Usage: node scripts/launch.js <file.ts> [arguments], or node scripts/launch.js --bin <name> [arguments]');
    return 2;
  }
  await ensurePackages(root);
  const file = wantsBinary ? binaryFile(name) : isAbsolute(name) ? name : join(root, name);
  if (file === null || !existsSync(file)) {
    console.error(wantsBinary ? `No installed package has a program "${name}".` : `There is no file ${name} in this clone.`);
    return 2;
  }
  // node:sqlite prints a warning that says nothing to those who only run the program.
  const nodeOptions = ['--disable-warning=ExperimentalWarning'];
  return runInForeground(bundledNode(root), [...nodeOptions, file, ...args.slice(wantsBinary ? 2 : 1)]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof InstallFailure) console.error(error.message);
  else console.error(`The program cannot be started: ${error.message}\nRemedy: delete the folder node_modules and run the command again.`);
  process.exitCode = 1;
}
