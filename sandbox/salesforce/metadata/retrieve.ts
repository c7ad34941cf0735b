/** Packs components into a zip file, as they were asked for. Source: Metadata API Developer Guide, "retrieve()". */

import { zipSync } from 'fflate';
import { joinObject, objectNameOf } from './component.ts';
import type { Component, Components } from './component.ts';
import { CHILD_KINDS, folderType, KINDS, OBJECT_KIND, rootOf } from './kind.ts';
import type { Manifest } from './manifest.ts';
import { namesComponent } from './manifest.ts';
import type { KeptComponent } from './org-metadata.ts';
import { writeXml } from './xml.ts';

export interface RetrieveRequest {
  readonly manifest: Manifest;
  /** The files lie at the top of the zip instead of in `unpackaged`. */
  readonly singlePackage: boolean;
  readonly apiVersion: string;
}

export interface RetrievedFile {
  readonly fileName: string;
  readonly component: KeptComponent;
}

export interface RetrievedPackage {
  readonly zip: Uint8Array;
  readonly files: readonly RetrievedFile[];
  /** What was asked for by name and is not there. */
  readonly messages: readonly { readonly fileName: string; readonly problem: string }[];
}

/** Zip files carry a time; a fixed one makes equal content equal files. */
const ZIP_TIME = '2000-01-01T00:00:00Z';

export function retrievePackage(components: ReadonlyMap<string, KeptComponent>, request: RetrieveRequest): RetrievedPackage {
  const base = request.singlePackage ? '' : 'unpackaged/';
  const wanted = [...components.values()].filter((each) => isWanted(request.manifest, each)).toSorted(byName);
  const files = wanted.map((component) => ({ fileName: base + fileNameOf(component), component }));
  const contents = new Map<string, string>([[`${base}package.xml`, manifestXml(request.manifest, wanted)]]);
  for (const { fileName, component } of files) {
    if (!isOfObject(component)) contents.set(fileName, writeXml(rootOf(component.type, component.fullName), component.content));
    else if (!contents.has(fileName)) contents.set(fileName, objectXml(wanted, objectNameOf(component)));
  }
  return {
    zip: zipSync(Object.fromEntries([...contents].map(([name, text]) => [name, new TextEncoder().encode(text)])), { mtime: ZIP_TIME }),
    files,
    messages: missingIn(components, request.manifest).map(({ type, name }) => ({
      fileName: `${base}package.xml`,
      problem: `Entity of type '${type}' named '${name}' cannot be found`,
    })),
  };
}

/** Below the package's folder, such as `objects/Deal_Registration__c.object`. */
export function fileNameOf(component: Component): string {
  if (isOfObject(component)) return `objects/${objectNameOf(component)}.object`;
  const kind = KINDS.find((each) => each.type === component.type);
  if (kind !== undefined) return `${kind.folder}/${component.fullName}.${kind.suffix}`;
  const holder = KINDS.find((each) => folderType(each.type) === component.type);
  return `${holder?.folder ?? 'unknown'}/${component.fullName}-meta.xml`;
}

function isOfObject({ type }: Component): boolean {
  return type === OBJECT_KIND.type || CHILD_KINDS.some((kind) => kind.type === type);
}

/** An object that is named brings what belongs to it, as `CustomObject` does; a folder is named as what it holds. */
function isWanted(manifest: Manifest, component: Component): boolean {
  const { type, fullName } = component;
  if (CHILD_KINDS.some((kind) => kind.type === type))
    return namesComponent(manifest, type, fullName) || namesObject(manifest, objectNameOf(component));
  if (type === OBJECT_KIND.type) return namesObject(manifest, fullName);
  return (
    namesComponent(manifest, type, fullName) || (type.endsWith('Folder') && namesComponent(manifest, type.replace(/Folder$/, ''), fullName))
  );
}

/** `*` stands for custom objects alone; standard ones are named. */
function namesObject(manifest: Manifest, name: string): boolean {
  const members = manifest.types.get(OBJECT_KIND.type) ?? [];
  return members.includes(name) || (members.includes('*') && name.endsWith('__c'));
}

function missingIn(components: Components, manifest: Manifest): readonly { readonly type: string; readonly name: string }[] {
  const present = new Set(
    [...components.values()].flatMap((each) => [
      `${each.type}/${each.fullName}`,
      `${each.type.replace(/Folder$/, '')}/${each.fullName}`,
      // A standard object is there without a component of its own.
      ...(isOfObject(each) ? [`${OBJECT_KIND.type}/${objectNameOf(each)}`] : []),
    ]),
  );
  return [...manifest.types].flatMap(([type, members]) =>
    members.filter((name) => name !== '*' && !present.has(`${type}/${name}`)).map((name) => ({ type, name })),
  );
}

function objectXml(wanted: readonly Component[], name: string): string {
  const own = wanted.filter((each) => isOfObject(each) && objectNameOf(each) === name);
  const object = own.find((each) => each.type === OBJECT_KIND.type) ?? null;
  return writeXml(
    OBJECT_KIND.type,
    joinObject(
      object,
      own.filter((each) => each !== object),
    ),
  );
}

function manifestXml(manifest: Manifest, wanted: readonly Component[]): string {
  // Folders are named among what they hold.
  const named = wanted.map(({ type, fullName }) => ({ type: type.replace(/Folder$/, ''), fullName }));
  const types = [...new Set(named.map((each) => each.type))].toSorted().map((name) => ({
    members: named.filter((each) => each.type === name).map((each) => each.fullName),
    name,
  }));
  return writeXml('Package', { types, version: manifest.version ?? '' });
}

function byName(a: Component, b: Component): number {
  return `${a.type}/${a.fullName}` < `${b.type}/${b.fullName}` ? -1 : 1;
}
