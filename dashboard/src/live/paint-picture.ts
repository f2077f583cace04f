import { fitContain, type Place, type Size } from './picture-fit.js';

/**
 * Paints the picture that a video shows now over it, and leaves the context in CSS px for what lies above.
 *
 * @param canvas lies exactly over the video, which shows its picture with `object-fit: contain`
 * @returns where the picture is within the canvas, and the canvas's size
 */
export function paintPicture(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  video: HTMLVideoElement,
): { readonly picture: Place; readonly size: Size } {
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const scale = window.devicePixelRatio;
  const width = Math.round(size.width * scale);
  const height = Math.round(size.height * scale);
  // Setting the size, even to what it is, makes the browser allocate anew.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  const picture = fitContain(size, { width: video.videoWidth, height: video.videoHeight });
  context.drawImage(video, picture.x, picture.y, picture.width, picture.height);
  return { picture, size };
}
