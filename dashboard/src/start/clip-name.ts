/** A name for the camera that plays a file: the file's own, as far as a camera may be called so. */
export function cameraNameOf(fileName: string): string {
  const name = fileName
    .toLowerCase()
    .replace(/\.[a-z0-9]{1,5}$/, '')
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return name === '' ? 'clip' : name;
}
