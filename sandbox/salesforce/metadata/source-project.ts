/** Reads a Salesforce DX project in source format: what an org would have after the project was deployed. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Component } from './component.ts';
import { CHILD_KINDS, folderType, KINDS, rootOf } from './kind.ts';
import { readXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/**
 * Everything that the project at `root` ships and the org keeps, objects first, each kind in the order of its names.
 *
 * @throws Error that names the folder or file which is missing or not of the format.
 */
export function readSourceProject(root: string): readonly Component[] {
  const folder = packageFolder(root);
  if (folder === null) throw new Error(`No object definitions under ${root}; expected a Salesforce DX project with objects/`);
  return KINDS.flatMap((kind) => {
    const place = join(folder, kind.folder);
    if (kind.folder === 'objects') return foldersIn(place).flatMap((name) => readObjectFolder(join(place, name), name));
    return readFiles(place, kind.suffix, kind.type, kind.inFolder ? folderType(kind.type) : null);
  });
}

/** The package folder, its `main/default`, or the project itself; null where there are no objects. */
function packageFolder(root: string): string | null {
  const places = ['objects', 'default/objects', 'main/default/objects', 'force-app/main/default/objects'];
  const objects = places.map((place) => join(root, place)).find((folder) => existsSync(folder));
  return objects === undefined ? null : dirname(objects);
}

function readObjectFolder(folder: string, name: string): readonly Component[] {
  const file = join(folder, `${name}.object-meta.xml`);
  const object = existsSync(file) ? [{ type: 'CustomObject', fullName: name, content: readFile(file, 'CustomObject') }] : [];
  const children = CHILD_KINDS.flatMap((kind) =>
    readFiles(join(folder, kind.folder), kind.suffix, kind.type, null).map((each) => ({ ...each, fullName: `${name}.${each.fullName}` })),
  );
  return [...object, ...children];
}

/** `ofFolders`: the type of the files that describe folders, where the kind has such. */
function readFiles(folder: string, suffix: string, type: string, ofFolders: string | null): readonly Component[] {
  if (!existsSync(folder)) return [];
  const read = (ending: string, of: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => {
        const fullName = file.slice(0, -ending.length);
        return { type: of, fullName, content: readFile(join(folder, file), rootOf(of, fullName)) };
      });
  const folders = ofFolders === null ? [] : read(`.${suffix}Folder-meta.xml`, ofFolders);
  return [...folders, ...read(`.${suffix}-meta.xml`, type)];
}

function readFile(file: string, root: string): XmlElement {
  const reading = readXml(readFileSync(file, 'utf8'));
  if (reading.kind === 'malformed') throw new Error(`${file} is not XML: line ${reading.line}: ${reading.message}`);
  if (reading.root !== root) throw new Error(`${basename(file)} is not a ${root} in source format: its element is ${reading.root}`);
  return reading.element;
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
