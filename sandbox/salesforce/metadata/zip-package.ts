/** Reads the zip file of a deployment: which components it holds, and what is wrong with it as a package. */

import { unzipSync } from 'fflate';
import type { Component } from './component.ts';
import { componentKey, splitObject } from './component.ts';
import { problemMessage } from './deploy-message.ts';
import type { DeployMessage } from './deploy-message.ts';
import { CHILD_KINDS, folderType, isKnownType, KINDS, OBJECT_KIND, rootOf } from './kind.ts';
import type { MetadataKind } from './kind.ts';
import { namesComponent, readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { placeOf, readXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Salesforce takes 10,000 files and some 400 MB of them (Metadata API Developer Guide, "Metadata Limits"). */
const MOST_FILES = 10_000;
const MOST_BYTES = 400 * 1024 * 1024;

export interface PackagedComponent extends Component {
  readonly fileName: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface PackageReading {
  readonly components: readonly PackagedComponent[];
  /** Components that are to be removed, with the file that says so. */
  readonly removals: readonly { readonly type: string; readonly fullName: string; readonly fileName: string }[];
  readonly problems: readonly DeployMessage[];
}

/**
 * The package in `zip`, whose files lie at its top or in one folder.
 *
 * @throws Error that says why this is no zip file, or one that is too large.
 */
export function readZipPackage(zip: Uint8Array): PackageReading {
  const files = unpack(zip);
  const root = [...files.keys()].find((name) => /^([^/]+\/)?package\.xml$/.test(name));
  if (root === undefined) {
    const place = { componentType: '', fullName: 'package.xml', fileName: 'package.xml' };
    return { components: [], removals: [], problems: [problemMessage(place, 'No package.xml found')] };
  }
  const base = root.slice(0, -'package.xml'.length);
  const manifestReading = readManifestFile(files, root);
  if ('problem' in manifestReading) return { components: [], removals: [], problems: [manifestReading.problem] };
  const { manifest } = manifestReading;
  const found: PackagedComponent[] = [];
  const problems: DeployMessage[] = [...manifest.types.keys()]
    .filter((type) => !isKnownType(type))
    .map((type) => problemMessage(placeOfManifest(root), `Unknown type name '${type}' specified in package.xml`));
  for (const [fileName, text] of files) {
    const place = placeOfFile(fileName.slice(base.length));
    if (place === null) continue;
    const reading = readComponents(place, fileName, text);
    if ('problem' in reading) problems.push(reading.problem);
    else {
      const named = reading.components.filter((each) => isNamed(manifest, each));
      found.push(...named);
      if (named.length === 0) problems.push(problemMessage({ ...place, componentType: place.type, fileName }, 'Not in package.xml'));
    }
  }
  const removals = ['destructiveChangesPre.xml', 'destructiveChanges.xml', 'destructiveChangesPost.xml'].flatMap((name) =>
    readRemovals(files, base + name, problems),
  );
  return { components: found, removals, problems: [...problems, ...missingOf(manifest, found, problems, root)] };
}

function unpack(zip: Uint8Array): ReadonlyMap<string, string> {
  let count = 0;
  let bytes = 0;
  const files = unzipSync(zip, {
    filter: ({ name, originalSize }) => {
      count += 1;
      bytes += originalSize;
      if (count > MOST_FILES || bytes > MOST_BYTES) throw new Error(`more than ${MOST_FILES} files or ${MOST_BYTES} bytes`);
      return !name.endsWith('/');
    },
  });
  return new Map(Object.entries(files).map(([name, content]) => [name, new TextDecoder().decode(content)]));
}

interface FilePlace {
  readonly kind: MetadataKind;
  readonly type: string;
  readonly fullName: string;
}

/** What the file at `path`, below the package's folder, is; null for files that are none of the kinds that the org keeps. */
function placeOfFile(path: string): FilePlace | null {
  const [folder = '', ...rest] = path.split('/');
  const kind = KINDS.find((each) => each.folder === folder);
  const file = rest.join('/');
  if (kind === undefined || file === '') return null;
  if (file.endsWith(`.${kind.suffix}`)) return { kind, type: kind.type, fullName: file.slice(0, -kind.suffix.length - 1) };
  // A folder is described by a file of its name beside it.
  return kind.inFolder && file.endsWith('-meta.xml')
    ? { kind, type: folderType(kind.type), fullName: file.slice(0, -'-meta.xml'.length) }
    : null;
}

function readComponents(
  { kind, type, fullName }: FilePlace,
  fileName: string,
  text: string,
): { readonly components: readonly PackagedComponent[] } | { readonly problem: DeployMessage } {
  const reading = readXml(text);
  if (reading.kind === 'malformed') {
    const { message, line, column } = reading;
    return { problem: problemMessage({ componentType: type, fullName, fileName, line, column }, `Error parsing file: ${message}`) };
  }
  if (reading.root !== rootOf(type, fullName)) {
    const words = `Error parsing file: Invalid root element '${reading.root}' for a ${type}`;
    return { problem: problemMessage({ componentType: type, fullName, fileName, line: 1, column: 1 }, words) };
  }
  const parts = kind === OBJECT_KIND ? splitObject(fullName, reading.element) : [{ type, fullName, content: reading.element }];
  return { components: parts.map((each) => ({ ...each, fileName, ...whereIs(text, each.content) })) };
}

function whereIs(text: string, element: XmlElement): { readonly line: number | null; readonly column: number | null } {
  return placeOf(text, element) ?? { line: null, column: null };
}

/** An object that is named brings its children; children can be named alone. Folders are named as what they hold. */
function isNamed(manifest: Manifest, { type, fullName }: Component): boolean {
  if (CHILD_KINDS.some((kind) => kind.type === type))
    return namesComponent(manifest, type, fullName) || namesComponent(manifest, 'CustomObject', fullName.split('.', 1)[0] ?? '');
  return namesComponent(manifest, type.replace(/Folder$/, ''), fullName);
}

function missingOf(
  manifest: Manifest,
  found: readonly PackagedComponent[],
  problems: readonly DeployMessage[],
  root: string,
): readonly DeployMessage[] {
  const present = new Set(found.map((each) => componentKey(each.type.replace(/Folder$/, ''), each.fullName)));
  // A file that cannot be read is told once, and what it would have held is not missing besides.
  const unread = new Set(problems.map((each) => each.fullName));
  return [...manifest.types].flatMap(([type, members]) =>
    members
      .filter((name) => name !== '*' && isKnownType(type) && !present.has(componentKey(type, name)))
      .filter((name) => !unread.has(name) && !unread.has(name.split('.', 1)[0] ?? name))
      .map((name) =>
        problemMessage(
          { componentType: type, fullName: name, fileName: root },
          `An object '${name}' of type ${type} was named in package.xml, but was not found in zipped directory`,
        ),
      ),
  );
}

function placeOfManifest(fileName: string) {
  return { componentType: '', fullName: fileName.split('/').at(-1) ?? fileName, fileName };
}

function readManifestFile(
  files: ReadonlyMap<string, string>,
  name: string,
): { readonly manifest: Manifest } | { readonly problem: DeployMessage } {
  const reading = readXml(files.get(name) ?? '');
  if (reading.kind === 'read' && reading.root === 'Package') return { manifest: readManifest(reading.element) };
  const words = reading.kind === 'malformed' ? reading.message : `Invalid root element '${reading.root}'`;
  const place = reading.kind === 'malformed' ? { line: reading.line, column: reading.column } : {};
  return { problem: problemMessage({ ...placeOfManifest(name), ...place }, `Error parsing file: ${words}`) };
}

function readRemovals(files: ReadonlyMap<string, string>, fileName: string, problems: DeployMessage[]): PackageReading['removals'] {
  if (!files.has(fileName)) return [];
  const reading = readManifestFile(files, fileName);
  if ('manifest' in reading)
    return [...reading.manifest.types].flatMap(([type, members]) => members.map((fullName) => ({ type, fullName, fileName })));
  problems.push(reading.problem);
  return [];
}
