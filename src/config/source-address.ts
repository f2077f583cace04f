import path from 'node:path';

/** A clip that the server was sent: `upload:ID`. */
const UPLOAD = /^upload:([a-z0-9-]{1,64})$/;
/** The webcam of a browser, which sends its pictures: `webcam:ID`. */
const WEBCAM = /^webcam:[a-z0-9-]{1,64}$/;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** Whether a source names a clip that the server was sent. */
export function isUpload(source: string): boolean {
  return UPLOAD.test(source);
}

/** Whether a source names the webcam of a browser. */
export function isWebcam(source: string): boolean {
  return WEBCAM.test(source);
}

/** Where a clip lies that the server was sent, in the data folder. */
export function uploadPath(dataDir: string, id: string): string {
  return path.join(dataDir, 'uploads', id);
}

/** A source as FFmpeg takes it: an address, or the path of a file, which is taken from `baseDir` where it is relative. */
export function sourceOf(source: string, baseDir: string, dataDir: string): string {
  const upload = UPLOAD.exec(source)?.[1];
  if (upload !== undefined) return uploadPath(dataDir, upload);
  return HAS_SCHEME.test(source) ? source : path.resolve(baseDir, source);
}
