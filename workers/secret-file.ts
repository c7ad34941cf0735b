import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with each secret of `names` that stands in a file: where `NAME_FILE` is set, the content of that file is `NAME`, without the line break at
 * its end. Problems are sentences that begin with the variable's name; neither a secret nor a path is repeated in them.
 */
export function withSecretFiles(
  environment: Environment,
  names: readonly string[],
): { readonly given: Environment; readonly problems: readonly string[] } {
  const given: Record<string, string | undefined> = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const path = environment[`${name}_FILE`];
    if (path === undefined) continue;
    if (environment[name] !== undefined) {
      problems.push(`${name}_FILE is set, and so is ${name}; set one of the two`);
      continue;
    }
    const content = readSecret(path);
    if (content.kind === 'secret') given[name] = content.text;
    else problems.push(`${name}_FILE ${content.problem}; expected the path of a file that this process can read, with the secret in it`);
  }
  return { given, problems };
}

type Reading = { readonly kind: 'secret'; readonly text: string } | { readonly kind: 'unread'; readonly problem: string };

function readSecret(path: string): Reading {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? { kind: 'unread', problem: 'names an empty file' } : { kind: 'secret', text };
  } catch (error) {
    return { kind: 'unread', problem: `names a file that cannot be read (${(error as { readonly code?: string }).code ?? 'no reason'})` };
  }
}
