import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { patchLockRelease } from '../../../workers/embedded/test-server-patch.ts';

const CLASS = 'io/temporal/internal/testservice/SelfAdvancingTimerImpl$TimerLockHandle.class';
const folder = makeTemporaryFolder('test-server-patch');
afterAll(folder.remove);

/** As a class file holds a text: its kind, two bytes of length, and the text. */
const constant = (text: string): string => `\u0001\u0000${String.fromCodePoint(text.length)}${text}`;

function jarWith(name: string, files: Readonly<Record<string, string>>): { readonly jar: string; readonly patch: string } {
  const own = join(folder.path, name);
  mkdirSync(own);
  const jar = join(own, 'server.jar');
  writeFileSync(jar, zipSync(Object.fromEntries(Object.entries(files).map(([file, content]) => [file, Buffer.from(content, 'latin1')]))));
  return { jar, patch: join(own, 'patch') };
}

describe('patchLockRelease', () => {
  it('has the one method that looks for a lock begin at the end, and leaves everything else as it was', () => {
    const around = [
      `\u00CA\u00FE${constant('java/util/LinkedList')}`,
      `${constant('removed')}${constant('(Ljava/lang/Object;)Z')}`,
    ] as const;
    const { jar, patch } = jarWith('known', { [CLASS]: around.join(constant('remove')), 'Other.class': constant('remove') });
    expect(patchLockRelease(jar, patch)).toBe(true);
    expect(readFileSync(join(patch, CLASS), 'latin1')).toBe(around.join(constant('removeLastOccurrence')));
    expect(existsSync(join(patch, 'Other.class'))).toBe(false);
  });

  it.each([
    ['without the class', { 'Other.class': constant('remove') }],
    ['where it calls no such method', { [CLASS]: constant('removeLastOccurrence') }],
    ['where the name stands for more than one thing', { [CLASS]: constant('remove').repeat(2) }],
  ])('writes nothing for a server %s', (name, files) => {
    const { jar, patch } = jarWith(name.replaceAll(' ', '-'), files);
    expect(patchLockRelease(jar, patch)).toBe(false);
    expect(existsSync(patch)).toBe(false);
  });
});
