/** Fills the screen with an element, or leaves full screen when it does so already. Nothing happens where the browser refuses. */
export function toggleFullScreen(element: Element): void {
  const change =
    document.fullscreenElement === element ? document.exitFullscreen() : element.requestFullscreen();
  // Refused on some phones, and within frames: the key or button just does nothing there.
  change.catch((error: unknown) => console.info('full screen was refused:', error));
}
