import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** The class that takes back a lock of the server's clock. */
const CLASS = 'io/temporal/internal/testservice/SelfAdvancingTimerImpl$TimerLockHandle.class';
/** Of `LinkedList`: both take an object out and say whether it was there, the second one beginning at the end. */
const FROM_THE_BEGINNING = 'remove';
const FROM_THE_END = 'removeLastOccurrence';

/**
 * Writes into `folder`, which belongs before `jar` on the class path, the one class of the time-skipping server (1.38.0) that makes it slower the longer it runs.
 *
 * The server keeps every lock of its clock in a list, from which some are never taken out, and looks for the one that is given back from the beginning of that list,
 * though it is one of the last. After half a year of events a release walks 150,000 entries. The class is as it was but for the name of the method that looks, so that
 * it begins at the end. Where the class is another one than is known, nothing is written and the server is as slow as it was. Returns whether it was written.
 */
export function patchLockRelease(jar: string, folder: string): boolean {
  const code = unzipSync(readFileSync(jar), { filter: ({ name }) => name === CLASS })[CLASS];
  const patched = code === undefined ? null : replaceOnce(Buffer.from(code), constant(FROM_THE_BEGINNING), constant(FROM_THE_END));
  if (patched === null) return false;
  const file = join(folder, CLASS);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, patched);
  return true;
}

/** A text as a class file holds it. https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html#jvms-4.4.7 */
function constant(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([1, 0, 0]);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function replaceOnce(data: Buffer, old: Buffer, fresh: Buffer): Buffer | null {
  const at = data.indexOf(old);
  if (at < 0 || data.indexOf(old, at + 1) >= 0) return null;
  return Buffer.concat([data.subarray(0, at), fresh, data.subarray(at + old.length)]);
}
