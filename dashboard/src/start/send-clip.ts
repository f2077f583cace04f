import type { UploadView } from '../../../src/server/protocol.js';
import { requestJson } from '../request.js';

const ADDRESS = '/api/v1/uploads';

/** Sends a video to the server piece by piece; resolves to what it is, with the `source` of a camera that plays it. Throws `RequestFault`. */
export async function sendClip(
  file: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<NonNullable<UploadView['clip']>> {
  let upload = await requestJson<UploadView>(ADDRESS, { method: 'POST', body: { bytes: file.size }, signal });
  while (upload.clip === undefined) {
    const { id, received, pieceBytes } = upload;
    const piece = file.slice(received, received + pieceBytes, 'application/octet-stream');
    upload = await requestJson<UploadView>(`${ADDRESS}/${id}?from=${received}`, {
      method: 'PUT',
      body: piece,
      signal,
    });
    onProgress(upload.received / upload.bytes);
  }
  return upload.clip;
}
