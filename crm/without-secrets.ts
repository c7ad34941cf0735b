/** `text` without any of `secrets`, whatever a token endpoint, or a proxy before it, repeats. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '(secret)'), text);
}
