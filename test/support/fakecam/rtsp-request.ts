export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Cuts requests out of a client's bytes; interleaved packets (the client's RTCP reports) are passed over. */
export class RtspRequestParser {
  #pending: Buffer = Buffer.alloc(0);

  /** Takes in bytes and gives back the requests that they complete. */
  push(chunk: Buffer): RtspRequest[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const requests: RtspRequest[] = [];
    while (this.#pending.length > 0) {
      if (this.#pending[0] === 0x24) {
        if (this.#pending.length < 4) break;
        const packetBytes = 4 + this.#pending.readUInt16BE(2);
        if (this.#pending.length < packetBytes) break;
        this.#pending = this.#pending.subarray(packetBytes);
        continue;
      }
      const headBytes = this.#pending.indexOf('\r\n\r\n');
      if (headBytes < 0) break;
      const request = parseHead(this.#pending.toString('latin1', 0, headBytes));
      const bodyBytes = Number(request.headers.get('content-length') ?? 0);
      if (this.#pending.length < headBytes + 4 + bodyBytes) break;
      this.#pending = this.#pending.subarray(headBytes + 4 + bodyBytes);
      requests.push(request);
    }
    return requests;
  }
}

function parseHead(head: string): RtspRequest {
  const [requestLine = '', ...headerLines] = head.split('\r\n');
  const [method = '', url = ''] = requestLine.split(' ');
  const headers = new Map<string, string>();
  for (const line of headerLines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, url, headers };
}

const REASONS = new Map([
  [200, 'OK'],
  [302, 'Moved Temporarily'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [454, 'Session Not Found'],
  [461, 'Unsupported Transport'],
]);

/** Writes a response to `request`, its CSeq copied. */
export function formatResponse(
  request: RtspRequest,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const lines = [
    `RTSP/1.0 ${status} ${REASONS.get(status) ?? 'Error'}`,
    `CSeq: ${request.headers.get('cseq') ?? '0'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
