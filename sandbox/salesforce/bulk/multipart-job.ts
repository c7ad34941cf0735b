/** A job and its data in one call. Source: Bulk API 2.0 Developer Guide, "Bulk Insert with a Multipart Request". */

/** Larger data has to be uploaded by itself. */
export const MOST_MULTIPART_CHARS = 100_000;

export interface MultipartJob {
  /** The text of the part `job`, which is JSON. */
  readonly job: string;
  /** The text of the part `content`. */
  readonly content: string;
}

/** The parts `job` and `content` of a multipart body; null where either is missing, or the content type names no boundary. */
export function readMultipartJob(contentType: string, body: string): MultipartJob | null {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return null;
  const parts = new Map(
    `\n${body}`
      .split(`\n--${mark}`)
      .slice(1)
      .flatMap((text): (readonly [string, string])[] => {
        const [, head = '', content = ''] = /^[^\n]*\n([^]*?)\r?\n\r?\n([^]*)$/.exec(text) ?? [];
        const name = /content-disposition:[^\n]*[\s;]name="?([^";\r\n]+)"?/i.exec(head)?.[1];
        return name === undefined ? [] : [[name, content.replace(/\r$/, '')]];
      }),
  );
  const job = parts.get('job');
  const content = parts.get('content');
  return job === undefined || content === undefined ? null : { job, content };
}
