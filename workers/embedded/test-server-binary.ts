import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../config.ts';
import { cacheFolder } from './cache-folder.ts';
import { waitForLock } from './process-lock.ts';
import { downloadWithSdk } from './sdk-download.ts';
import { findOnPath, type TemporalSearch } from './temporal-binary.ts';
import { patchLockRelease } from './test-server-patch.ts';
import { runTool, type ToolOutcome } from './tool-run.ts';

const VERSION = '1.38.0';

/** `missing` carries why, in words that a skipped test can show. */
export type TestServerSearch = { readonly kind: 'found'; readonly path: string } | { readonly kind: 'missing'; readonly reason: string };

/**
 * The program of the server whose time can be skipped, for tests: from the cache folder, by the SDK's own download (given up after 20 s), or from the Maven
 * artefact `io.temporal:temporal-test-server`, where the machine has Maven and Java.
 */
export async function findTestServer(search: TemporalSearch): Promise<TestServerSearch> {
  const cache = cacheFolder(search.machine);
  const folder = join(cache, `temporal-test-server-${VERSION}`);
  const script = join(folder, 'temporal-test-server');
  if (existsSync(script)) {
    writeScript(folder, folder);
    return { kind: 'found', path: script };
  }
  mkdirSync(cache, { recursive: true });
  const release = await waitForLock(join(cache, 'test-server.lock'), (holder) =>
    search.progress.say(`Another process (${holder}) is getting the time-skipping test server; waiting for it.`),
  );
  try {
    if (existsSync(script)) return { kind: 'found', path: script };
    const downloaded = await search.progress.during('downloading the time-skipping test server', () =>
      downloadWithSdk('time-skipping', cache, search.projectRoot),
    );
    if (downloaded !== null) return { kind: 'found', path: downloaded };
    const [maven, java] = [findOnPath('mvn', search.machine.path), findOnPath('java', search.machine.path)];
    if (maven === null || java === null) {
      return {
        kind: 'missing',
        reason: 'the download of the time-skipping test server failed, and there are no Maven and Java to get it with',
      };
    }
    const draft = `${folder}.${process.pid}`;
    try {
      const outcome = await search.progress.during('fetching the time-skipping test server with Maven', () =>
        resolveWithMaven(maven, draft),
      );
      if (outcome.code !== 0) return { kind: 'missing', reason: `Maven could not fetch the time-skipping test server:\n${outcome.said}` };
      writeScript(draft, folder);
      rmSync(folder, { recursive: true, force: true });
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return { kind: 'found', path: script };
  } finally {
    release();
  }
}

async function resolveWithMaven(maven: string, folder: string): Promise<ToolOutcome> {
  const libraries = join(folder, 'lib');
  mkdirSync(libraries, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), projectFile());
  const args = [
    '--batch-mode',
    '--no-transfer-progress',
    'dependency:copy-dependencies',
    `-DoutputDirectory=${libraries}`,
    '-DincludeScope=runtime',
  ];
  const outcome = await runTool(maven, args, { cwd: folder, env: inheritedEnvironment() });
  // A provider of SLF4J prints every frame of every call; without one the server is silent.
  for (const file of readdirSync(libraries)) if (/^(logback|slf4j-(simple|log4j|jdk14|reload4j))/.test(file)) rmSync(join(libraries, file));
  return outcome;
}

function projectFile(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;
}

/** Writes into `draft`, which is going to be `folder`, the program that the SDK starts with a port; also over the one that an earlier version of this file had kept. */
function writeScript(draft: string, folder: string): void {
  const script = join(draft, 'temporal-test-server');
  const text = startScript(folder);
  if (existsSync(script) && readFileSync(script, 'utf8') === text) return;
  patchLockRelease(join(draft, 'lib', `temporal-test-server-${VERSION}.jar`), join(draft, PATCH));
  const fresh = `${script}.${process.pid}`;
  writeFileSync(fresh, text);
  chmodSync(fresh, 0o755);
  renameSync(fresh, script);
}

const PATCH = 'patch';

/** One processor's garbage collector is enough. */
function startScript(folder: string): string {
  const classPath = `${join(folder, PATCH)}:${join(folder, 'lib')}/*`;
  return `#!/bin/sh
exec java -XX:+UseSerialGC -cp '${classPath.replaceAll("'", String.raw`'\''`)}' io.temporal.testserver.TestServer "$@"
`;
}
